// A severity, always as colour, icon and word together.
import type { Severity } from "../bindings";
import { AlertUrgentRegular, ErrorCircleFilled, InfoRegular, WarningFilled, WarningRegular } from "./icons";
import { type Icon, type Tone, ToneIcon, ToneWord } from "./tone-word";

export const severityWord: Record<Severity, string> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  information: "Information",
};

export const severities: readonly Severity[] = ["critical", "high", "medium", "low", "information"];

const looks: Record<Severity, readonly [Icon, Tone]> = {
  critical: [ErrorCircleFilled, "bad"],
  high: [WarningFilled, "warn"],
  medium: [WarningRegular, "amber"],
  low: [AlertUrgentRegular, "calm"],
  information: [InfoRegular, "quiet"],
};
const lookOf = (severity: Severity) => looks[severity] ?? looks.information;

export const SeverityIcon = ({ severity }: { severity: Severity }) => <ToneIcon look={lookOf(severity)} />;

export const SeverityBadge = ({ severity, strong = false }: { severity: Severity; strong?: boolean }) => (
  <ToneWord look={[...lookOf(severity), severityWord[severity] ?? severity]} strong={strong} />
);
