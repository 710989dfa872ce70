// One exception whole: where it stands, what can be done with it, whom it lets out, its papers and its history.
import { Button, Card, Field, Input, makeStyles, Text, Textarea, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { part } from "../../../address";
import { commands, type ExceptionAct, type ExceptionDetail, type ExceptionsPage } from "../../../bindings";
import { FormDialog } from "../../../components/form-dialog";
import { ArrowDownloadRegular } from "../../../components/icons";
import { cleanName, PersonName } from "../../../components/names";
import { RelativeTime } from "../../../components/relative-time";
import { framed, listItem, plainList } from "../../../components/style-parts";
import { count, counted, sentence } from "../../../components/words";
import { fileName, useExport } from "../../../data/actions";
import { useAttach, useException, useExceptionDeed } from "../../../data/exceptions";
import { ask } from "../../../data/ipc";
import { ActButtons } from "../act-buttons";
import { AppLink } from "../app-link";
import { Fact, Facts } from "../facts";
import { PanelSection, SidePanel } from "../side-panel";
import { ExceptionForm } from "./exception-form";
import { dayWords, ExceptionDays, ExceptionWord, exemptFrom } from "./exception-words";
import { isSigned, ReturnDialog, type Signature, SignatureFields } from "./return-dialog";

const useStyles = makeStyles({
  card: framed,
  list: plainList,
  item: listItem,
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
  two: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM, alignItems: "start" },
});

const words: Record<ExceptionAct, string> = {
  sign: "Record the signature",
  send: "Record as sent",
  decline: "Record as declined",
  edit: "Change",
  review: "Reviewed, it stays",
  extend: "Extend",
  attach: "Attach a file",
  end: "End",
};
const order: readonly ExceptionAct[] = ["sign", "review", "extend", "send", "decline", "edit", "attach", "end"];

export function ExceptionPanel({ id, page, close }: { id: number; page: ExceptionsPage; close: () => void }) {
  const read = useException(id);
  return (
    <SidePanel
      label="Exception from MFA"
      size="large"
      read={read}
      close={close}
      title={({ row }) => (
        <>
          {row.id}. <bdi dir="auto">{cleanName(row.subject)}</bdi>
        </>
      )}
      facts={({ row }) => (
        <>
          exempt from <bdi dir="auto">{cleanName(exemptFrom(row))}</bdi>
        </>
      )}
    >
      {(detail) => <Inside detail={detail} page={page} />}
    </SidePanel>
  );
}

function Inside({ detail, page }: { detail: ExceptionDetail; page: ExceptionsPage }) {
  const styles = useStyles();
  const { row } = detail;
  return (
    <>
      <Card className={styles.card} role="group" aria-label="State">
        <ExceptionWord row={row} />
        {row.signedBy && (
          <Text>
            {row.state === "declined" ? "Declined" : "Signed"} by <bdi dir="auto">{cleanName(row.signedBy)}</bdi>
            {row.signedRole && `, ${cleanName(row.signedRole)}`}
            {row.signedOn && `, on ${dayWords(row.signedOn)}`}.{row.note && ` ${sentence(cleanName(row.note))}`}
          </Text>
        )}
        {row.state === "sent" && row.sentTo && <Text>Sent to {cleanName(row.sentTo)}; it waits for a signature.</Text>}
        {row.inPolicies === false && row.state !== "ended" && (
          <Text>No policy leaves this out (any more): end it, unless a policy is about to.</Text>
        )}
        <Acts detail={detail} page={page} />
      </Card>
      <Facts label="Facts">
        <Fact label="Why">{cleanName(row.reason)}</Fact>
        <Fact label="Instead">{row.compensating ? cleanName(row.compensating) : "Nothing was named"}</Fact>
        <Fact label="Ticket">{row.ticket ? cleanName(row.ticket) : "None"}</Fact>
        <Fact label="Until">
          <ExceptionDays row={row} />
        </Fact>
        <Fact label="People">{row.people === null ? "Not known" : count(row.people)}</Fact>
        <Fact label="Asked by">{cleanName(row.askedBy)}</Fact>
        {row.policy && (
          <Fact label="Policy">
            <AppLink to={`/tenants/${part(detail.tenant.id)}/policies/${part(row.policy.id)}`}>
              <bdi dir="auto">{cleanName(row.policy.displayName)}</bdi>
            </AppLink>
          </Fact>
        )}
      </Facts>
      {(detail.carveOuts.length > 0 || detail.people.length > 0) && (
        <PanelSection title="What the policies leave out">
          {detail.carveOuts.map((line) => (
            <Text key={line}>{sentence(cleanName(line))}</Text>
          ))}
          {detail.people.length > 0 && (
            <ul className={styles.list} aria-label="People">
              {detail.people.map((person) => (
                <li key={person.id} className={styles.item}>
                  <AppLink to={`/tenants/${part(detail.tenant.id)}/users/${part(person.id)}`}>
                    <PersonName person={person} />
                  </AppLink>
                </li>
              ))}
            </ul>
          )}
          {row.people !== null && row.people > detail.people.length && (
            <Text className={styles.quiet}>and {count(row.people - detail.people.length)} more</Text>
          )}
        </PanelSection>
      )}
      <Papers detail={detail} />
      <PanelSection title="History">
        <ol className={styles.list} aria-label="History">
          {[...detail.history].reverse().map((event, index) => (
            <li key={`${event.at} ${index}`} className={styles.item}>
              <span>
                <Text weight="semibold">{event.what}</Text> by {cleanName(event.who)},{" "}
                <span className={styles.quiet}>
                  <RelativeTime at={event.at} timeZone={detail.timeZone} />
                </span>
              </span>
              {event.note && <Text>{sentence(cleanName(event.note))}</Text>}
            </li>
          ))}
        </ol>
      </PanelSection>
    </>
  );
}

function Papers({ detail }: { detail: ExceptionDetail }) {
  const styles = useStyles();
  const exportTo = useExport();
  if (detail.papers.length === 0) return null;
  const save = (seq: number, name: string) => {
    const extension = /\.([^.]{1,10})$/.exec(name)?.[1] ?? "bin";
    const what = { title: "Save attachment", suggestedName: fileName(name), extensions: [extension] };
    void exportTo(what, async (path) => {
      await ask(commands.exceptionAttachmentSave(detail.row.id, seq, path));
      return path;
    });
  };
  return (
    <PanelSection title="Attachments">
      <ul className={styles.list} aria-label="Attachments">
        {detail.papers.map((paper) => (
          <li key={paper.seq} className={styles.item}>
            <Text weight="semibold">
              <bdi dir="auto">{cleanName(paper.name)}</bdi>
            </Text>
            <Text className={styles.quiet}>
              {size(paper.size)}, added by {cleanName(paper.addedBy)},{" "}
              <RelativeTime at={paper.addedAt} timeZone={detail.timeZone} />
            </Text>
            <span className={styles.code}>SHA-256 {paper.sha256}</span>
            <div>
              <Button
                size="small"
                icon={<ArrowDownloadRegular />}
                aria-label={`Save attachment ${cleanName(paper.name)}`}
                onClick={() => save(paper.seq, paper.name)}
              >
                Save attachment
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </PanelSection>
  );
}

const size = (bytes: number) =>
  bytes < 1024
    ? counted(bytes, "byte")
    : bytes < 1024 * 1024
      ? `${count(Math.ceil(bytes / 1024))} KB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

function Acts({ detail, page }: { detail: ExceptionDetail; page: ExceptionsPage }) {
  const [asking, setAsking] = useState<ExceptionAct | null>(null);
  const attach = useAttach();
  const { row } = detail;
  const acts = [...detail.acts].sort((a, b) => order.indexOf(a.act) - order.indexOf(b.act));
  const close = () => setAsking(null);
  return (
    <>
      <ActButtons
        acts={acts}
        word={(act) => words[act]}
        busy={attach.isPending ? "attach" : undefined}
        press={(act) => (act === "attach" ? attach.mutate({ id: row.id, revision: row.revision }) : setAsking(act))}
      />
      {(asking === "sign" || asking === "decline") && (
        <ReturnDialog
          rows={[row]}
          today={page.today}
          outcome={asking === "sign" ? "signed" : "declined"}
          close={close}
        />
      )}
      {asking === "edit" && <ExceptionForm page={page} start={{ row }} close={close} done={() => undefined} />}
      {asking === "send" && <SendDialog detail={detail} close={close} />}
      {asking === "review" && <ReviewDialog detail={detail} today={page.today} close={close} />}
      {asking === "extend" && <ExtendDialog detail={detail} today={page.today} close={close} />}
      {asking === "end" && <EndDialog detail={detail} close={close} />}
    </>
  );
}

interface Props {
  detail: ExceptionDetail;
  close: () => void;
}

const step = ({ row }: ExceptionDetail) => ({ id: row.id, revision: row.revision });

function SendDialog({ detail, close }: Props) {
  const doing = useExceptionDeed(close);
  const [to, setTo] = useState(detail.row.sentTo ?? "");
  return (
    <FormDialog
      title="Record as sent"
      confirm="Record"
      ready={to.trim() !== ""}
      busy={doing.isPending}
      close={close}
      run={() => doing.mutate({ ...step(detail), deed: { deed: "send", to } })}
    >
      <Field label="Sent to" required hint="The person at the customer who is asked to sign.">
        <Input autoFocus value={to} onChange={(_, data) => setTo(data.value)} />
      </Field>
    </FormDialog>
  );
}

function ReviewDialog({ detail, today, close }: Props & { today: string }) {
  const doing = useExceptionDeed(close);
  const [due, setDue] = useState("");
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title="Reviewed, it stays"
      confirm="Record the review"
      ready={due !== "" || detail.row.until !== null}
      busy={doing.isPending}
      close={close}
      run={() =>
        doing.mutate({ ...step(detail), deed: { deed: "review", due: due || null, note: note.trim() || null } })
      }
    >
      <Field label="Next review by" required={detail.row.until === null}>
        <Input autoFocus type="date" min={today} value={due} onChange={(_, data) => setDue(data.value)} />
      </Field>
      <Field label="What was found">
        <Textarea rows={2} value={note} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </FormDialog>
  );
}

function ExtendDialog({ detail, today, close }: Props & { today: string }) {
  const styles = useStyles();
  const doing = useExceptionDeed(close);
  const [until, setUntil] = useState("");
  const [reviewDue, setReviewDue] = useState("");
  const [signature, setSignature] = useState<Signature>({ by: "", role: "", on: today, note: "" });
  return (
    <FormDialog
      title="Extend"
      confirm="Extend"
      ready={(until !== "" || reviewDue !== "") && isSigned(signature)}
      busy={doing.isPending}
      close={close}
      run={() =>
        doing.mutate({
          ...step(detail),
          deed: {
            deed: "extend",
            until: until || null,
            reviewDue: reviewDue || null,
            by: signature.by,
            role: signature.role,
            on: signature.on,
            note: signature.note.trim() || null,
          },
        })
      }
    >
      <Text>A later end is signed anew: by whom, and when?</Text>
      <div className={styles.two}>
        <Field label="Last day">
          <Input type="date" min={today} value={until} onChange={(_, data) => setUntil(data.value)} />
        </Field>
        <Field label="Review by">
          <Input type="date" min={today} value={reviewDue} onChange={(_, data) => setReviewDue(data.value)} />
        </Field>
      </div>
      <SignatureFields signature={signature} today={today} set={setSignature} />
    </FormDialog>
  );
}

function EndDialog({ detail, close }: Props) {
  const doing = useExceptionDeed(close);
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title="End the exception?"
      confirm="End"
      ready={note.trim() !== ""}
      busy={doing.isPending}
      close={close}
      run={() => doing.mutate({ ...step(detail), deed: { deed: "end", note } })}
    >
      <Text>
        {detail.row.inPolicies
          ? "The policies still leave it out: it is listed as not signed off until they are changed too."
          : "It stays in the register as ended, with its papers and its history."}
      </Text>
      <Field label="Why nobody needs it any more" required>
        <Textarea autoFocus rows={2} value={note} onChange={(_, data) => setNote(data.value)} />
      </Field>
    </FormDialog>
  );
}
