// The table to sign leaves the house: as PDF or Markdown, and who it was sent to.
import { Checkbox, Field, Input, Radio, RadioGroup, Text } from "@fluentui/react-components";
import { useState } from "react";
import { commands, type ExceptionRow } from "../../../bindings";
import { FormDialog } from "../../../components/form-dialog";
import { counted } from "../../../components/words";
import { fileName, useExport } from "../../../data/actions";
import { ask } from "../../../data/ipc";
import { PaperPick, usePaper } from "../reports/paper-pick";

export function SheetDialog({
  tenant,
  customer,
  rows,
  close,
}: {
  tenant: string;
  customer: string;
  rows: readonly ExceptionRow[];
  close: () => void;
}) {
  const exportTo = useExport();
  const [form, setForm] = useState("pdf");
  const canBeSent = rows.every((row) => row.state === "draft" || row.state === "sent");
  const [mark, setMark] = useState(canBeSent);
  const [to, setTo] = useState("");
  const [paper, setPaper] = usePaper();
  const [busy, setBusy] = useState(false);
  const marking = mark && canBeSent;
  const run = async () => {
    setBusy(true);
    await exportTo(
      {
        title: "Export for signature",
        suggestedName: `${fileName(customer, "Exceptions from MFA")}.${form}`,
        extensions: [form],
        unit: ["exception", "exceptions"],
      },
      (path) =>
        ask(
          commands.exceptionsSheet(
            tenant,
            rows.map((row) => row.id),
            path,
            paper,
            marking ? to.trim() : null,
          ),
        ),
    );
    setBusy(false);
    close();
  };
  return (
    <FormDialog
      title="Export for signature"
      confirm="Export"
      ready={!marking || to.trim() !== ""}
      busy={busy}
      close={close}
      run={() => void run()}
    >
      <Text>
        A numbered table of {counted(rows.length, "exception")} with lines for name, role, date and signature.
      </Text>
      <Field label="As">
        <RadioGroup layout="horizontal" value={form} onChange={(_, data) => setForm(data.value)}>
          <Radio value="pdf" label="PDF" />
          <Radio value="md" label="Markdown" />
        </RadioGroup>
      </Field>
      {form === "pdf" && <PaperPick paper={paper} choose={setPaper} />}
      {canBeSent && (
        <Checkbox
          checked={mark}
          onChange={(_, data) => setMark(data.checked === true)}
          label="Record that it was sent for signature"
        />
      )}
      {marking && (
        <Field label="Sent to" required hint="The person at the customer who is asked to sign.">
          <Input value={to} onChange={(_, data) => setTo(data.value)} />
        </Field>
      )}
    </FormDialog>
  );
}
