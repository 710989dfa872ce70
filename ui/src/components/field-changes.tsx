// Field-level differences of a policy in words: the old value, the new one, and whether it weakens.
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { FieldChange } from "../bindings";
import { ArrowDownRegular, ArrowUpRegular, QuestionCircleRegular } from "./icons";
import { TableHead, useTableHead } from "./table-head";

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { width: "100%", borderCollapse: "collapse" },
  cell: {
    verticalAlign: "top",
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: "anywhere",
    minWidth: "90px",
  },
  before: { color: tokens.colorNeutralForeground3 },
  effect: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  weakens: { color: tokens.colorStatusDangerForeground1 },
  strengthens: { color: tokens.colorStatusSuccessForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
});

export function FieldChanges({ changes }: { changes: readonly FieldChange[] }) {
  const styles = useStyles();
  const head = useTableHead();
  if (changes.length === 0) return <Text>No field differs.</Text>;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Changed fields">
        <TableHead titles={["Field", "Before", "After", "Effect"]} />
        <tbody>
          {changes.map((change, index) => (
            <tr key={index}>
              <th scope="row" className={mergeClasses(head.head, styles.cell)} title={change.path}>
                {change.field}
              </th>
              <td className={mergeClasses(styles.cell, styles.before)}>
                <bdi dir="auto">{change.before || "not set"}</bdi>
              </td>
              <td className={styles.cell}>
                <bdi dir="auto">{change.after || "not set"}</bdi>
              </td>
              <td className={styles.cell}>
                <Effect effect={change.effect} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Effect({ effect }: { effect: string }) {
  const styles = useStyles();
  if (effect === "weakens")
    return (
      <span className={mergeClasses(styles.effect, styles.weakens)}>
        <ArrowDownRegular aria-hidden /> Weakens
      </span>
    );
  if (effect === "strengthens")
    return (
      <span className={mergeClasses(styles.effect, styles.strengthens)}>
        <ArrowUpRegular aria-hidden /> Strengthens
      </span>
    );
  if (effect === "neutral") return <span className={styles.effect}>No effect</span>;
  return (
    <span className={mergeClasses(styles.effect, styles.unknown)}>
      <QuestionCircleRegular aria-hidden /> Not known
    </span>
  );
}
