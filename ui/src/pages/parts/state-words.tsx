// How a sign-in went and what a policy's state is, always as colour, icon and word.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { SignInResult } from "../../bindings";
import {
  BeakerRegular,
  CheckmarkCircleRegular,
  CircleRegular,
  DeleteRegular,
  DismissCircleRegular,
  QuestionCircleRegular,
  WarningRegular,
} from "../../components/icons";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { fontSize: "16px", flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  warn: { color: tokens.colorPaletteMarigoldForeground2 },
  trial: { color: tokens.colorPaletteBlueForeground2 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

type Tone = "good" | "bad" | "warn" | "trial" | "quiet";
type Icon = typeof CircleRegular;

function Word({ icon: Icon, tone, children }: { icon: Icon; tone: Tone; children: string }) {
  const styles = useStyles();
  return (
    <span className={mergeClasses(styles.root, styles[tone])}>
      <Icon className={styles.icon} aria-hidden />
      {children}
    </span>
  );
}

export const results: readonly SignInResult[] = ["success", "failure", "interrupted"];
export const resultWord: Record<SignInResult, string> = {
  success: "Success",
  failure: "Failure",
  interrupted: "Interrupted",
};
const resultLooks: Record<SignInResult, readonly [Icon, Tone]> = {
  success: [CheckmarkCircleRegular, "good"],
  failure: [DismissCircleRegular, "bad"],
  interrupted: [WarningRegular, "warn"],
};

export function ResultWord({ result }: { result: SignInResult }) {
  const [icon, tone] = resultLooks[result] ?? [QuestionCircleRegular, "quiet"];
  return (
    <Word icon={icon} tone={tone}>
      {resultWord[result] ?? result}
    </Word>
  );
}

/** What Entra recorded of one policy in one sign-in ("appliedConditionalAccessPolicy resource type"). */
const appliedLooks: Record<string, readonly [Icon, Tone, string]> = {
  success: [CheckmarkCircleRegular, "good", "Satisfied"],
  failure: [DismissCircleRegular, "bad", "Refused"],
  notApplied: [CircleRegular, "quiet", "Did not apply"],
  notEnabled: [CircleRegular, "quiet", "Off"],
  reportOnlySuccess: [BeakerRegular, "trial", "Report-only: satisfied"],
  reportOnlyFailure: [BeakerRegular, "warn", "Report-only: would refuse"],
  reportOnlyNotApplied: [BeakerRegular, "quiet", "Report-only: would not apply"],
  reportOnlyInterrupted: [BeakerRegular, "warn", "Report-only: would ask"],
};

export function AppliedWord({ result }: { result: string }) {
  const [icon, tone, word] = appliedLooks[result] ?? [QuestionCircleRegular, "quiet", "Unknown"];
  return (
    <Word icon={icon} tone={tone}>
      {word}
    </Word>
  );
}

export const policyStateWord = (state: string, deleted = false): string => {
  if (deleted) return "Deleted";
  if (state === "enabled") return "On";
  if (state === "disabled") return "Off";
  if (state === "enabledForReportingButNotEnforced") return "Report-only";
  return state ? `Unknown (${state})` : "Unknown";
};

const stateLooks: Record<string, readonly [Icon, Tone]> = {
  On: [CheckmarkCircleRegular, "good"],
  Off: [CircleRegular, "quiet"],
  "Report-only": [BeakerRegular, "trial"],
  Deleted: [DeleteRegular, "quiet"],
};

export function PolicyState({ state, deleted = false }: { state: string; deleted?: boolean }) {
  const word = policyStateWord(state, deleted);
  const [icon, tone] = stateLooks[word] ?? [QuestionCircleRegular, "quiet"];
  return (
    <Word icon={icon} tone={tone}>
      {word}
    </Word>
  );
}
