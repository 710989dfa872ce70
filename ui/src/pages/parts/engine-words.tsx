// What the engine decided, always as colour, icon and word: a control's verdict, a cell's protection, a policy's outcome, the access.
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
import { type Icon, type Look, type Tone, ToneWord, unknownLook } from "../../components/tone-word";

export const verdicts: readonly ControlVerdict[] = ["missing", "partly", "changed", "unknown", "extra", "met"];
const verdictLooks: Record<ControlVerdict, Look> = {
  missing: [DismissCircleRegular, "bad", "Missing"],
  partly: [CircleHalfFillRegular, "warn", "Partly"],
  changed: [EditRegular, "amber", "Changed"],
  unknown: [QuestionCircleRegular, "quiet", "Unknown"],
  extra: [AddCircleRegular, "calm", "Extra"],
  met: [CheckmarkCircleRegular, "good", "Met"],
};
export const verdictWord = (verdict: ControlVerdict) => (verdictLooks[verdict] ?? unknownLook)[2];
export const VerdictWord = ({ verdict }: { verdict: ControlVerdict }) => (
  <ToneWord look={verdictLooks[verdict] ?? unknownLook} />
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
  return <ToneWord look={[icon, tone, word]} />;
}

const outcomeLooks: Record<Outcome, Look> = {
  applies: [CheckmarkCircleRegular, "good", "Applies"],
  doesNotApply: [CircleRegular, "quiet", "Does not apply"],
  cannotSay: [QuestionCircleRegular, "amber", "Cannot say"],
};
export const OutcomeWord = ({ outcome }: { outcome: Outcome }) => (
  <ToneWord look={outcomeLooks[outcome] ?? unknownLook} />
);

export const accessLook: Record<Access, Look> = {
  blocked: [LockClosedRegular, "bad", "Blocked"],
  granted: [CheckmarkCircleRegular, "good", "Granted"],
  cannotSay: [QuestionCircleRegular, "amber", "Cannot say"],
};
