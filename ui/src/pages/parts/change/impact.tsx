// What the dry run says would have happened to the real sign-ins: three numbers that open, the others smaller, and who is affected by name.
import { Button, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { DryRun, Impact, ImpactKind, PersonRef } from "../../../bindings";
import { cleanName } from "../../../components/names";
import { useNow } from "../../../components/relative-time";
import { ToneIcon } from "../../../components/tone-word";
import { count, counted, dayAndTime } from "../../../components/words";
import { own } from "../../../theme";
import { Names } from "../gap-people";
import { Remarks } from "../remarks";
import { PageCard } from "../user-cards";
import { impactLook, impactMeaning } from "./change-words";

const MAIN: readonly ImpactKind[] = ["newlyBlocked", "newlyAsked", "newlyUnprotected"];

const useStyles = makeStyles({
  numbers: {
    display: "grid",
    gridTemplateColumns: "repeat(3, minmax(0, 1fr))",
    gap: tokens.spacingHorizontalM,
    "@media (max-width: 760px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  number: {
    appearance: "none",
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXS,
    minWidth: 0,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    font: "inherit",
    textAlign: "start",
    cursor: "pointer",
    ":hover": { backgroundColor: own.rowHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "1px" },
    ":disabled": { cursor: "default", backgroundColor: tokens.colorNeutralBackground1 },
  },
  large: {
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: "tabular-nums",
  },
  title: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  none: { color: tokens.colorNeutralForeground3 },
  quiet: { color: tokens.colorNeutralForeground3 },
  others: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  affected: { display: "grid", gap: tokens.spacingVerticalXS },
});

export function ImpactCard({ dryRun, open }: { dryRun: DryRun; open: (kind: ImpactKind) => void }) {
  const styles = useStyles();
  const now = useNow();
  const others = dryRun.impacts.filter((each) => !MAIN.includes(each.kind) && each.signIns > 0);
  const facts =
    dryRun.signIns === 0 || !dryRun.from || !dryRun.to
      ? "No sign-in was replayed"
      : `${counted(dryRun.signIns, "sign-in")}, ${dayAndTime(new Date(dryRun.from), now)} to ${dayAndTime(new Date(dryRun.to), now)}`;
  return (
    <PageCard
      title="What would have happened"
      aside={
        <Text size={200} className={styles.quiet}>
          {facts}
        </Text>
      }
    >
      <Remarks of={dryRun.remarks} title="What the dry run could not see." />
      <div className={styles.numbers}>
        {MAIN.map((kind) => (
          <Figure key={kind} impact={dryRun.impacts.find((each) => each.kind === kind)} kind={kind} open={open} />
        ))}
      </div>
      {others.length > 0 && (
        <div className={styles.others}>
          {others.map((each) => (
            <Button
              key={each.kind}
              size="small"
              appearance="subtle"
              icon={<ToneIcon look={impactLook(each.kind)} />}
              title={impactMeaning[each.kind]}
              onClick={() => open(each.kind)}
            >
              {impactLook(each.kind)[2]}: {counted(each.signIns, "sign-in")}
            </Button>
          ))}
        </div>
      )}
    </PageCard>
  );
}

function Figure({
  impact,
  kind,
  open,
}: {
  impact: Impact | undefined;
  kind: ImpactKind;
  open: (kind: ImpactKind) => void;
}) {
  const styles = useStyles();
  const look = impactLook(kind);
  const people = impact?.peopleCount ?? 0;
  const signIns = impact?.signIns ?? 0;
  const none = signIns === 0;
  return (
    <button
      type="button"
      className={styles.number}
      disabled={none}
      title={impactMeaning[kind]}
      aria-label={`${look[2]}: ${none ? "nobody" : `${counted(people, "person", "people")}, ${counted(signIns, "sign-in")}`}`}
      onClick={() => open(kind)}
    >
      <span className={styles.title}>
        <ToneIcon look={none ? [look[0], "quiet"] : look} />
        <Text weight="semibold">{look[2]}</Text>
      </span>
      <span className={mergeClasses(styles.large, none && styles.none)}>{count(people)}</span>
      <Text size={200} className={styles.quiet}>
        {none ? "Nobody" : `${people === 1 ? "person" : "people"}, ${counted(signIns, "sign-in")}`}
      </Text>
    </button>
  );
}

export function AffectedCard({ tenant, dryRun }: { tenant: string; dryRun: DryRun }) {
  const styles = useStyles();
  const { affected } = dryRun;
  const side = (title: string, amount: number | null, people: readonly PersonRef[]) => (
    <div className={styles.affected} role="group" aria-label={title}>
      <Text>
        <b>{title}:</b>{" "}
        {amount === null
          ? "cannot be said, because members of a group were never read"
          : amount === 0
            ? "nobody"
            : counted(amount, "person", "people")}
      </Text>
      {people.length > 0 && (
        <Names
          tenant={tenant}
          people={people.map((each) => ({ ...each, displayName: cleanName(each.displayName) }))}
          users={amount}
        />
      )}
    </div>
  );
  return (
    <PageCard title="Who is affected">
      {side("Newly under the policy", affected.gained, affected.gainedPeople)}
      {side("No longer under it", affected.lost, affected.lostPeople)}
      <Text size={200} className={styles.quiet}>
        By the engine, whether they signed in or not.
      </Text>
    </PageCard>
  );
}
