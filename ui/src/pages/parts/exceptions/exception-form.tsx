// Writing an exception down: from nothing, from a carve-out with what is exempt prefilled, or one that is there written otherwise.
import { Dropdown, Field, Input, makeStyles, Option, Text, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import type { CarveOutRow, ExceptionDetail, ExceptionRow, ExceptionsPage, SubjectKind } from "../../../bindings";
import { FormDialog } from "../../../components/form-dialog";
import { cleanName } from "../../../components/names";
import { type Choice, Pick } from "../../../components/pick";
import { useChangeChoices } from "../../../data/changes";
import { useWriteException } from "../../../data/exceptions";
import { problemOf } from "../../../data/ipc";
import { UserPick } from "../user-pick";
import { kindWords } from "./exception-words";

const useStyles = makeStyles({
  two: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: "12px", alignItems: "start" },
  control: { minWidth: 0, width: "100%" },
});

/** Kinds that a person can name; platforms, devices, clients and guests come from a carve-out only. */
const named: readonly SubjectKind[] = ["user", "group", "role", "application", "location", "other"];

/** What the tenant has of a kind, so that no exception is written down for something that does not exist. */
const lists = {
  group: ["groups", "Group", "group"],
  role: ["roles", "Role", "role"],
  application: ["applications", "Application", "application"],
  location: ["locations", "Named location", "named location"],
} as const;
type ListedKind = keyof typeof lists;
const isListed = (kind: SubjectKind): kind is ListedKind => kind in lists;

function SubjectPick({
  tenant,
  kind,
  chosen,
  choose,
}: {
  tenant: string;
  kind: ListedKind;
  chosen: string | null;
  choose: (chosen: Choice | undefined) => void;
}) {
  const [key, label, word] = lists[kind];
  const asked = useChangeChoices(tenant);
  const choices = (asked.data?.[key] ?? []).map((each) => ({ value: each.value, text: each.words }));
  return (
    <Field
      label={label}
      required
      {...(asked.error
        ? { validationMessage: problemOf(asked.error).what, validationState: "error" as const }
        : asked.data && choices.length === 0
          ? { hint: `No ${word} of this tenant is known. Resync it, or choose Other and say it in words.` }
          : {})}
    >
      <Pick
        wide
        label={label}
        any={asked.data ? `Type to find the ${word}` : "Reading"}
        choices={choices}
        chosen={chosen}
        onPick={(value) => choose(choices.find((each) => each.value === value))}
      />
    </Field>
  );
}

export interface FormStart {
  /** Prefilled from what a policy leaves out. */
  carveOut?: CarveOutRow;
  /** Written otherwise. */
  row?: ExceptionRow;
}

export function ExceptionForm({
  page,
  start,
  close,
  done,
}: {
  page: Pick<ExceptionsPage, "tenant" | "policies" | "ticketPattern" | "today">;
  start: FormStart;
  close: () => void;
  done: (made: ExceptionDetail) => void;
}) {
  const styles = useStyles();
  const { carveOut, row } = start;
  const [kind, setKind] = useState<SubjectKind>(carveOut?.kind ?? row?.subjectKind ?? "user");
  const [subject, setSubject] = useState(carveOut?.subjectName ?? row?.subjectName ?? "");
  const [subjectId, setSubjectId] = useState(carveOut?.subjectId ?? row?.subjectId ?? null);
  const [policy, setPolicy] = useState(carveOut?.policy.id ?? row?.policy?.id ?? "");
  const [reason, setReason] = useState(row?.reason ?? "");
  const [compensating, setCompensating] = useState(row?.compensating ?? "");
  const [ticket, setTicket] = useState(row?.ticket ?? "");
  const [until, setUntil] = useState(row?.until ?? "");
  const [reviewDue, setReviewDue] = useState(row?.reviewDue ?? "");
  const doing = useWriteException(row ? { id: row.id, revision: row.revision } : null, (made) => {
    close();
    done(made);
  });
  const fixed = carveOut !== undefined || row !== undefined;
  const ready =
    reason.trim() !== "" &&
    (until !== "" || reviewDue !== "") &&
    (subject.trim() !== "" || subjectId !== null) &&
    (page.ticketPattern === null || ticket.trim() !== "");
  const policyName = page.policies.find((each) => each.id === policy)?.displayName;
  return (
    <FormDialog
      title={row ? `Change exception ${row.id}` : "Write down an exception"}
      confirm={row ? "Save" : "Write down"}
      ready={ready}
      busy={doing.isPending}
      close={close}
      run={() =>
        doing.mutate({
          tenant: page.tenant.id,
          subjectKind: kind,
          subjectId,
          subjectName: subject,
          policy: policy || null,
          reason,
          compensating,
          ticket: ticket.trim() || null,
          until: until || null,
          reviewDue: reviewDue || null,
        })
      }
    >
      {fixed ? (
        <Text>
          {kindWords[kind]}: <bdi dir="auto">{cleanName(subject)}</bdi>, exempt from{" "}
          <bdi dir="auto">{cleanName(policyName ?? carveOut?.policy.displayName ?? "MFA altogether")}</bdi>.
          {row && row.state !== "draft" && " It becomes a draft again: what was sent or answered no longer holds."}
        </Text>
      ) : (
        <>
          <Field label="What is exempt">
            <Dropdown
              className={styles.control}
              value={kindWords[kind]}
              selectedOptions={[kind]}
              onOptionSelect={(_, data) => {
                setKind((data.optionValue as SubjectKind | undefined) ?? "user");
                setSubject("");
                setSubjectId(null);
              }}
            >
              {named.map((each) => (
                <Option key={each} value={each}>
                  {kindWords[each]}
                </Option>
              ))}
            </Dropdown>
          </Field>
          {kind === "user" ? (
            <UserPick
              tenant={page.tenant.id}
              chosen={subjectId}
              person={subject ? { id: subjectId ?? "", displayName: subject, upn: "" } : null}
              choose={(user) => {
                setSubjectId(user ?? null);
                setSubject("");
              }}
            />
          ) : isListed(kind) ? (
            <SubjectPick
              key={kind}
              tenant={page.tenant.id}
              kind={kind}
              chosen={subjectId}
              choose={(chosen) => {
                setSubjectId(chosen?.value ?? null);
                setSubject(chosen?.text ?? "");
              }}
            />
          ) : (
            <Field label="In words" required>
              <Input value={subject} onChange={(_, data) => setSubject(data.value)} />
            </Field>
          )}
          <Field label="Exempt from">
            <Dropdown
              className={styles.control}
              value={cleanName(policyName ?? "MFA altogether")}
              selectedOptions={[policy]}
              onOptionSelect={(_, data) => setPolicy(data.optionValue ?? "")}
            >
              <Option value="">MFA altogether</Option>
              {page.policies.map((each) => (
                <Option key={each.id} value={each.id} text={cleanName(each.displayName)}>
                  <bdi dir="auto">{cleanName(each.displayName)}</bdi>
                </Option>
              ))}
            </Dropdown>
          </Field>
        </>
      )}
      <Field label="Why" required hint="As the customer's director would read it.">
        <Textarea autoFocus={fixed} value={reason} rows={2} onChange={(_, data) => setReason(data.value)} />
      </Field>
      <Field label="What protects instead" hint="A key, a trusted device, a place, a watch on its sign-ins.">
        <Textarea value={compensating} rows={2} onChange={(_, data) => setCompensating(data.value)} />
      </Field>
      <Field
        label="Ticket"
        required={page.ticketPattern !== null}
        hint={page.ticketPattern === null ? undefined : `Looks like ${page.ticketPattern}`}
      >
        <Input value={ticket} onChange={(_, data) => setTicket(data.value)} />
      </Field>
      <div className={styles.two}>
        <Field label="Last day" hint="At least one of both.">
          <Input type="date" min={page.today} value={until} onChange={(_, data) => setUntil(data.value)} />
        </Field>
        <Field label="Review by">
          <Input type="date" min={page.today} value={reviewDue} onChange={(_, data) => setReviewDue(data.value)} />
        </Field>
      </div>
    </FormDialog>
  );
}
