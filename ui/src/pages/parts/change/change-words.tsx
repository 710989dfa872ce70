// The states, kinds, stages and impacts of a change as colour, icon and word.
import type { ChangeKind, ChangeState, GuardWeight, ImpactKind, Stage, StageState } from "../../../bindings";
import {
  ArrowSyncRegular,
  ArrowUndoRegular,
  BeakerRegular,
  CheckmarkCircleRegular,
  CircleRegular,
  DismissCircleRegular,
  EditRegular,
  LockClosedRegular,
  PersonClockRegular,
  ProhibitedRegular,
  QuestionCircleRegular,
  RecordRegular,
  ShieldDismissRegular,
  ShieldTaskRegular,
  WarningRegular,
} from "../../../components/icons";
import { type Look, ToneWord, unknownLook } from "../../../components/tone-word";

const stateLooks: Record<ChangeState, Look> = {
  draft: [EditRegular, "quiet", "Draft"],
  dryRun: [BeakerRegular, "calm", "Dry run made"],
  blocked: [ProhibitedRegular, "bad", "Stopped by a guard"],
  waiting: [PersonClockRegular, "amber", "Waits for approval"],
  approved: [CheckmarkCircleRegular, "calm", "Approved"],
  applying: [ArrowSyncRegular, "calm", "Applying"],
  applied: [ArrowSyncRegular, "calm", "Applied, not seen back yet"],
  verified: [CheckmarkCircleRegular, "good", "Verified"],
  rollingBack: [ArrowUndoRegular, "calm", "Rolling back"],
  rolledBack: [ArrowUndoRegular, "quiet", "Rolled back"],
  failed: [DismissCircleRegular, "bad", "Failed"],
  cancelled: [DismissCircleRegular, "quiet", "Cancelled"],
};
export const changeStates = Object.keys(stateLooks) as ChangeState[];
export const stateWord = (state: ChangeState) => (stateLooks[state] ?? unknownLook)[2];
export const ChangeStateWord = ({ state }: { state: ChangeState }) => (
  <ToneWord look={stateLooks[state] ?? unknownLook} />
);

const kindWords: Record<ChangeKind, string> = {
  create: "New policy",
  delete: "Deletion",
  state: "State of a policy",
  assignment: "People and applications",
  conditions: "Conditions",
  grant: "Grant controls",
  session: "Session controls",
  update: "Several parts of a policy",
  namedLocation: "Named location",
  groupMembership: "Group membership",
  restore: "Older version",
};
export const changeKinds = Object.keys(kindWords) as ChangeKind[];
export const kindWord = (kind: ChangeKind) => kindWords[kind] ?? "Unknown";

export const stageWord: Record<Stage, string> = {
  draft: "Draft",
  dryRun: "Dry run",
  approval: "Approval",
  apply: "Apply",
};
const stageLooks: Record<StageState, Look> = {
  done: [CheckmarkCircleRegular, "good", "Done"],
  current: [RecordRegular, "calm", "Now"],
  toDo: [CircleRegular, "quiet", "To do"],
  failed: [DismissCircleRegular, "bad", "Failed"],
  skipped: [CircleRegular, "quiet", "Not needed"],
};
export const stageLook = (state: StageState): Look => stageLooks[state] ?? unknownLook;

const impactLooks: Record<ImpactKind, Look> = {
  newlyBlocked: [LockClosedRegular, "bad", "Newly blocked"],
  newlyAsked: [ShieldTaskRegular, "calm", "Newly asked"],
  newlyUnprotected: [ShieldDismissRegular, "warn", "Newly unprotected"],
  noLongerBlocked: [CheckmarkCircleRegular, "quiet", "No longer blocked"],
  noLongerAsked: [CircleRegular, "quiet", "No longer asked"],
  cannotSay: [QuestionCircleRegular, "quiet", "Cannot say"],
};
export const impactLook = (kind: ImpactKind): Look => impactLooks[kind] ?? unknownLook;
export const impactMeaning: Record<ImpactKind, string> = {
  newlyBlocked: "Got in before and would be refused",
  newlyAsked: "Would have to do MFA or meet another requirement",
  newlyUnprotected: "Less or nothing protects them any more",
  noLongerBlocked: "Were refused and would get in",
  noLongerAsked: "Would be asked for nothing any more",
  cannotSay: "The engine cannot say, before or after",
};

const guardLooks: Record<GuardWeight, Look> = {
  stops: [DismissCircleRegular, "bad", "Stops"],
  asks: [WarningRegular, "warn", "Asks"],
};
export const GuardWord = ({ weight }: { weight: GuardWeight }) => (
  <ToneWord strong look={guardLooks[weight] ?? unknownLook} />
);
