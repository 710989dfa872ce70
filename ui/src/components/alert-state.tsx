// An alert's state in words; a muted one says until when.
import { makeStyles, tokens } from "@fluentui/react-components";
import type { AlertRow, AlertState } from "../bindings";
import { CheckmarkCircleRegular, CheckmarkRegular, CircleRegular, SpeakerMuteRegular } from "./icons";
import { useNow } from "./relative-time";
import { day, fullTime } from "./words";

export const stateWord: Record<AlertState, string> = {
  open: "Open",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  muted: "Muted",
};

const icons = {
  open: CircleRegular,
  acknowledged: CheckmarkRegular,
  resolved: CheckmarkCircleRegular,
  muted: SpeakerMuteRegular,
} as const;

const useStyles = makeStyles({
  root: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    whiteSpace: "nowrap",
    color: tokens.colorNeutralForeground2,
  },
});

export function StateWord({ row }: { row: Pick<AlertRow, "state" | "mutedUntil"> }) {
  const styles = useStyles();
  const now = useNow();
  const Icon = icons[row.state] ?? CircleRegular;
  const until = row.state === "muted" && row.mutedUntil ? new Date(row.mutedUntil) : null;
  return (
    <span className={styles.root} title={until ? `Until ${fullTime(until)}` : undefined}>
      <Icon aria-hidden />
      {stateWord[row.state] ?? row.state}
      {until && ` until ${day(until, now)}`}
    </span>
  );
}
