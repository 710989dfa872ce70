// Where an exception or a carve-out stands, always as icon, colour and word; days on the customer's calendar.
import { makeStyles, tokens } from "@fluentui/react-components";
import type { CarveOutRow, CarveOutStanding, ExceptionRow, SubjectKind } from "../../../bindings";
import {
  BeakerRegular,
  CheckmarkCircleRegular,
  CircleRegular,
  ClockRegular,
  DismissCircleRegular,
  EditRegular,
  ErrorCircleRegular,
  KeyRegular,
  MailInboxRegular,
  PersonClockRegular,
  WarningRegular,
} from "../../../components/icons";
import { type Look, ToneWord, unknownLook } from "../../../components/tone-word";

const useStyles = makeStyles({
  days: { display: "flex", flexDirection: "column", minWidth: 0, lineHeight: tokens.lineHeightBase200 },
  late: { fontSize: tokens.fontSizeBase200 },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3, whiteSpace: "nowrap" },
});

/** A past end or an overdue review stands out before everything else that could be said. */
export function exceptionLook(row: ExceptionRow): Look {
  if (row.state === "ended") return [CircleRegular, "quiet", "Ended"];
  if (row.pastEnd) return [ErrorCircleRegular, "bad", "Past its end"];
  if (row.reviewOverdue) return [WarningRegular, "warn", "Review overdue"];
  if (row.state === "declined") return [DismissCircleRegular, "bad", "Declined"];
  if (row.state === "signed") return [CheckmarkCircleRegular, "good", "Signed"];
  if (row.state === "sent") return [MailInboxRegular, "calm", "Sent"];
  if (row.state === "draft") return [EditRegular, "amber", "Draft, not signed"];
  return unknownLook;
}

export const ExceptionWord = ({ row }: { row: ExceptionRow }) => <ToneWord look={exceptionLook(row)} />;

const standings: Record<CarveOutStanding, Look> = {
  declined: [DismissCircleRegular, "bad", "Declined"],
  notSignedOff: [WarningRegular, "warn", "Not signed off"],
  inRegister: [CheckmarkCircleRegular, "good", "In the register"],
  timeBound: [PersonClockRegular, "calm", "Time-bound"],
  breakGlass: [KeyRegular, "calm", "By design"],
};

const unanswered = (row: CarveOutRow) => row.standing === "notSignedOff" || row.standing === "declined";
// A policy that is report-only asks nobody, so what it leaves out exempts nobody.
export const isOpen = (row: CarveOutRow) => !row.reportOnly && unanswered(row);
export const exemptsNobody = (row: CarveOutRow) => row.reportOnly && unanswered(row);

export const standingLook = (row: CarveOutRow): Look =>
  exemptsNobody(row) ? [BeakerRegular, "quiet", "Report-only"] : (standings[row.standing] ?? unknownLook);
export const StandingWord = ({ row }: { row: CarveOutRow }) => (
  <ToneWord look={standingLook(row)} title={row.standingWords} />
);

export const kindWords: Record<SubjectKind, string> = {
  user: "Person",
  group: "Group",
  role: "Role",
  guests: "Guests",
  application: "Application",
  location: "Location",
  platform: "Platform",
  device: "Devices",
  client: "Client",
  other: "Other",
};

/** "31 Jan 2027"; a day of a calendar, in no zone. */
export function dayWords(day: string): string {
  const at = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(
    at,
  );
}

export function ExceptionDays({ row }: { row: ExceptionRow }) {
  const styles = useStyles();
  if (row.state === "ended") return <span className={styles.small}>Over</span>;
  return (
    <span className={styles.days}>
      {row.pastEnd && row.until ? (
        <ToneWord look={[ErrorCircleRegular, "bad", `Ended ${dayWords(row.until)}`]} />
      ) : (
        <span>{row.until ? dayWords(row.until) : "No end agreed"}</span>
      )}
      {row.reviewDue &&
        (row.reviewOverdue ? (
          <span className={styles.late}>
            <ToneWord look={[ClockRegular, "warn", `Was due ${dayWords(row.reviewDue)}`]} />
          </span>
        ) : (
          <span className={styles.small}>Review by {dayWords(row.reviewDue)}</span>
        ))}
    </span>
  );
}

export const exemptFrom = (row: ExceptionRow) => row.policy?.displayName ?? "MFA altogether";
