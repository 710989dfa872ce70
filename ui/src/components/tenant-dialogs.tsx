// What a technician sets for one tenant, and taking a tenant away (by typing its name).
import { Combobox, Field, Input, Option, Text } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useGo } from "../address";
import { commands, type TenantOverview, type TenantRow, type TenantSettings } from "../bindings";
import { useDoing } from "../data/actions";
import { ask } from "../data/ipc";
import { FormDialog } from "./form-dialog";
import { cleanName } from "./names";
import { useSay } from "./say";

function allZones(): string[] {
  return typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
}

export function TenantSettingsDialog({ overview, close }: { overview: TenantOverview; close: () => void }) {
  const say = useSay();
  const { tenant } = overview;
  const [group, setGroup] = useState(overview.breakGlass.group ?? "");
  const [zone, setZone] = useState(tenant.timeZone);
  const zones = useMemo(allZones, []);
  const fitting = zones.filter((each) => each.toLowerCase().includes(zone.toLowerCase().replace(/ /g, "_")));
  const knownZone = zones.length === 0 || zones.includes(zone) || zone === tenant.timeZone;
  const saving = useDoing(
    (settings: TenantSettings) => ask(commands.tenantSet(tenant.id, settings)),
    () => [tenant.id],
    () => {
      say("The tenant's settings are saved");
      close();
    },
  );
  const save = () => {
    const settings: TenantSettings = {};
    if (group.trim() !== (overview.breakGlass.group ?? "")) settings.breakGlassGroup = group.trim();
    if (zone !== tenant.timeZone) settings.timeZone = zone;
    if (Object.keys(settings).length === 0) close();
    else saving.mutate(settings);
  };
  return (
    <FormDialog
      title={
        <>
          Settings of <bdi dir="auto">{cleanName(tenant.displayName)}</bdi>
        </>
      }
      confirm="Save"
      ready={knownZone}
      busy={saving.isPending}
      close={close}
      run={save}
    >
      <Field
        label="Break-glass group"
        hint="The group that holds the emergency access accounts: its name or id. Its members' sign-ins and every change of the group raise critical alerts."
      >
        <Input value={group} onChange={(_, data) => setGroup(data.value)} placeholder="Break-glass accounts" />
      </Field>
      <Field
        label="Time zone"
        hint="Of the customer: ends of time-bound access and quiet hours are said in it."
        {...(knownZone ? {} : { validationMessage: "There is no such time zone" })}
      >
        <Combobox
          freeform
          value={zone}
          selectedOptions={[zone]}
          onChange={(event) => setZone(event.target.value)}
          onOptionSelect={(_, data) => data.optionValue && setZone(data.optionValue)}
        >
          {(fitting.length > 0 && zone !== tenant.timeZone ? fitting : zones).slice(0, 60).map((each) => (
            <Option key={each} value={each}>
              {each}
            </Option>
          ))}
        </Combobox>
      </Field>
    </FormDialog>
  );
}

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
