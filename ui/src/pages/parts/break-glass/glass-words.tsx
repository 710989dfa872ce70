// What is said of break-glass accounts, always as colour, icon and word: a point of health, what a policy does to an account, a drill.
import type { CheckState, Drill, DrillState, Reach } from "../../../bindings";
import {
  BeakerRegular,
  CheckmarkCircleRegular,
  CircleRegular,
  ClockRegular,
  DismissCircleRegular,
  InfoRegular,
  PlayCircleRegular,
  ShieldCheckmarkRegular,
  ShieldDismissRegular,
  ShieldKeyholeRegular,
  WarningRegular,
} from "../../../components/icons";
import { type Look, ToneWord, unknownLook } from "../../../components/tone-word";

const checkLooks: Record<CheckState, Look> = {
  yes: [CheckmarkCircleRegular, "good", "Yes"],
  no: [DismissCircleRegular, "bad", "No"],
  unknown: unknownLook,
};
export const CheckWord = ({ state }: { state: CheckState }) => <ToneWord look={checkLooks[state] ?? unknownLook} />;

const reachLooks: Record<Reach, Look> = {
  reaches: [ShieldDismissRegular, "bad", "Reaches it"],
  mfa: [ShieldKeyholeRegular, "amber", "Asks for MFA"],
  unknown: unknownLook,
  reportOnly: [BeakerRegular, "amber", "Would reach it, report-only"],
  off: [CircleRegular, "quiet", "Would reach it, off"],
  sessionOnly: [InfoRegular, "calm", "Session only"],
  excluded: [ShieldCheckmarkRegular, "good", "Excluded"],
  notIncluded: [CheckmarkCircleRegular, "good", "Not included"],
};
export const ReachWord = ({ reach, title }: { reach: Reach; title?: string }) => (
  <ToneWord look={reachLooks[reach] ?? unknownLook} title={title} />
);

/** It has a say in access, now or once it is turned on: an exclusion would keep it away. */
export const excludable: ReadonlySet<Reach> = new Set<Reach>(["reaches", "mfa", "reportOnly", "off"]);

const drillLooks: Record<DrillState, Look> = {
  planned: [ClockRegular, "calm", "Planned"],
  running: [PlayCircleRegular, "amber", "Running now"],
  unanswered: [WarningRegular, "warn", "Not recorded yet"],
  worked: [CheckmarkCircleRegular, "good", "Worked"],
  failed: [DismissCircleRegular, "bad", "Did not work"],
  cancelled: [CircleRegular, "quiet", "Cancelled"],
};
export const DrillWord = ({ state }: { state: DrillState }) => (
  <ToneWord look={drillLooks[state] ?? unknownLook} strong />
);

/** A drill's state at a moment: a page that stays open sees its window begin and end. */
export function drillState(
  { state, startsAt, endsAt }: Pick<Drill, "state" | "startsAt" | "endsAt">,
  now: Date,
): DrillState {
  if (state !== "planned" && state !== "running" && state !== "unanswered") return state;
  if (now < new Date(startsAt)) return "planned";
  return now <= new Date(endsAt) ? "running" : "unanswered";
}
