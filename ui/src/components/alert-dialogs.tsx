// Acknowledge, mute and resolve, for one alert or several: each asks for what the audit log will tell later.
import { Field, Input, Radio, RadioGroup, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { commands } from "../bindings";
import { useDoing } from "../data/actions";
import { ask } from "../data/ipc";
import { FormDialog } from "./form-dialog";
import { useSay } from "./say";
import { count, dayAndTime } from "./words";

interface Props {
  ids: number[];
  close: () => void;
  done?: () => void;
}

const them = (ids: number[]) => (ids.length === 1 ? "the alert" : `${count(ids.length)} alerts`);

export function AcknowledgeDialog({ ids, close, done }: Props) {
  const say = useSay();
  const [note, setNote] = useState("");
  const doing = useDoing(
    () => ask(commands.alertsAcknowledge(ids, note.trim() || null)),
    () => [null],
    () => {
      say(ids.length === 1 ? "The alert is acknowledged" : `${count(ids.length)} alerts are acknowledged`);
      close();
      done?.();
    },
  );
  return (
    <FormDialog
      title={`Acknowledge ${them(ids)}`}
      confirm="Acknowledge"
      busy={doing.isPending}
      close={close}
      run={() => doing.mutate(undefined)}
    >
      <Field label="Note (optional)" hint="Who was called, what was found, which ticket. It goes into the audit log.">
        <Textarea autoFocus value={note} onChange={(_, data) => setNote(data.value)} rows={3} />
      </Field>
    </FormDialog>
  );
}

export function ResolveDialog({ ids, close, done }: Props) {
  const say = useSay();
  const [note, setNote] = useState("");
  const doing = useDoing(
    () => ask(commands.alertsResolve(ids, note.trim())),
    () => [null],
    () => {
      say(ids.length === 1 ? "The alert is resolved" : `${count(ids.length)} alerts are resolved`);
      close();
      done?.();
    },
  );
  return (
    <FormDialog
      title={`Resolve ${them(ids)}`}
      confirm="Resolve"
      ready={note.trim() !== ""}
      busy={doing.isPending}
      close={close}
      run={() => doing.mutate(undefined)}
    >
      <Field label="What was done" required hint="If the condition still holds at the next sync, the alert comes back.">
        <Textarea autoFocus value={note} onChange={(_, data) => setNote(data.value)} rows={3} />
      </Field>
    </FormDialog>
  );
}

const HOUR = 3_600_000;
const SPANS = [
  ["4 hours", 4 * HOUR],
  ["1 day", 24 * HOUR],
  ["1 week", 7 * 24 * HOUR],
  ["30 days", 30 * 24 * HOUR],
] as const;

export function MuteDialog({ ids, close, done }: Props) {
  const say = useSay();
  const [opened] = useState(() => new Date());
  const [span, setSpan] = useState<string>("1 day");
  const [own, setOwn] = useState("");
  const [reason, setReason] = useState("");
  const until =
    span === "own"
      ? new Date(`${own}T23:59:00`)
      : new Date(opened.getTime() + (SPANS.find(([name]) => name === span)?.[1] ?? 0));
  const valid = !Number.isNaN(until.getTime()) && until > opened;
  const doing = useDoing(
    () => ask(commands.alertsMute(ids, until.toISOString(), reason.trim())),
    () => [null],
    () => {
      say(`Muted until ${dayAndTime(until, opened)}`);
      close();
      done?.();
    },
  );
  return (
    <FormDialog
      title={`Mute ${them(ids)}`}
      confirm="Mute"
      ready={valid && reason.trim() !== ""}
      busy={doing.isPending}
      close={close}
      run={() => doing.mutate(undefined)}
    >
      <Field label="Until">
        <RadioGroup value={span} onChange={(_, data) => setSpan(data.value)}>
          {SPANS.map(([name, length]) => (
            <Radio
              key={name}
              value={name}
              label={`${name}, until ${dayAndTime(new Date(opened.getTime() + length), opened)}`}
            />
          ))}
          <Radio value="own" label="A day of your own" />
        </RadioGroup>
      </Field>
      {span === "own" && (
        <Field label="Last muted day" required {...(own && !valid ? { validationMessage: "This day is past" } : {})}>
          <Input type="date" value={own} onChange={(_, data) => setOwn(data.value)} />
        </Field>
      )}
      <Field label="Reason" required hint="While it is muted the alert raises no notification.">
        <Input value={reason} onChange={(_, data) => setReason(data.value)} autoFocus />
      </Field>
    </FormDialog>
  );
}
