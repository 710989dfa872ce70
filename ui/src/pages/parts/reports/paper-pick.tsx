// A4 or Letter, as a choice in a form. It begins with what the look of the reports says, until somebody chooses otherwise.
import { Field, Radio, RadioGroup } from "@fluentui/react-components";
import { useState } from "react";
import type { PaperSize } from "../../../bindings";
import { useBranding } from "../../../data/reports";
import { paperWord } from "./words";

export function usePaper(): readonly [PaperSize, (paper: PaperSize) => void] {
  const usual = useBranding().data?.paper ?? "a4";
  const [chosen, choose] = useState<PaperSize | null>(null);
  return [chosen ?? usual, choose];
}

export const PaperPick = ({
  paper,
  hint,
  choose,
}: {
  paper: PaperSize;
  hint?: string;
  choose: (paper: PaperSize) => void;
}) => (
  <Field label="Paper" {...(hint ? { hint } : {})}>
    <RadioGroup layout="horizontal" value={paper} onChange={(_, data) => choose(data.value as PaperSize)}>
      {(["a4", "letter"] as const).map((each) => (
        <Radio key={each} value={each} label={paperWord[each]} />
      ))}
    </RadioGroup>
  </Field>
);
