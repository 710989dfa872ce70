// Which act comes next, and what keeps it from being done now. Pure: the present and what was confirmed are given.
import type { ActState, ChangeAct, ChangeDetail, DryRun } from "../../../bindings";
import { counted } from "../../../components/words";
import { guardKey, toConfirm } from "./guards";

export const actWord: Record<ChangeAct, string> = {
  edit: "Edit the draft",
  dryRun: "Make a dry run",
  approve: "Approve",
  apply: "Apply",
  schedule: "Apply later",
  unschedule: "Take the schedule back",
  cancel: "Cancel the change",
  rollback: "Roll back",
  enforce: "Enforce",
};

export const stops = (dryRun: DryRun | null) => dryRun?.guards.some((guard) => guard.weight === "stops") ?? false;

/** Why a dry run does not count any more; the page may be open for longer than it is valid. */
export function outdated(dryRun: DryRun | null, now: Date): string | null {
  if (!dryRun) return null;
  if (dryRun.outdated) return dryRun.outdated;
  return new Date(dryRun.validUntil) <= now ? "It is older than 30 minutes" : null;
}

/** The one act that the page is about now; null where nothing is to be done. */
export function nextAct(change: ChangeDetail, now: Date): ActState | null {
  const act = (name: ChangeAct) => change.acts.find((each) => each.act === name) ?? null;
  const fresh = change.dryRun !== null && outdated(change.dryRun, now) === null;
  if (stops(change.dryRun) && fresh) return act("edit");
  if (act("dryRun") && !fresh) return act("dryRun");
  return act("approve") ?? act("apply") ?? act("dryRun") ?? act("enforce");
}

/** Why an act cannot be done now, in a sentence; null: it can. */
export function keptBy(
  state: ActState,
  change: ChangeDetail,
  confirmed: ReadonlySet<string>,
  now: Date,
): string | null {
  if (state.blocked) return `${state.blocked.what}. ${state.blocked.nextStep}`;
  if (state.act !== "apply" && state.act !== "schedule") return null;
  const open = toConfirm(change.dryRun?.guards ?? []).filter((guard) => !confirmed.has(guardKey(guard)));
  if (open.length > 0)
    return `${counted(open.length, "guard asks", "guards ask")} whether it is meant so. Read and confirm under Guards first.`;
  const over = state.act === "apply" ? outdated(change.dryRun, now) : null;
  return over ? `The dry run no longer counts. ${over}. Make a new one.` : null;
}

/** Codes of the guards that were confirmed: where two share a code, both have to be. */
export function confirmedCodes(change: ChangeDetail, confirmed: ReadonlySet<string>): string[] {
  const asking = toConfirm(change.dryRun?.guards ?? []);
  const codes = [...new Set(asking.map((guard) => guard.code))];
  return codes.filter((code) => asking.every((guard) => guard.code !== code || confirmed.has(guardKey(guard))));
}
