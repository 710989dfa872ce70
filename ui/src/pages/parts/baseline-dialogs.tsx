// The questions about baselines: from which tenant, for which tenants, what name, and whether to remove it.
import { Checkbox, Dropdown, Field, Input, makeStyles, SearchBox, Text } from "@fluentui/react-components";
import { useState } from "react";
import type { BaselineRow } from "../../bindings";
import { FormDialog } from "../../components/form-dialog";
import { cleanName } from "../../components/names";
import { tenantOptions } from "../../components/pick";
import { counted } from "../../components/words";
import { useTenants } from "../../data/queries";
import { useAssignBaseline, useRemoveBaseline, useRenameBaseline, useTakeBaseline } from "./baseline-actions";

const useStyles = makeStyles({
  tenants: { display: "grid", maxHeight: "320px", overflowY: "auto" },
});

export function FromTenantDialog({ tenant: given, close }: { tenant?: string; close: () => void }) {
  const tenants = useTenants().data ?? [];
  const [tenant, setTenant] = useState(given ?? "");
  const [name, setName] = useState("");
  const taking = useTakeBaseline(close);
  const chosen = tenants.find((row) => row.id === tenant);
  return (
    <FormDialog
      title="Take a baseline from a tenant"
      confirm="Take it"
      busy={taking.isPending}
      ready={tenant !== ""}
      run={() => taking.mutate({ tenant, name: name.trim() })}
      close={close}
    >
      <Text>
        Its policies as they are now become controls that other tenants can be held to. Later changes of the tenant do
        not change the baseline.
      </Text>
      <Field label="Tenant">
        <Dropdown
          value={chosen ? cleanName(chosen.displayName) : ""}
          placeholder="Choose a tenant"
          selectedOptions={[tenant]}
          onOptionSelect={(_, data) => setTenant(data.optionValue ?? "")}
        >
          {tenantOptions(tenants)}
        </Dropdown>
      </Field>
      <Field label="Name">
        <Input
          value={name}
          placeholder={chosen ? cleanName(chosen.displayName) : "The tenant's name"}
          onChange={(_, data) => setName(data.value)}
        />
      </Field>
    </FormDialog>
  );
}

export function AssignDialog({ baseline, close }: { baseline: BaselineRow; close: () => void }) {
  const styles = useStyles();
  const tenants = useTenants().data ?? [];
  const held = new Set(baseline.tenants.map((tenant) => tenant.id));
  const free = tenants.filter((row) => !held.has(row.id));
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const assigning = useAssignBaseline(baseline.id, close);
  const shown = free.filter((row) => row.displayName.toLowerCase().includes(text.toLowerCase()));
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const allShown = shown.length > 0 && shown.every((row) => chosen.has(row.id));
  return (
    <FormDialog
      title="Hold tenants to this baseline"
      confirm={chosen.size === 0 ? "Assign" : `Assign to ${counted(chosen.size, "tenant")}`}
      busy={assigning.isPending}
      ready={chosen.size > 0}
      run={() => assigning.mutate([...chosen])}
      close={close}
    >
      {free.length === 0 ? (
        <Text>Every tenant is held to it already.</Text>
      ) : (
        <>
          <Text>Each leaves the baseline that it is held to now, and is judged anew at once.</Text>
          {free.length > 8 && (
            <SearchBox placeholder="Filter tenants" value={text} onChange={(_, data) => setText(data.value)} />
          )}
          <div className={styles.tenants}>
            <Checkbox
              label={text ? "All that are shown" : "The whole fleet"}
              checked={allShown ? true : chosen.size > 0 ? "mixed" : false}
              onChange={() => setChosen(allShown ? new Set() : new Set([...chosen, ...shown.map((row) => row.id)]))}
            />
            {shown.map((row) => (
              <Checkbox
                key={row.id}
                label={<bdi dir="auto">{cleanName(row.displayName)}</bdi>}
                checked={chosen.has(row.id)}
                onChange={() => toggle(row.id)}
              />
            ))}
          </div>
        </>
      )}
    </FormDialog>
  );
}

export function RenameDialog({ baseline, close }: { baseline: BaselineRow; close: () => void }) {
  const [name, setName] = useState(baseline.name);
  const renaming = useRenameBaseline(baseline.id, close);
  return (
    <FormDialog
      title="Rename the baseline"
      confirm="Rename"
      busy={renaming.isPending}
      ready={name.trim() !== "" && name.trim() !== baseline.name}
      run={() => renaming.mutate(name.trim())}
      close={close}
    >
      <Field label="Name">
        <Input value={name} onChange={(_, data) => setName(data.value)} />
      </Field>
    </FormDialog>
  );
}

export function RemoveBaselineDialog({ baseline, close }: { baseline: BaselineRow; close: () => void }) {
  const removing = useRemoveBaseline(baseline.id, close);
  return (
    <FormDialog
      title={`Remove ${cleanName(baseline.name)}?`}
      confirm="Remove"
      busy={removing.isPending}
      run={() => removing.mutate(undefined)}
      close={close}
    >
      <Text>
        {baseline.tenants.length === 0
          ? "No tenant is held to it."
          : `${counted(baseline.tenants.length, "tenant")} held to it will be held to the built-in baseline.`}{" "}
        The policies that it was made of stay where they are.
      </Text>
    </FormDialog>
  );
}
