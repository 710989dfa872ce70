// What a technician sets for one tenant: who its break-glass accounts are, its time zone, and the rules for changing it.
import {
  Combobox,
  Divider,
  Field,
  Input,
  makeStyles,
  Option,
  Subtitle2,
  Switch,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { commands, type TenantOverview, type TenantRow, type TenantSettings } from "../bindings";
import { useDoing } from "../data/actions";
import { ask } from "../data/ipc";
import { useAppStatus } from "../data/queries";
import { FormDialog } from "./form-dialog";
import { cleanName } from "./names";
import { useSay } from "./say";

const useStyles = makeStyles({
  rules: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  hint: { color: tokens.colorNeutralForeground2 },
});

function allZones(): string[] {
  return typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
}

/** The rules for acting on a tenant as the form holds them. */
export type RulesForm = { writes: boolean; ticket: string; second: boolean; technicians: string };

export const rulesOf = (tenant: TenantRow): RulesForm => ({
  writes: tenant.writes,
  ticket: tenant.ticketPattern ?? "",
  second: tenant.secondApproval,
  technicians: tenant.technicians.join(", "),
});

/** Only what differs from what the tenant has: what is absent stays. */
export function changedRules(tenant: TenantRow, form: RulesForm): TenantSettings {
  const before = rulesOf(tenant);
  const changed: TenantSettings = {};
  if (form.writes !== before.writes) changed.writes = form.writes;
  if (form.ticket.trim() !== before.ticket) changed.ticketPattern = form.ticket.trim();
  if (form.second !== before.second) changed.secondApproval = form.second;
  const names = form.technicians
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.join(", ") !== before.technicians) changed.technicians = names;
  return changed;
}

export function TenantSettingsDialog({ overview, close }: { overview: TenantOverview; close: () => void }) {
  const say = useSay();
  const styles = useStyles();
  const { tenant } = overview;
  const [group, setGroup] = useState(overview.breakGlass.group ?? "");
  const [zone, setZone] = useState(tenant.timeZone);
  const [rules, setRules] = useState(() => rulesOf(tenant));
  const zones = useMemo(allZones, []);
  const fitting = zones.filter((each) => each.toLowerCase().includes(zone.toLowerCase().replace(/ /g, "_")));
  const knownZone = zones.length === 0 || zones.includes(zone) || zone === tenant.timeZone;
  const saving = useDoing(
    (settings: TenantSettings) => ask(commands.tenantSet(tenant.id, settings)),
    () => [tenant.id],
    (row) => {
      const missing = row.missingWritePermissions.length > 0;
      say(
        missing
          ? "The tenant's settings are saved. Writing needs permissions that are not granted yet"
          : "The tenant's settings are saved",
      );
      close();
    },
  );
  const me = useAppStatus().data?.technician ?? "";
  const others = changedRules(tenant, rules).technicians ?? tenant.technicians;
  const leavesMeOut = others.length > 0 && !others.some((name) => name.toLowerCase() === me.toLowerCase());
  const save = () => {
    const settings: TenantSettings = changedRules(tenant, rules);
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
      <Divider />
      <div className={styles.rules} role="group" aria-label="Changing this tenant">
        <Subtitle2 as="h3">Changing this tenant</Subtitle2>
        <Switch
          checked={rules.writes}
          onChange={(_, data) => setRules({ ...rules, writes: data.checked })}
          label="Gatehouse may write to this tenant"
        />
        <Text size={200} className={styles.hint}>
          Off, Gatehouse only reads. On, it asks for two more permissions: to change Conditional Access and to change
          who is in a group. Nothing is written without a dry run and a person.
        </Text>
        <Field
          label="Ticket number"
          hint="A regular expression that every change's ticket has to fit, such as T-\d+. Empty: no ticket is demanded."
        >
          <Input
            value={rules.ticket}
            onChange={(_, data) => setRules({ ...rules, ticket: data.value })}
            spellCheck={false}
            placeholder="T-\d+"
          />
        </Field>
        <Switch
          checked={rules.second}
          onChange={(_, data) => setRules({ ...rules, second: data.checked })}
          label="A second technician has to approve every change"
        />
        <Field
          label="Technicians who may act"
          hint="Their names as in Settings, with commas between. Empty: every technician."
          {...(leavesMeOut
            ? {
                validationState: "warning" as const,
                validationMessage: `${me} is not among them: you could then neither change this tenant nor these rules.`,
              }
            : {})}
        >
          <Input value={rules.technicians} onChange={(_, data) => setRules({ ...rules, technicians: data.value })} />
        </Field>
      </div>
    </FormDialog>
  );
}
