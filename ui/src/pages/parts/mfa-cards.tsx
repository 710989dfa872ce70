// The cards of the MFA page: people, admins, registered against enforced, and who is not counted. Every count filters the list below.
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { AccountClass, MfaBucket, MfaCounts, MfaPosture } from "../../bindings";
import { WarningRegular } from "../../components/icons";
import { MfaBar, MfaLegend, mfaPercent, mfaSentence, people } from "../../components/mfa";
import { cleanName } from "../../components/names";
import { count, counted, sentence } from "../../components/words";
import { classOne, classWords } from "./account-words";
import { MethodsChart, MfaTrend } from "./mfa-charts";
import { PageCard } from "./user-cards";

const useStyles = makeStyles({
  top: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1.6fr) minmax(280px, 1fr)",
    gap: tokens.spacingHorizontalL,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
    "@media (max-width: 1000px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  three: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(280px, 1fr))",
    gap: tokens.spacingHorizontalL,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
  },
  large: {
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  pick: {
    display: "flex",
    justifyContent: "space-between",
    alignItems: "baseline",
    gap: tokens.spacingHorizontalM,
    width: "100%",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    marginInline: `calc(-1 * ${tokens.spacingHorizontalS})`,
    boxSizing: "content-box",
    border: "none",
    background: "none",
    font: "inherit",
    color: "inherit",
    textAlign: "start",
    cursor: "pointer",
    borderRadius: tokens.borderRadiusMedium,
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  picked: { backgroundColor: tokens.colorNeutralBackground1Selected },
  number: { fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: "tabular-nums" },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  warnIcon: { fontSize: "16px", verticalAlign: "text-bottom" },
  figure: {
    display: "flex",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalXS} 0`,
  },
  stack: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, minWidth: 0 },
  gaps: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gap: tokens.spacingVerticalXS,
    color: tokens.colorNeutralForeground2,
    overflowWrap: "anywhere",
  },
  rows: { display: "grid", gap: tokens.spacingVerticalXXS },
  apart: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    paddingTop: tokens.spacingVerticalS,
  },
  chip: {
    border: "none",
    background: "none",
    font: "inherit",
    color: tokens.colorBrandForegroundLink,
    cursor: "pointer",
    padding: tokens.spacingVerticalXXS,
    borderRadius: tokens.borderRadiusMedium,
    ":hover": { textDecorationLine: "underline" },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

export interface Picks {
  buckets: readonly MfaBucket[];
  people: boolean;
  admins: boolean;
  stale: boolean;
  bucket: (bucket: MfaBucket) => void;
  adminBucket: (bucket: MfaBucket) => void;
  toggleStale: () => void;
  only: (klass: AccountClass) => void;
}

export function PostureCards({ posture, picks }: { posture: MfaPosture; picks: Picks }) {
  const styles = useStyles();
  return (
    <>
      <div className={styles.top}>
        <PageCard title="People">
          <Share counts={posture.people} />
          <MfaBar counts={posture.people} height={16} />
          <MfaLegend
            counts={posture.people}
            picked={picks.people && !picks.admins ? picks.buckets : []}
            onPick={picks.bucket}
          />
          <NotCounted posture={posture} only={picks.only} />
        </PageCard>
        <PageCard title="Admins">
          {people(posture.admins) === 0 ? (
            <Text className={styles.quiet}>
              Nobody is known to hold a privileged role. Where roles could not be read, that is said above.
            </Text>
          ) : (
            <>
              <Share counts={posture.admins} />
              <MfaBar counts={posture.admins} height={16} />
              <MfaLegend
                counts={posture.admins}
                picked={picks.admins ? picks.buckets : []}
                onPick={picks.adminBucket}
              />
              <Pick picked={picks.stale} onPick={picks.toggleStale} value={posture.staleAdmins}>
                <span className={posture.staleAdmins > 0 ? styles.warn : undefined}>
                  {posture.staleAdmins > 0 && <WarningRegular className={styles.warnIcon} aria-hidden />} Stale: newest
                  method older than 180 days
                </span>
              </Pick>
            </>
          )}
        </PageCard>
      </div>
      <div className={styles.three}>
        <EnforcementCard posture={posture} />
        <PageCard title="Methods">
          <MethodsChart methods={posture.methods} whole={people(posture.people)} />
        </PageCard>
        <div className={styles.stack}>
          <PageCard title="Trend">
            <MfaTrend points={posture.trend} />
          </PageCard>
          <Gaps gaps={posture.gaps} />
        </div>
      </div>
    </>
  );
}

/** The percentage large, who it is made of beside it. */
function Share({ counts }: { counts: MfaCounts }) {
  const styles = useStyles();
  const percentage = mfaPercent(counts);
  return (
    <span>
      <span className={styles.large}>{percentage ?? "Unknown"}</span>{" "}
      {percentage !== null && (
        <span className={styles.quiet}>have MFA, {mfaSentence(counts).replace(/^[^,]*, /, "")}</span>
      )}
    </span>
  );
}

/** What the figures above do not know. */
export function Gaps({ gaps }: { gaps: readonly string[] }) {
  const styles = useStyles();
  if (gaps.length === 0) return null;
  return (
    <PageCard title="What could not be read">
      <ul className={styles.gaps}>
        {gaps.map((gap) => (
          <li key={gap}>
            <Text size={200}>{sentence(cleanName(gap))}</Text>
          </li>
        ))}
      </ul>
    </PageCard>
  );
}

function Pick({
  picked,
  onPick,
  value,
  children,
}: {
  picked: boolean;
  onPick: () => void;
  value: number;
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <button
      type="button"
      className={mergeClasses(styles.pick, picked && styles.picked)}
      aria-pressed={picked}
      onClick={onPick}
    >
      <span>{children}</span>
      <span className={styles.number}>{count(value)}</span>
    </button>
  );
}

function NotCounted({ posture, only }: { posture: MfaPosture; only: (klass: AccountClass) => void }) {
  const styles = useStyles();
  const apart: readonly (readonly [AccountClass, number])[] = [
    ["guest", posture.guests],
    ["sharedMailbox", posture.sharedMailboxes],
    ["serviceAccount", posture.serviceAccounts],
    ["breakGlass", posture.breakGlass],
    ["blocked", posture.blocked],
  ];
  const some = apart.filter(([, number]) => number > 0);
  if (some.length === 0) return null;
  return (
    <div className={styles.apart}>
      <Text size={200} className={styles.quiet}>
        Not counted:
      </Text>
      {some.map(([klass, number]) => (
        <button key={klass} type="button" className={styles.chip} onClick={() => only(klass)}>
          <Text size={200}>
            {count(number)} {lower(number === 1 ? classOne[klass] : classWords[klass])}
          </Text>
        </button>
      ))}
    </div>
  );
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Two facts that are not the same: what people have, and what they are asked for. */
function EnforcementCard({ posture }: { posture: MfaPosture }) {
  const styles = useStyles();
  const whole = people(posture.people);
  const unknown = posture.enforcementUnknown;
  const allUnknown = whole > 0 && unknown >= whole;
  return (
    <PageCard title="Registered against enforced">
      <div className={styles.rows}>
        {!allUnknown && (
          <>
            <Figure
              words="Registered, but nothing demands it"
              value={posture.registeredNotEnforced}
              bad={posture.registeredNotEnforced > 0}
            />
            <Figure
              words="Demanded, but nothing registered: locked out soon"
              value={posture.enforcedNotRegistered}
              bad={posture.enforcedNotRegistered > 0}
            />
          </>
        )}
        <Figure words="Enforcement unknown" value={unknown} />
      </div>
      <Text size={200} className={styles.quiet}>
        {posture.securityDefaults === null
          ? "Security defaults were not read."
          : `Security defaults are ${posture.securityDefaults ? "on" : "off"}.`}{" "}
        {unknown > 0 &&
          `For ${allUnknown ? "all" : "these"} ${counted(unknown, "person", "people")} it is not known whether anything demands MFA: what Conditional Access demands of them could not be judged.`}
      </Text>
    </PageCard>
  );
}

function Figure({ words, value, bad = false }: { words: string; value: number; bad?: boolean }) {
  const styles = useStyles();
  return (
    <div className={styles.figure}>
      <span className={bad ? styles.warn : undefined}>{words}</span>
      <span className={styles.number}>{count(value)}</span>
    </div>
  );
}
