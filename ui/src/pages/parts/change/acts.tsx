// The buttons of a change's page: the next act as the one primary button, the others beside it, each with its question first. What cannot be
// done now says why in words.
import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { type ReactElement, type ReactNode, useState } from "react";
import { useGo } from "../../../address";
import { type ChangeAct, type ChangeDetail, commands } from "../../../bindings";
import {
  ArrowUndoRegular,
  BeakerRegular,
  CalendarClockRegular,
  CheckmarkRegular,
  DismissRegular,
  EditRegular,
  InfoRegular,
  PlayCircleRegular,
  ShieldTaskRegular,
} from "../../../components/icons";
import { useSay } from "../../../components/say";
import { MOVED_ON, useActing } from "../../../data/changes";
import { ask, problemOf } from "../../../data/ipc";
import { ApplyDialog, ApproveDialog, CancelDialog, RollbackDialog, ScheduleDialog } from "./dialogs";
import { actWord, confirmedCodes, keptBy, nextAct } from "./next-act";

const useStyles = makeStyles({
  reasons: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gap: tokens.spacingVerticalXS,
    color: tokens.colorNeutralForeground2,
  },
  reason: { display: "flex", gap: tokens.spacingHorizontalS, overflowWrap: "anywhere" },
  icon: { fontSize: "16px", flexShrink: 0, marginTop: "2px" },
});

const icons: Record<ChangeAct, ReactElement> = {
  edit: <EditRegular />,
  dryRun: <BeakerRegular />,
  approve: <CheckmarkRegular />,
  apply: <PlayCircleRegular />,
  schedule: <CalendarClockRegular />,
  unschedule: <CalendarClockRegular />,
  cancel: <DismissRegular />,
  rollback: <ArrowUndoRegular />,
  enforce: <ShieldTaskRegular />,
};
const ORDER: readonly ChangeAct[] = [
  "apply",
  "approve",
  "enforce",
  "schedule",
  "unschedule",
  "dryRun",
  "edit",
  "rollback",
  "cancel",
];

export interface Reason {
  acts: string[];
  why: string;
}

type Doing = { act: ChangeAct; at?: string; note?: string | null };

export function useActs(
  change: ChangeDetail,
  confirmed: ReadonlySet<string>,
  now: Date,
): { buttons: ReactNode; dialog: ReactNode; reasons: Reason[]; movedOn: boolean } {
  const go = useGo();
  const say = useSay();
  const [asking, setAsking] = useState<ChangeAct | null>(null);
  const { id, revision } = { id: change.row.id, revision: change.revision };
  const run = ({ act, at, note }: Doing) => {
    const codes = confirmedCodes(change, confirmed);
    switch (act) {
      case "dryRun":
        return ask(commands.changeDryRun(id, revision));
      case "approve":
        return ask(commands.changeApprove(id, revision, note ?? null));
      case "apply":
        return ask(commands.changeApply(id, revision, codes));
      case "schedule":
        return ask(commands.changeSchedule(id, revision, at ?? null, codes));
      case "unschedule":
        return ask(commands.changeSchedule(id, revision, null, codes));
      case "cancel":
        return ask(commands.changeCancel(id, revision, note ?? null));
      case "rollback":
        return ask(commands.changeRollback(id, revision));
      default:
        return ask(commands.changeEnforce(id));
    }
  };
  const doing = useActing<Doing>(id, run, (next) => {
    if (next.row.id === id) return;
    say("The change that enforces it is drafted");
    go(`/changes/${next.row.id}`);
  });
  const begin = (input: Doing) => {
    setAsking(null);
    doing.mutate(input);
  };
  const press = (act: ChangeAct) => {
    if (act === "edit") go(`/changes/${id}/edit`);
    else if (act === "dryRun" || act === "enforce" || act === "unschedule") begin({ act });
    else setAsking(act);
  };
  const busy = doing.isPending;
  const next = nextAct(change, now);
  const sorted = ORDER.flatMap((act) => change.acts.filter((each) => each.act === act));
  const shown = next ? [next, ...sorted.filter((each) => each.act !== next.act)] : sorted;
  const kept = new Map(shown.map((each) => [each.act, keptBy(each, change, confirmed, now)]));
  const reasons: Reason[] = [];
  for (const { act } of shown) {
    const why = kept.get(act);
    if (!why) continue;
    const known = reasons.find((each) => each.why === why);
    if (known) known.acts.push(actWord[act]);
    else reasons.push({ acts: [actWord[act]], why });
  }
  const common = { change, busy, close: () => setAsking(null) };
  return {
    reasons,
    movedOn: doing.error !== null && problemOf(doing.error).code === MOVED_ON,
    buttons:
      shown.length > 0 &&
      shown.map(({ act }) => (
        <Button
          key={act}
          appearance={act === next?.act ? "primary" : "secondary"}
          icon={busy && doing.variables?.act === act ? <Spinner size="tiny" /> : icons[act]}
          disabled={busy || kept.get(act) !== null}
          onClick={() => press(act)}
        >
          {act === "dryRun" && change.dryRun ? "New dry run" : actWord[act]}
        </Button>
      )),
    dialog:
      asking === "apply" ? (
        <ApplyDialog {...common} run={() => begin({ act: "apply" })} />
      ) : asking === "approve" ? (
        <ApproveDialog {...common} run={(note) => begin({ act: "approve", note })} />
      ) : asking === "cancel" ? (
        <CancelDialog {...common} run={(note) => begin({ act: "cancel", note })} />
      ) : asking === "rollback" ? (
        <RollbackDialog {...common} run={() => begin({ act: "rollback" })} />
      ) : asking === "schedule" ? (
        <ScheduleDialog {...common} now={now} run={(at) => begin({ act: "schedule", at })} />
      ) : null,
  };
}

/** Why some of the buttons above cannot be pressed, each reason once. */
export function ActBar({ reasons }: { reasons: readonly Reason[] }) {
  const styles = useStyles();
  if (reasons.length === 0) return null;
  return (
    <ul className={styles.reasons} aria-label="Not possible now">
      {reasons.map(({ acts, why }) => (
        <li key={why} className={styles.reason}>
          <InfoRegular className={styles.icon} aria-hidden />
          <Text>
            <b>{acts.join(", ")}:</b> {why}
          </Text>
        </li>
      ))}
    </ul>
  );
}
