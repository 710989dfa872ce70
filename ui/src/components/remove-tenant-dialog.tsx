// Taking a tenant away, by typing its name.
import { Field, Input, Text } from "@fluentui/react-components";
import { useState } from "react";
import { useGo } from "../address";
import { commands, type TenantRow } from "../bindings";
import { useDoing } from "../data/actions";
import { ask } from "../data/ipc";
import { FormDialog } from "./form-dialog";
import { cleanName } from "./names";
import { useSay } from "./say";

export function RemoveTenantDialog({ tenant, close }: { tenant: TenantRow; close: () => void }) {
  const say = useSay();
  const go = useGo();
  const [typed, setTyped] = useState("");
  const name = cleanName(tenant.displayName);
  const removing = useDoing(
    () => ask(commands.tenantRemove(tenant.id)),
    () => [null],
    () => {
      go("/tenants", { replace: true });
      say(`${name} is removed`);
    },
  );
  return (
    <FormDialog
      title={
        <>
          Remove <bdi dir="auto">{name}</bdi>
        </>
      }
      confirm="Remove"
      ready={typed.trim() === name}
      busy={removing.isPending}
      close={close}
      run={() => removing.mutate(undefined)}
    >
      <Text>
        Everything that Gatehouse synced of this tenant is deleted from this computer, with its alerts and its stored
        credentials. The tenant itself is not touched. The audit log keeps that it was here.
      </Text>
      <Field label={`Type ${name} to confirm`}>
        <Input value={typed} onChange={(_, data) => setTyped(data.value)} autoFocus dir="auto" />
      </Field>
    </FormDialog>
  );
}
