// People by department: a bar each, and how many nothing demands MFA of. A name shows the department in the list.
import { Link, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { DepartmentRow } from "../../bindings";
import { MfaBar, mfaSentence, people } from "../../components/mfa";
import { MiddleCut } from "../../components/names";
import { TableHead } from "../../components/table-head";
import { count } from "../../components/words";
import { useMfaDepartments } from "../../data/queries";
import { NO_DEPARTMENT, type Picks } from "./mfa-picks";
import { PageCard } from "./user-cards";

const FEW = 8;

const useStyles = makeStyles({
  table: { width: "100%", borderCollapse: "collapse", tableLayout: "fixed" },
  cell: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    verticalAlign: "middle",
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
    fontVariantNumeric: "tabular-nums",
  },
  name: {
    display: "block",
    lineHeight: tokens.lineHeightBase300,
    border: "none",
    background: "none",
    font: "inherit",
    padding: 0,
    maxWidth: "100%",
    textAlign: "start",
    cursor: "pointer",
    color: tokens.colorBrandForegroundLink,
    borderRadius: tokens.borderRadiusMedium,
    ":hover": { textDecorationLine: "underline" },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  amber: { color: tokens.colorPaletteDarkOrangeForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Those with most people without MFA first. */
const worst = (a: DepartmentRow, b: DepartmentRow) =>
  b.people.none - a.people.none || people(b.people) - people(a.people) || (a.name ?? "").localeCompare(b.name ?? "");

export function DepartmentsCard({ tenant, picks }: { tenant: string; picks: Picks }) {
  const styles = useStyles();
  const departments = useMfaDepartments(tenant).data;
  const [all, setAll] = useState(false);
  if (!departments || departments.length === 0 || (departments.length === 1 && departments[0]?.name === null))
    return null;
  const sorted = [...departments].sort(worst);
  const shown = all ? sorted : sorted.slice(0, FEW);
  return (
    <PageCard title="Departments">
      <table className={styles.table}>
        <colgroup>
          <col style={{ width: "26%" }} />
          <col />
          <col style={{ width: "28%" }} />
          <col style={{ width: "15%" }} />
        </colgroup>
        <TableHead titles={["Department", "People", "With MFA", "Not enforced"]} />
        <tbody>
          {shown.map((row) => (
            <tr key={row.name ?? NO_DEPARTMENT}>
              <th scope="row" className={styles.cell}>
                <button
                  type="button"
                  className={styles.name}
                  onClick={() => picks.pick({ department: row.name ?? NO_DEPARTMENT })}
                >
                  {row.name === null ? "No department" : <MiddleCut text={row.name} />}
                </button>
              </th>
              <td className={styles.cell}>
                <MfaBar counts={row.people} height={10} />
              </td>
              <td className={styles.cell}>{mfaSentence(row.people)}</td>
              <td className={styles.cell}>
                <span className={row.notEnforced > 0 ? styles.amber : styles.quiet}>{count(row.notEnforced)}</span>
                {row.enforcementUnknown > 0 && (
                  <Text size={200} className={styles.quiet}>
                    {" "}
                    + {count(row.enforcementUnknown)} unknown
                  </Text>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > FEW && (
        <div>
          <Link as="button" onClick={() => setAll(!all)}>
            {all ? "Fewer" : `All ${count(sorted.length)} departments`}
          </Link>
        </div>
      )}
    </PageCard>
  );
}
