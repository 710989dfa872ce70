// Writing an exception down: from nothing, from a carve-out with what is exempt prefilled, or one that is there written otherwise.
import { Dropdown, Field, Input, makeStyles, Option, Text, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import type { CarveOutRow, ExceptionDetail, ExceptionRow, ExceptionsPage, SubjectKind } from "../../../bindings";
import { FormDialog } from "../../../components/form-dialog";
import { cleanName } from "../../../components/names";
import { useWriteException } from "../../../data/exceptions";
import { UserPick } from "../user-pick";
import { kindWords } from "./exception-words";

const useStyles = makeStyles({
  two: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: "12px" },
  control: { minWidth: 0, width: "100%" },
});

/** Kinds that a person can name; platforms, devices, clients and guests come from a carve-out only. */
const named: readonly SubjectKind[] = ["user", "group", "role", "application", "location", "other"];

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
          ) : (
            <Field
              label={kind === "other" ? "In words" : "Name or id"}
              required
              hint={kind === "location" ? "A named location of the tenant." : undefined}
            >
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
