// What the engine decided, always as colour, icon and word: a control's verdict, a cell's protection, a policy's outcome, the access.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { Access, ControlVerdict, Outcome, Protection } from "../../bindings";
import {
  AddCircleRegular,
  CheckmarkCircleRegular,
  CircleHalfFillRegular,
  CircleRegular,
  DismissCircleRegular,
  EditRegular,
  LaptopRegular,
  LockClosedRegular,
  QuestionCircleRegular,
  ShieldCheckmarkRegular,
  ShieldDismissRegular,
  ShieldKeyholeRegular,
  ShieldTaskRegular,
} from "../../components/icons";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { fontSize: "16px", flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  amber: { color: tokens.colorPaletteMarigoldForeground2 },
  calm: { color: tokens.colorPaletteBlueForeground2 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export type Tone = "good" | "bad" | "warn" | "amber" | "calm" | "quiet";
type Icon = typeof CircleRegular;
type Look = readonly [Icon, Tone, string];
const unknown: Look = [QuestionCircleRegular, "quiet", "Unknown"];

function Word({ look: [Shape, tone, word] }: { look: Look }) {
  const styles = useStyles();
  return (
    <span className={mergeClasses(styles.root, styles[tone])}>
      <Shape className={styles.icon} aria-hidden />
      {word}
    </span>
  );
}

export const verdicts: readonly ControlVerdict[] = ["missing", "partly", "changed", "unknown", "extra", "met"];
const verdictLooks: Record<ControlVerdict, Look> = {
  missing: [DismissCircleRegular, "bad", "Missing"],
  partly: [CircleHalfFillRegular, "warn", "Partly"],
  changed: [EditRegular, "amber", "Changed"],
  unknown: [QuestionCircleRegular, "quiet", "Unknown"],
  extra: [AddCircleRegular, "calm", "Extra"],
  met: [CheckmarkCircleRegular, "good", "Met"],
};
export const verdictWord = (verdict: ControlVerdict) => (verdictLooks[verdict] ?? unknown)[2];
export const VerdictWord = ({ verdict }: { verdict: ControlVerdict }) => (
  <Word look={verdictLooks[verdict] ?? unknown} />
);

export const protections: readonly Protection[] = [
  "none",
  "unknown",
  "other",
  "device",
  "mfa",
  "phishingResistantMfa",
  "blocked",
];
/** Icon, tone, the word, and a shorter one for a cell. */
const protectionLooks: Record<Protection, readonly [Icon, Tone, string, string]> = {
  none: [ShieldDismissRegular, "bad", "Nothing", "None"],
  unknown: [QuestionCircleRegular, "quiet", "Unknown", "Unknown"],
  other: [ShieldTaskRegular, "warn", "Another control", "Other"],
  device: [LaptopRegular, "amber", "Known device", "Device"],
  mfa: [ShieldCheckmarkRegular, "good", "MFA", "MFA"],
  phishingResistantMfa: [ShieldKeyholeRegular, "good", "Phishing-resistant MFA", "Strong"],
  blocked: [LockClosedRegular, "calm", "Blocked", "Blocked"],
};
export const protectionLook = (protection: Protection) =>
  protectionLooks[protection] ?? ([QuestionCircleRegular, "quiet", "Unknown", "Unknown"] as const);
export const protectionWord = (protection: Protection) => protectionLook(protection)[2];
export function ProtectionWord({ protection }: { protection: Protection }) {
  const [icon, tone, word] = protectionLook(protection);
  return <Word look={[icon, tone, word]} />;
}

const outcomeLooks: Record<Outcome, Look> = {
  applies: [CheckmarkCircleRegular, "good", "Applies"],
  doesNotApply: [CircleRegular, "quiet", "Does not apply"],
  cannotSay: [QuestionCircleRegular, "amber", "Cannot say"],
};
export const OutcomeWord = ({ outcome }: { outcome: Outcome }) => <Word look={outcomeLooks[outcome] ?? unknown} />;

export const accessLook: Record<Access, Look> = {
  blocked: [LockClosedRegular, "bad", "Blocked"],
  granted: [CheckmarkCircleRegular, "good", "Granted"],
  cannotSay: [QuestionCircleRegular, "amber", "Cannot say"],
};
