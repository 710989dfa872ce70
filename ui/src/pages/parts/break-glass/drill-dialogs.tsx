// The questions about a drill: when and of which account, how it went, whether to take it back. A refusal is said in the dialog, where the
// fields still stand.
import {
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Radio,
  RadioGroup,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import type { BreakGlassView, Drill } from "../../../bindings";
import { FormDialog } from "../../../components/form-dialog";
import { ProblemBar } from "../../../components/problem-view";
import { clockWords } from "../../../components/words";
import { useCancelDrill, useFinishDrill, usePlanDrill } from "../../../data/break-glass";
import { problemOf } from "../../../data/ipc";
import { useTenants } from "../../../data/queries";
import { clockIn, knownZone, momentIn } from "../change/zoned";
import { nameOf } from "./accounts";
import { drillAbout } from "./drills";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  times: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(200px, 1fr))",
    gap: tokens.spacingHorizontalM,
  },
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ALL = "all";

/** Why a window cannot be; null where it can. The shell holds to the same rules. */
export function windowProblem(
  begins: Date | null,
  ends: Date | null,
  now: Date,
): { begins?: string; ends?: string } | null {
  const gone = "This time does not exist on the customer's clock";
  if (begins === null) return { begins: gone };
  if (ends === null) return { ends: gone };
  if (begins.getTime() < now.getTime() - 5 * MINUTE)
    return { begins: "This is past: what happened before a drill was planned stays an alert" };
  if (ends <= begins) return { ends: "The end is not after the beginning" };
  if (ends.getTime() - begins.getTime() > 24 * HOUR)
    return { ends: "At most 24 hours: inside the window every sign-in is only information" };
  return null;
}

export function PlanDialog({ view, now, close }: { view: BreakGlassView; now: Date; close: () => void }) {
  const styles = useStyles();
  const zone = knownZone(view.timeZone);
  const pattern = useTenants().data?.find((row) => row.id === view.tenant)?.ticketPattern ?? null;
  const [account, setAccount] = useState(ALL);
  const [opened] = useState(now);
  const [from, setFrom] = useState(() => clockIn(opened, zone));
  const [until, setUntil] = useState(() => clockIn(new Date(opened.getTime() + 2 * HOUR), zone));
  const [reason, setReason] = useState("");
  const [ticket, setTicket] = useState("");
  const planning = usePlanDrill(close);
  const begins = momentIn(from, zone);
  const ends = momentIn(until, zone);
  const wrong = windowProblem(begins, ends, now);
  const chosen = view.accounts.find(({ person }) => person.id === account);
  const ready = wrong === null && reason.trim() !== "" && (pattern === null || ticket.trim() !== "");
  const run = () => {
    if (!begins || !ends) return;
    planning.mutate({
      tenant: view.tenant,
      account: chosen ? chosen.person.id : null,
      startsAt: begins.toISOString(),
      endsAt: ends.toISOString(),
      reason: reason.trim(),
      ticket: ticket.trim() || null,
    });
  };
  return (
    <FormDialog
      title="Plan a drill"
      confirm="Plan the drill"
      ready={ready}
      busy={planning.isPending}
      close={close}
      run={run}
    >
      {planning.error && <ProblemBar problem={problemOf(planning.error)} />}
      <Text>
        Inside its window a sign-in of the account is information instead of a critical alert. Sign in with it once,
        then record here how it went.
      </Text>
      <Field label="Account">
        <Dropdown
          value={chosen ? nameOf(chosen.person) : "Every break-glass account"}
          selectedOptions={[account]}
          onOptionSelect={(_, data) => setAccount(data.optionValue ?? ALL)}
        >
          <Option value={ALL}>Every break-glass account</Option>
          {view.accounts.map(({ person }) => (
            <Option key={person.id} value={person.id} text={nameOf(person)}>
              <bdi dir="auto">{nameOf(person)}</bdi>
            </Option>
          ))}
        </Dropdown>
      </Field>
      <div className={styles.times}>
        <Field label="Begins" required {...(wrong?.begins ? { validationMessage: wrong.begins } : {})}>
          <Input type="datetime-local" value={from} onChange={(_, data) => setFrom(data.value)} />
        </Field>
        <Field label="Ends" required {...(wrong?.ends ? { validationMessage: wrong.ends } : {})}>
          <Input type="datetime-local" value={until} onChange={(_, data) => setUntil(data.value)} />
        </Field>
      </div>
      <Text size={200} className={styles.quiet}>
        On the customer's clock ({zone.replaceAll("_", " ")}), where it is {clockIn(now, zone).slice(11)} now.
      </Text>
      <Field label="Reason" required hint="It goes into the audit log.">
        <Input value={reason} onChange={(_, data) => setReason(data.value)} placeholder="Quarterly test" />
      </Field>
      <Field
        label={pattern ? "Ticket" : "Ticket (optional)"}
        required={pattern !== null}
        {...(pattern ? { hint: `This tenant demands one that fits ${pattern}` } : {})}
      >
        <Input value={ticket} onChange={(_, data) => setTicket(data.value)} />
      </Field>
    </FormDialog>
  );
}

function About({ drill, zone }: { drill: Drill; zone: string }) {
  return (
    <Text weight="semibold">
      <bdi dir="auto">{drillAbout(drill)}</bdi>, {clockWords(new Date(drill.startsAt), zone)}
    </Text>
  );
}

interface Props {
  tenant: string;
  timeZone: string;
  drill: Drill;
  close: () => void;
}

export function RecordDialog({ tenant, timeZone, drill, close }: Props) {
  const [worked, setWorked] = useState<boolean | null>(null);
  const [note, setNote] = useState("");
  const finishing = useFinishDrill(tenant, drill.id, close);
  const needed = worked === false;
  return (
    <FormDialog
      title="How did the drill go?"
      confirm="Record"
      ready={worked !== null && (!needed || note.trim() !== "")}
      busy={finishing.isPending}
      close={close}
      run={() => worked !== null && finishing.mutate({ worked, note: note.trim() })}
    >
      {finishing.error && <ProblemBar problem={problemOf(finishing.error)} />}
      <About drill={drill} zone={knownZone(timeZone)} />
      {drill.signIns === 0 && (
        <Text>
          Gatehouse has seen no sign-in in its window. The log of Entra can be some minutes late, and it is read at the
          next sync.
        </Text>
      )}
      <Field label="How it went" required>
        <RadioGroup
          value={worked === null ? "" : worked ? "worked" : "failed"}
          onChange={(_, data) => setWorked(data.value === "worked")}
        >
          <Radio value="worked" label="It worked: somebody signed in and could act as an administrator" />
          <Radio value="failed" label="It did not work" />
        </RadioGroup>
      </Field>
      <Field
        label={needed ? "What failed" : "Note (optional)"}
        required={needed}
        hint={
          needed
            ? "So that it is mended: it stands on this page and in the audit log."
            : "It stands on this page and in the audit log."
        }
      >
        <Textarea rows={3} value={note} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </FormDialog>
  );
}

export function CancelDialog({ tenant, timeZone, drill, running, close }: Props & { running: boolean }) {
  const cancelling = useCancelDrill(tenant, drill.id, close);
  return (
    <FormDialog
      title={running ? "Stop this drill?" : "Cancel this drill?"}
      confirm={running ? "Stop the drill" : "Cancel the drill"}
      busy={cancelling.isPending}
      close={close}
      run={() => cancelling.mutate(undefined)}
    >
      {cancelling.error && <ProblemBar problem={problemOf(cancelling.error)} />}
      <About drill={drill} zone={knownZone(timeZone)} />
      <Text>
        {running
          ? "Its window ends now: sign-ins until now stay information, later ones raise a critical alert again. It counts as a drill that did not work; if it did, record that instead."
          : "A sign-in in its window raises a critical alert then, as at any other time."}
      </Text>
    </FormDialog>
  );
}
