// The questions before an act on a change: each says what happens, to whom, and what can be taken back.
import { Field, Input, makeStyles, Text, Textarea, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { ChangeDetail, FieldChange } from "../../../bindings";
import { FieldChanges } from "../../../components/field-changes";
import { FormDialog } from "../../../components/form-dialog";
import { cleanName } from "../../../components/names";
import { fullTime, sentence } from "../../../components/words";
import { useSettings, useTenants } from "../../../data/queries";
import { clockIn, knownZone, momentIn, nextAt } from "./zoned";

const useStyles = makeStyles({
  strong: { overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  change: ChangeDetail;
  busy: boolean;
  close: () => void;
}

function About({ change }: { change: ChangeDetail }) {
  const styles = useStyles();
  return (
    <Text className={styles.strong} weight="semibold">
      <bdi dir="auto">{cleanName(change.row.tenant.displayName)}</bdi>: {sentence(cleanName(change.row.title))}
    </Text>
  );
}

export function ApplyDialog({ change, busy, close, run }: Props & { run: () => void }) {
  return (
    <FormDialog title="Apply this change?" confirm="Apply" busy={busy} close={close} run={run}>
      <About change={change} />
      <Text>
        Gatehouse reads it again first and stops if somebody changed it since the dry run. Then one write goes to the
        tenant, and it is read back until it shows.
      </Text>
    </FormDialog>
  );
}

export function ApproveDialog({ change, busy, close, run }: Props & { run: (note: string | null) => void }) {
  const [note, setNote] = useState("");
  const me = useSettings().data?.technician ?? "";
  return (
    <FormDialog
      title="Approve this change"
      confirm="Approve"
      busy={busy}
      close={close}
      run={() => run(note.trim() || null)}
    >
      <About change={change} />
      <Text>
        <bdi dir="auto">{cleanName(change.row.requestedBy)}</bdi> asked for it
        {change.row.reason && <>: {sentence(cleanName(change.row.reason))}</>} You approve it as{" "}
        <b>
          <bdi dir="auto">{cleanName(me) || "nobody: name yourself in the settings"}</bdi>
        </b>
        .
      </Text>
      <Field label="Note (optional)" hint="It goes into the audit log.">
        <Textarea autoFocus rows={2} value={note} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </FormDialog>
  );
}

export function CancelDialog({ change, busy, close, run }: Props & { run: (note: string | null) => void }) {
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title="Cancel this change"
      confirm="Cancel the change"
      dismiss="Keep it"
      busy={busy}
      close={close}
      run={() => run(note.trim() || null)}
    >
      <About change={change} />
      <Field label="Why (optional)" hint="It stays in the list as cancelled. Nothing was written to the tenant.">
        <Textarea autoFocus rows={2} value={note} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </FormDialog>
  );
}

const turned: Record<string, string> = { weakens: "strengthens", strengthens: "weakens" };
const back = (change: FieldChange): FieldChange => ({
  ...change,
  before: change.after,
  after: change.before,
  effect: turned[change.effect] ?? change.effect,
});

export function RollbackDialog({ change, busy, close, run }: Props & { run: () => void }) {
  const name = <bdi dir="auto">{cleanName(change.targetName)}</bdi>;
  return (
    <FormDialog title="Roll back this change?" confirm="Roll back" busy={busy} close={close} run={run}>
      <Text>
        {change.before === null ? (
          <>It deletes {name}, which this change made.</>
        ) : change.after === null ? (
          <>It brings back {name} as it was before it was deleted.</>
        ) : (
          <>It brings {name} back to how it was before this change.</>
        )}{" "}
        Gatehouse stops if somebody changed it since.
      </Text>
      {change.before !== null && change.after !== null && <FieldChanges changes={change.differences.map(back)} />}
    </FormDialog>
  );
}

export function ScheduleDialog({ change, busy, close, run, now }: Props & { run: (at: string) => void; now: Date }) {
  const styles = useStyles();
  const row = useTenants().data?.find((each) => each.id === change.row.tenant.id);
  const zone = knownZone(row?.timeZone ?? "UTC");
  const [clock, setClock] = useState<string | null>(null);
  const shown = clock ?? nextAt(22, now, zone);
  const at = momentIn(shown, zone);
  const wrong = at === null ? "This time does not exist there" : at <= now ? "This time is past" : null;
  return (
    <FormDialog
      title="Apply later"
      confirm="Schedule"
      ready={wrong === null}
      busy={busy}
      close={close}
      run={() => at && run(at.toISOString())}
    >
      <About change={change} />
      <Field
        label={`When, on the customer's clock (${zone.replaceAll("_", " ")})`}
        required
        hint={`There it is ${clockIn(now, zone).slice(11)} now.`}
        {...(wrong ? { validationMessage: wrong } : {})}
      >
        <Input type="datetime-local" value={shown} onChange={(_, data) => setClock(data.value)} />
      </Field>
      {at && (
        <Text size={200} className={styles.quiet}>
          Here that is {fullTime(at)}.
        </Text>
      )}
      <Text className={styles.quiet}>
        It is applied only while Gatehouse runs: leave this computer on. Before it is applied a new dry run is made, and
        what stops then stops it.
      </Text>
    </FormDialog>
  );
}
