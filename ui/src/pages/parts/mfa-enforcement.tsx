// Registered against enforced: two facts that are not the same, as a small table whose cells show whom they count. Both mismatches are named:
// a password alone is enough, and the next sign-in locks out.
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { Enforcement, MfaBucket, MfaPosture } from "../../bindings";
import { ErrorCircleRegular, WarningRegular } from "../../components/icons";
import { people } from "../../components/mfa";
import { count, counted } from "../../components/words";
import { enforcementWord } from "./account-words";
import { Pick } from "./mfa-pick";
import { enforcements, type Picks } from "./mfa-picks";
import { PageCard } from "./user-cards";

const rows: readonly { name: string; buckets: readonly MfaBucket[] }[] = [
  { name: "Registered", buckets: ["strong", "weak"] },
  { name: "Not registered", buckets: ["none"] },
  { name: "Not known", buckets: ["unknown"] },
];

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { width: "100%", borderCollapse: "collapse", fontVariantNumeric: "tabular-nums" },
  head: {
    textAlign: "end",
    verticalAlign: "bottom",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
  },
  row: { borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
  name: {
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
    padding: `${tokens.spacingVerticalXS} 0`,
    whiteSpace: "nowrap",
  },
  number: { textAlign: "end", padding: `${tokens.spacingVerticalXXS} 0` },
  cell: {
    minWidth: "52px",
    width: "100%",
    textAlign: "end",
    border: "none",
    background: "none",
    font: "inherit",
    fontWeight: tokens.fontWeightSemibold,
    color: "inherit",
    cursor: "pointer",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  nobody: { color: tokens.colorNeutralForeground3, padding: `0 ${tokens.spacingHorizontalS}` },
  picked: { backgroundColor: tokens.colorNeutralBackground1Selected },
  amber: { color: tokens.colorPaletteDarkOrangeForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  icon: { fontSize: "16px", verticalAlign: "text-bottom", marginInlineEnd: tokens.spacingHorizontalXS },
  named: { display: "grid", gap: tokens.spacingVerticalXXS },
  quiet: { color: tokens.colorNeutralForeground3 },
});

const ENFORCED: readonly Enforcement[] = ["conditionalAccess", "securityDefaults", "perUser"];

export function EnforcementCard({ posture, picks }: { posture: MfaPosture; picks: Picks }) {
  const styles = useStyles();
  const unknown = posture.enforcementUnknown;
  const whole = people(posture.people);
  const of = (buckets: readonly MfaBucket[], enforced: readonly Enforcement[]) =>
    posture.cross
      .filter((cell) => buckets.includes(cell.bucket) && enforced.includes(cell.enforced))
      .reduce((sum, cell) => sum + cell.people, 0);
  // A way that demands MFA of nobody here is no column, except the lack of any.
  const columns = enforcements.filter(
    (each) => each === "notEnforced" || posture.cross.some((cell) => cell.enforced === each),
  );
  const shown = rows.filter((row) => row.name !== "Not known" || of(row.buckets, enforcements) > 0);
  const registered = { mfa: "strong,weak", enforced: "notEnforced" };
  const lockedOut = { mfa: "none", enforced: ENFORCED.join(",") };
  return (
    <PageCard title="Registered against enforced">
      <div className={styles.scroll}>
        <table className={styles.table} aria-label="People by what they registered and what demands MFA of them">
          <thead>
            <tr>
              <th scope="col" className={mergeClasses(styles.head, styles.name)}>
                <span className={styles.quiet}>MFA demanded by</span>
              </th>
              {columns.map((each) => (
                <th key={each} scope="col" className={styles.head}>
                  {each === "notEnforced" ? "Nothing" : each === "unknown" ? "Not known" : enforcementWord[each]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.name} className={styles.row}>
                <th scope="row" className={styles.name}>
                  {row.name}
                </th>
                {columns.map((each) => {
                  const value = of(row.buckets, [each]);
                  const patch = { mfa: row.buckets.join(","), enforced: each };
                  const open = row.name === "Registered" && each === "notEnforced";
                  const soon = row.name === "Not registered" && ENFORCED.includes(each);
                  return (
                    <td key={each} className={styles.number}>
                      {value === 0 ? (
                        <span className={styles.nobody}>0</span>
                      ) : (
                        <button
                          type="button"
                          className={mergeClasses(
                            styles.cell,
                            open && styles.amber,
                            soon && styles.bad,
                            picks.picked(patch) && styles.picked,
                          )}
                          aria-pressed={picks.picked(patch)}
                          aria-label={`${counted(value, "person", "people")}, ${row.name.toLowerCase()}, MFA demanded by ${enforcementWord[each].toLowerCase()}`}
                          onClick={() => picks.pick(patch)}
                        >
                          {open && <WarningRegular className={styles.icon} aria-hidden />}
                          {soon && <ErrorCircleRegular className={styles.icon} aria-hidden />}
                          {count(value)}
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.named}>
        <Pick
          picked={picks.picked(registered)}
          onPick={() => picks.pick(registered)}
          value={posture.registeredNotEnforced}
        >
          <span className={posture.registeredNotEnforced > 0 ? styles.amber : undefined}>
            {posture.registeredNotEnforced > 0 && <WarningRegular className={styles.icon} aria-hidden />}
            Registered, not enforced: a password alone is enough
          </span>
        </Pick>
        <Pick
          picked={picks.picked(lockedOut)}
          onPick={() => picks.pick(lockedOut)}
          value={posture.enforcedNotRegistered}
        >
          <span className={posture.enforcedNotRegistered > 0 ? styles.bad : undefined}>
            {posture.enforcedNotRegistered > 0 && <ErrorCircleRegular className={styles.icon} aria-hidden />}
            Enforced, not registered: locked out soon
          </span>
        </Pick>
      </div>
      <Text size={200} className={styles.quiet}>
        {posture.securityDefaults === null
          ? "Security defaults were not read."
          : `Security defaults are ${posture.securityDefaults ? "on" : "off"}.`}{" "}
        {unknown > 0 &&
          `For ${unknown >= whole ? "all" : "these"} ${counted(unknown, "person", "people")} it is not known whether anything demands MFA: what Conditional Access demands of them could not be judged.`}
      </Text>
    </PageCard>
  );
}
