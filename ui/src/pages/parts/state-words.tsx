// How a sign-in went and what a policy's state is, always as colour, icon and word.
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
import { type Icon, type Look, type Tone, ToneWord, unknownLook } from "../../components/tone-word";

export const results: readonly SignInResult[] = ["success", "failure", "interrupted"];
export const resultWord: Record<SignInResult, string> = {
  success: "Success",
  failure: "Failure",
  interrupted: "Interrupted",
};
const resultLooks: Record<SignInResult, readonly [Icon, Tone]> = {
  success: [CheckmarkCircleRegular, "good"],
  failure: [DismissCircleRegular, "bad"],
  interrupted: [WarningRegular, "amber"],
};

export function ResultWord({ result }: { result: SignInResult }) {
  const [icon, tone] = resultLooks[result] ?? [QuestionCircleRegular, "quiet"];
  return <ToneWord look={[icon, tone, resultWord[result] ?? result]} />;
}

/** What Entra recorded of one policy in one sign-in ("appliedConditionalAccessPolicy resource type"). */
const appliedLooks: Record<string, Look> = {
  success: [CheckmarkCircleRegular, "good", "Satisfied"],
  failure: [DismissCircleRegular, "bad", "Refused"],
  notApplied: [CircleRegular, "quiet", "Did not apply"],
  notEnabled: [CircleRegular, "quiet", "Off"],
  reportOnlySuccess: [BeakerRegular, "calm", "Report-only: satisfied"],
  reportOnlyFailure: [BeakerRegular, "amber", "Report-only: would refuse"],
  reportOnlyNotApplied: [BeakerRegular, "quiet", "Report-only: would not apply"],
  reportOnlyInterrupted: [BeakerRegular, "amber", "Report-only: would ask"],
};

export const AppliedWord = ({ result }: { result: string }) => <ToneWord look={appliedLooks[result] ?? unknownLook} />;

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
  "Report-only": [BeakerRegular, "calm"],
  Deleted: [DeleteRegular, "quiet"],
};

export function PolicyState({ state, deleted = false }: { state: string; deleted?: boolean }) {
  const word = policyStateWord(state, deleted);
  const [icon, tone] = stateLooks[word] ?? [QuestionCircleRegular, "quiet"];
  return <ToneWord look={[icon, tone, word]} />;
}
