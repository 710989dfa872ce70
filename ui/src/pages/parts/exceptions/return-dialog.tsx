// A sheet that came back: which exceptions were signed and which declined, by whom, when, and the paper.
import {
  Button,
  Field,
  Input,
  makeStyles,
  Radio,
  RadioGroup,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { commands, type ExceptionRow } from "../../../bindings";
import { FormDialog } from "../../../components/form-dialog";
import { DismissRegular } from "../../../components/icons";
import { cleanName } from "../../../components/names";
import { useSay } from "../../../components/say";
import { papers, useRecordReturn } from "../../../data/exceptions";
import { ask } from "../../../data/ipc";
import { exemptFrom } from "./exception-words";

const useStyles = makeStyles({
  two: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: tokens.spacingHorizontalM, alignItems: "start" },
  list: { listStyle: "none", margin: 0, padding: 0, maxHeight: "220px", overflowY: "auto" },
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke3}`, padding: `${tokens.spacingVerticalXS} 0` },
  file: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  path: { overflowWrap: "anywhere", minWidth: 0 },
});

type Outcome = "signed" | "declined" | "open";

export interface Signature {
  by: string;
  role: string;
  on: string;
  note: string;
}

/** Who signed, as it stands on the paper; also what a later end needs. */
export function SignatureFields({
  signature,
  today,
  set,
}: {
  signature: Signature;
  today: string;
  set: (signature: Signature) => void;
}) {
  const styles = useStyles();
  return (
    <>
      <div className={styles.two}>
        <Field label="Name" required hint="A person of the customer.">
          <Input autoFocus value={signature.by} onChange={(_, data) => set({ ...signature, by: data.value })} />
        </Field>
        <Field label="Role" required hint="Such as managing director.">
          <Input value={signature.role} onChange={(_, data) => set({ ...signature, role: data.value })} />
        </Field>
      </div>
      <Field label="Date on the paper" required>
        <Input
          type="date"
          max={today}
          value={signature.on}
          onChange={(_, data) => set({ ...signature, on: data.value })}
        />
      </Field>
      <Field label="Note">
        <Textarea rows={2} value={signature.note} onChange={(_, data) => set({ ...signature, note: data.value })} />
      </Field>
    </>
  );
}

export const isSigned = (signature: Signature) =>
  signature.by.trim() !== "" && signature.role.trim() !== "" && signature.on !== "";

export function ReturnDialog({
  rows,
  today,
  outcome = "open",
  close,
}: {
  rows: readonly ExceptionRow[];
  today: string;
  /** What is chosen for each at first. */
  outcome?: Outcome;
  close: () => void;
}) {
  const styles = useStyles();
  const say = useSay();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<number, Outcome>>(
    () => new Map(rows.map((row) => [row.id, outcome])),
  );
  const [signature, setSignature] = useState<Signature>({ by: "", role: "", on: today, note: "" });
  const [paper, setPaper] = useState<string | null>(null);
  const doing = useRecordReturn(close);
  const returned = rows.filter((row) => outcomes.get(row.id) !== "open");
  const choose = async () => {
    try {
      const path = await ask(commands.chooseFile("", "The signed paper", papers, true));
      if (path !== null) setPaper(path);
    } catch (error) {
      say.failed(error);
    }
  };
  return (
    <FormDialog
      title="Record the return"
      confirm="Record"
      ready={returned.length > 0 && isSigned(signature)}
      busy={doing.isPending}
      close={close}
      run={() =>
        doing.mutate({
          returned: returned.map((row) => ({
            id: row.id,
            revision: row.revision,
            signed: outcomes.get(row.id) === "signed",
          })),
          by: signature.by,
          role: signature.role,
          on: signature.on,
          note: signature.note.trim() || null,
          paper,
        })
      }
    >
      <ul className={styles.list} aria-label="Exceptions on the sheet">
        {rows.map((row) => (
          <li key={row.id} className={styles.item}>
            <Text block>
              {row.id}. <bdi dir="auto">{cleanName(row.subject)}</bdi>, exempt from{" "}
              <bdi dir="auto">{cleanName(exemptFrom(row))}</bdi>
            </Text>
            <RadioGroup
              layout="horizontal"
              aria-label={`Exception ${row.id}`}
              value={outcomes.get(row.id) ?? "open"}
              onChange={(_, data) => setOutcomes(new Map(outcomes).set(row.id, data.value as Outcome))}
            >
              <Radio value="signed" label="Signed" />
              <Radio value="declined" label="Declined" />
              <Radio value="open" label="Not answered" />
            </RadioGroup>
          </li>
        ))}
      </ul>
      <SignatureFields signature={signature} today={today} set={setSignature} />
      <Field
        label="Signed paper"
        hint="At most 10 MB. It is kept as it is, with its SHA-256, and never opened by Gatehouse."
      >
        {/* A field names its control; the button does the choosing. */}
        <div className={styles.file}>
          <Button onClick={() => void choose()}>{paper ? "Choose another file" : "Choose a file"}</Button>
          {paper && (
            <>
              <Text className={styles.path}>{cleanName(paper)}</Text>
              <Button
                appearance="subtle"
                size="small"
                icon={<DismissRegular />}
                aria-label="Take the file away"
                onClick={() => setPaper(null)}
              />
            </>
          )}
        </div>
      </Field>
    </FormDialog>
  );
}
