// Planned tests of the accounts, the newest first: when on the customer's clock, why, and how each went.
import { Button, Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { BreakGlassView, Drill } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { useNow } from "../../../components/relative-time";
import { clockWords, count, counted, fullTime, sentence } from "../../../components/words";
import { knownZone } from "../change/zoned";
import { nameOf } from "./accounts";
import { CancelDialog, RecordDialog } from "./drill-dialogs";
import { DrillWord, drillState } from "./glass-words";

const useStyles = makeStyles({
  card: { padding: tokens.spacingHorizontalL, gap: tokens.spacingVerticalS },
  list: { listStyle: "none", margin: 0, padding: 0 },
  row: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXS,
    padding: `${tokens.spacingVerticalM} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: "anywhere",
  },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, marginTop: tokens.spacingVerticalXS },
});

const FIRST = 6;

export function Drills({ view }: { view: BreakGlassView }) {
  const styles = useStyles();
  const now = useNow();
  const [all, setAll] = useState(false);
  const [asking, setAsking] = useState<{ drill: Drill; what: "record" | "cancel" } | null>(null);
  const close = () => setAsking(null);
  const shown = all ? view.drills : view.drills.slice(0, FIRST);
  return (
    <Card className={styles.card} role="region" aria-label="Drills">
      <Subtitle2 as="h2">Drills</Subtitle2>
      {view.drills.length === 0 ? (
        <Text className={styles.quiet}>
          None was planned yet. Microsoft asks for a test of each account at least every 90 days: plan one, sign in with
          the account inside its window, and record that it worked.
        </Text>
      ) : (
        <ul className={styles.list}>
          {shown.map((drill) => (
            <Line
              key={drill.id}
              drill={drill}
              now={now}
              timeZone={knownZone(view.timeZone)}
              ask={(what) => setAsking({ drill, what })}
            />
          ))}
        </ul>
      )}
      {view.drills.length > shown.length && (
        <div>
          <Button onClick={() => setAll(true)}>Show all {counted(view.drills.length, "drill")}</Button>
        </div>
      )}
      {asking?.what === "record" && (
        <RecordDialog tenant={view.tenant} timeZone={view.timeZone} drill={asking.drill} close={close} />
      )}
      {asking?.what === "cancel" && (
        <CancelDialog
          tenant={view.tenant}
          timeZone={view.timeZone}
          drill={asking.drill}
          running={drillState(asking.drill, now) === "running"}
          close={close}
        />
      )}
    </Card>
  );
}

export const drillAbout = (drill: Drill) => (drill.account ? nameOf(drill.account) : "Every break-glass account");

function Line({
  drill,
  now,
  timeZone,
  ask,
}: {
  drill: Drill;
  now: Date;
  timeZone: string;
  ask: (what: "record" | "cancel") => void;
}) {
  const styles = useStyles();
  const state = drillState(drill, now);
  const begins = new Date(drill.startsAt);
  const ends = new Date(drill.endsAt);
  const words = `${drillAbout(drill)}, ${clockWords(begins, timeZone)}`;
  return (
    <li className={styles.row} data-testid="drill">
      <span className={styles.head}>
        <DrillWord state={state} />
        <Text weight="semibold">
          <bdi dir="auto">{drillAbout(drill)}</bdi>
        </Text>
      </span>
      <Text size={200} title={`${fullTime(begins, timeZone)} to ${fullTime(ends, timeZone)}`}>
        {clockWords(begins, timeZone)} to {clockWords(ends, timeZone)}, {timeZone.replaceAll("_", " ")}
      </Text>
      <Text size={200} className={styles.quiet}>
        {sentence(cleanName(drill.reason))} {drill.ticket && `Ticket ${cleanName(drill.ticket)}. `}
        Planned by <bdi dir="auto">{cleanName(drill.plannedBy)}</bdi>.{" "}
        {(state === "running" || drill.signIns > 0 || state === "unanswered") &&
          (drill.signIns === 0
            ? "No sign-in was seen in its window. "
            : `${count(drill.signIns)} ${drill.signIns === 1 ? "sign-in" : "sign-ins"} in its window. `)}
      </Text>
      {(drill.note || drill.doneBy) && (
        <Text size={200}>
          {drill.note && <bdi dir="auto">{sentence(cleanName(drill.note))} </bdi>}
          {drill.doneBy && (
            <span className={styles.quiet}>
              {state === "cancelled" ? "Cancelled" : "Recorded"} by <bdi dir="auto">{cleanName(drill.doneBy)}</bdi>.
            </span>
          )}
        </Text>
      )}
      {(state === "planned" || state === "running" || state === "unanswered") && (
        <span className={styles.buttons}>
          {state !== "planned" && (
            <Button size="small" aria-label={`Record how it went: ${words}`} onClick={() => ask("record")}>
              Record how it went
            </Button>
          )}
          {state !== "unanswered" && (
            <Button size="small" appearance="subtle" aria-label={`Cancel: ${words}`} onClick={() => ask("cancel")}>
              Cancel
            </Button>
          )}
        </span>
      )}
    </li>
  );
}
