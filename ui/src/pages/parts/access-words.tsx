// Where a time-bound access stands, always as icon, colour and word, and when it ends, on the customer's clock.
import { makeStyles, tokens } from "@fluentui/react-components";
import type { AccessRow, AccessState, RemovalOutcome } from "../../bindings";
import {
  ArrowSyncRegular,
  CheckmarkCircleRegular,
  CircleRegular,
  ClockRegular,
  DismissCircleRegular,
  QuestionCircleRegular,
  WarningRegular,
} from "../../components/icons";
import { RelativeTime } from "../../components/relative-time";
import { type Look, ToneWord, unknownLook } from "../../components/tone-word";

const useStyles = makeStyles({
  end: { display: "flex", flexDirection: "column", minWidth: 0, lineHeight: tokens.lineHeightBase200 },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3, whiteSpace: "nowrap" },
});

const looks: Record<AccessState, Look> = {
  requested: [ClockRegular, "calm", "Requested"],
  adding: [ArrowSyncRegular, "amber", "Being added"],
  active: [CheckmarkCircleRegular, "good", "Active"],
  expired: [WarningRegular, "bad", "Expired"],
  removing: [ArrowSyncRegular, "amber", "Being removed"],
  removed: [CircleRegular, "quiet", "Removed"],
  failed: [DismissCircleRegular, "bad", "Failed"],
  cancelled: [CircleRegular, "quiet", "Cancelled"],
};

/** The state as a person sees it: what ends soon stands out, and who stays in the group is not "expired". */
export function accessLook(row: AccessRow): Look {
  if (row.state === "active" && row.extendTo) return [ClockRegular, "calm", "Extension requested"];
  if (row.state === "active" && row.endsSoon) return [ClockRegular, "amber", "Ends soon"];
  if (row.state === "expired" && !row.toRemove) return [CircleRegular, "quiet", "Ended"];
  return looks[row.state] ?? unknownLook;
}

export const AccessStateWord = ({ row }: { row: AccessRow }) => (
  <ToneWord look={accessLook(row)} title={row.note ?? undefined} />
);

const outcomes: Record<RemovalOutcome, Look> = {
  removed: [CheckmarkCircleRegular, "good", "Removed"],
  alreadyGone: [CheckmarkCircleRegular, "quiet", "Was gone already"],
  refused: [DismissCircleRegular, "bad", "Refused"],
  unknown: [QuestionCircleRegular, "amber", "Not known yet"],
};

export const OutcomeWord = ({ outcome }: { outcome: RemovalOutcome }) => (
  <ToneWord look={outcomes[outcome] ?? unknownLook} />
);

/** "24 Nov, 18:00 GMT" on the customer's clock. */
export function onClock(at: string, timeZone: string): string {
  const options: Intl.DateTimeFormatOptions = {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  };
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone }).format(new Date(at));
  } catch {
    return new Intl.DateTimeFormat("en-GB", options).format(new Date(at));
  }
}

export function AccessEnd({ row }: { row: AccessRow }) {
  const styles = useStyles();
  return (
    <span className={styles.end}>
      <RelativeTime at={row.endsAt} timeZone={row.timeZone} />
      <span className={styles.small}>{onClock(row.endsAt, row.timeZone)}</span>
    </span>
  );
}
