// A draft being written: the fields of its kind, what they would change, why, and saving. Nothing here writes to a tenant.
import {
  Button,
  Card,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  Subtitle2,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { memo, useEffect, useRef, useState } from "react";
import { useBack, useGo } from "../../../address";
import { type ChangeChoices, type ChangeDetail, type ChangeInput, commands, type Draft } from "../../../bindings";
import { LeaveGuard, useReleased } from "../../../components/leave-guard";
import { ProblemBar } from "../../../components/problem-view";
import { useSay } from "../../../components/say";
import { useActing } from "../../../data/changes";
import { ask, problemOf } from "../../../data/ipc";
import { useTenants } from "../../../data/queries";
import { lacking } from "./draft-of";
import { DraftPreview } from "./draft-preview";
import { parseBody, print } from "./json-body";
import { JsonField } from "./json-field";
import { LocationForm } from "./location-form";
import { PolicyForm } from "./policy-form";
import { SmallForm } from "./small-forms";
import { useBody } from "./use-body";

const useStyles = makeStyles({
  root: { display: "grid", gap: tokens.spacingVerticalL, paddingBottom: tokens.spacingVerticalXXL, minWidth: 0 },
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalM },
  sides: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1.25fr) minmax(320px, 1fr)",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
    "@media (max-width: 1000px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  json: { position: "sticky", top: 0 },
  why: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 3fr) minmax(160px, 1fr)",
    gap: tokens.spacingHorizontalL,
    alignItems: "start",
  },
  foot: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  lacking: { color: tokens.colorNeutralForeground2 },
});

export function DraftEditor({
  first,
  choices,
  existing,
}: {
  first: ChangeInput;
  choices: ChangeChoices | undefined;
  /** The draft that is edited, and the revision that was seen. */
  existing?: { id: number; revision: number };
}) {
  const styles = useStyles();
  const go = useGo();
  const back = useBack();
  const say = useSay();
  const { tenant } = first;
  const [draft, setDraft] = useState(first.draft);
  const [broken, setBroken] = useState(false);
  const [reason, setReason] = useState(first.reason);
  const [ticket, setTicket] = useState(first.ticket ?? "");
  const input: ChangeInput = { ...first, draft, reason: reason.trim(), ticket: ticket.trim() || null };
  const pattern = useTenants().data?.find((row) => row.id === tenant)?.ticketPattern ?? null;
  const missing = broken ? "The JSON cannot be read; correct it first." : lacking(input, pattern);
  const released = useReleased();
  const unsaved = broken || draft !== first.draft || reason !== first.reason || ticket !== (first.ticket ?? "");
  const saving = useActing(
    existing?.id ?? 0,
    () => ask(existing ? commands.changeEdit(existing.id, existing.revision, input) : commands.changeNew(input)),
    (change: ChangeDetail) => {
      say(existing ? "The draft is saved" : "The draft is saved; nothing was written to the tenant");
      released.current = true;
      go(`/changes/${change.row.id}`, { replace: true });
    },
  );
  return (
    <div className={styles.root}>
      <LeaveGuard unsaved={unsaved} released={released} />
      {"body" in draft ? (
        <BodyEditor
          tenant={tenant}
          first={first.draft as BodyDraft}
          choices={choices}
          set={setDraft}
          setBroken={setBroken}
        />
      ) : (
        <Card className={styles.card} role="form" aria-label="Change">
          <SmallForm tenant={tenant} draft={draft} set={setDraft} choices={choices} />
        </Card>
      )}
      <DraftPreview input={broken || !askable(draft) ? null : { ...input, reason: "" }} />
      <Card className={styles.card} role="region" aria-label="Why">
        <Subtitle2 as="h2">Why</Subtitle2>
        <div className={styles.why}>
          <Field label="Reason" required hint="Who asked for it and what for. It goes into the audit log.">
            <Textarea value={reason} rows={2} resize="vertical" onChange={(_, data) => setReason(data.value)} />
          </Field>
          <Field label="Ticket" required={pattern !== null} {...(pattern ? { hint: `Looks like ${pattern}` } : {})}>
            <Input value={ticket} onChange={(_, data) => setTicket(data.value)} />
          </Field>
        </div>
        {saving.error && <ProblemBar problem={problemOf(saving.error)} />}
        <div className={styles.foot}>
          <Button
            appearance="primary"
            disabled={missing !== null || saving.isPending}
            onClick={() => saving.mutate(undefined)}
          >
            Save draft
          </Button>
          <Button onClick={back}>Cancel</Button>
          {missing && (
            <Text className={styles.lacking} role="status">
              {missing}
            </Text>
          )}
        </div>
      </Card>
    </div>
  );
}

/** Says enough for the shell to understand it; the words for what lacks stand beside the button. */
function askable(draft: Draft): boolean {
  const why = lacking({ draft, reason: "x", ticket: null }, null);
  return why === null;
}

type BodyDraft = Extract<Draft, { body: string }>;

/** The large half of the page: it is drawn anew for an edit of its own only, not for every letter of the reason. */
const BodyEditor = memo(function BodyEditor({
  tenant,
  first,
  choices,
  set,
  setBroken,
}: {
  tenant: string;
  first: BodyDraft;
  choices: ChangeChoices | undefined;
  set: (draft: Draft) => void;
  setBroken: (broken: boolean) => void;
}) {
  const styles = useStyles();
  const held = useBody(parseBody(first.body).body ?? {});
  const broken = held.mistake !== null;
  const written = print(held.body);
  const opened = useRef(written);
  useEffect(() => setBroken(broken), [broken]);
  useEffect(() => {
    if (opened.current === written) return;
    opened.current = "";
    set({ ...first, body: written });
  }, [written]);
  const policy = first.what === "createPolicy" || first.what === "updatePolicy";
  return (
    <div className={styles.sides}>
      <Card className={styles.card} role="form" aria-label="In words">
        <Subtitle2 as="h2">In words</Subtitle2>
        {policy ? (
          <PolicyForm tenant={tenant} body={held.body} choices={choices} edit={held.edit} locked={broken} />
        ) : (
          <LocationForm body={held.body} edit={held.edit} locked={broken} />
        )}
      </Card>
      <Card className={mergeClasses(styles.card, styles.json)} role="region" aria-label="JSON">
        <Subtitle2 as="h2">JSON</Subtitle2>
        <JsonField held={held} label={policy ? "The policy as JSON" : "The location as JSON"} />
      </Card>
    </div>
  );
});
