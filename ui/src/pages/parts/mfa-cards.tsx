// The cards of the MFA page: people, admins, and who is not counted; the rest have files of their own. Every count filters the list below.
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { AccountClass, MfaCounts, MfaPosture } from "../../bindings";
import { WarningRegular } from "../../components/icons";
import { MfaBar, MfaLegend, mfaPercent, mfaSentence, people } from "../../components/mfa";
import { cleanName } from "../../components/names";
import { count, sentence } from "../../components/words";
import { classOne, classWords } from "./account-words";
import { MethodsChart, MfaTrend, MoreTrends } from "./mfa-charts";
import { EnforcementCard } from "./mfa-enforcement";
import { Pick } from "./mfa-pick";
import { type Picks, ways, wayWord } from "./mfa-picks";
import { PasskeyCard, WithoutPhoneCard } from "./mfa-readiness";
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
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  warnIcon: { fontSize: "16px", verticalAlign: "text-bottom" },
  two: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1.6fr) minmax(280px, 1fr)",
    gap: tokens.spacingHorizontalL,
    marginBottom: tokens.spacingVerticalL,
    flexShrink: 0,
    "@media (max-width: 1000px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  stack: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    minWidth: 0,
    flexShrink: 0,
    marginBottom: tokens.spacingVerticalL,
  },
  ways: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalM },
  gaps: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gap: tokens.spacingVerticalXS,
    color: tokens.colorNeutralForeground2,
    overflowWrap: "anywhere",
  },
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
    '&[aria-pressed="true"]': { backgroundColor: tokens.colorNeutralBackground1Selected },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

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
            picked={picks.buckets("people")}
            onPick={(bucket) => picks.bucket(bucket, "people")}
          />
          <NotCounted posture={posture} picks={picks} />
        </PageCard>
        <AdminsCard posture={posture} picks={picks} />
      </div>
      <div className={styles.two}>
        <EnforcementCard posture={posture} picks={picks} />
        <PageCard title="Trend">
          <MfaTrend points={posture.trend} />
          <MoreTrends points={posture.trend} />
        </PageCard>
      </div>
      <div className={styles.three}>
        <PasskeyCard posture={posture} picks={picks} />
        <WithoutPhoneCard posture={posture} picks={picks} />
        <PageCard title="Methods">
          <MethodsChart methods={posture.methods} whole={people(posture.people)} />
        </PageCard>
      </div>
      {posture.gaps.length > 0 && (
        <div className={styles.stack}>
          <Gaps gaps={posture.gaps} />
        </div>
      )}
    </>
  );
}

function AdminsCard({ posture, picks }: { posture: MfaPosture; picks: Picks }) {
  const styles = useStyles();
  const held = posture.adminWays;
  return (
    <PageCard title="Admins">
      {people(posture.admins) === 0 ? (
        <Text className={styles.quiet}>
          {held === null
            ? "Who holds a privileged role is not known: roles were not read."
            : "Nobody is known to hold a privileged role."}
        </Text>
      ) : (
        <>
          <Share counts={posture.admins} />
          <MfaBar counts={posture.admins} height={16} />
          <MfaLegend
            counts={posture.admins}
            picked={picks.buckets("admins")}
            onPick={(bucket) => picks.bucket(bucket, "admins")}
          />
          {held && (
            <div className={styles.ways}>
              <Text size={200} className={styles.quiet}>
                Held:
              </Text>
              {ways
                .filter((way) => held[way] > 0)
                .map((way) => (
                  <button
                    key={way}
                    type="button"
                    className={styles.chip}
                    aria-pressed={picks.picked({ way })}
                    onClick={() => picks.pick({ way })}
                  >
                    <Text size={200}>
                      {count(held[way])} {wayWord[way].toLowerCase()}
                    </Text>
                  </button>
                ))}
            </div>
          )}
          <Pick
            picked={picks.picked({ stale: "1" })}
            onPick={() => picks.pick({ stale: "1" })}
            value={posture.staleAdmins}
          >
            <span className={posture.staleAdmins > 0 ? styles.warn : undefined}>
              {posture.staleAdmins > 0 && <WarningRegular className={styles.warnIcon} aria-hidden />} Stale: newest
              method older than 180 days
            </span>
          </Pick>
        </>
      )}
    </PageCard>
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

function NotCounted({ posture, picks }: { posture: MfaPosture; picks: Picks }) {
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
        <button
          key={klass}
          type="button"
          className={styles.chip}
          aria-pressed={picks.picked({ class: klass })}
          onClick={() => picks.pick({ class: klass })}
        >
          <Text size={200}>
            {count(number)} {lower(number === 1 ? classOne[klass] : classWords[klass])}
          </Text>
        </button>
      ))}
    </div>
  );
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
