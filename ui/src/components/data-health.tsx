// What of a tenant could be read: each kind of data with when, how much, or why not.
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { DataHealth, DataStatus } from "../bindings";
import {
  CheckmarkCircleRegular,
  CircleRegular,
  ErrorCircleRegular,
  LockClosedRegular,
  QuestionCircleRegular,
} from "./icons";
import { RelativeTime } from "./relative-time";
import { count, sentence } from "./words";

const useStyles = makeStyles({
  scroll: { overflowX: "auto" },
  table: { width: "100%", borderCollapse: "collapse" },
  head: {
    textAlign: "start",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS} 0`,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: "nowrap",
  },
  end: { textAlign: "end", fontVariantNumeric: "tabular-nums" },
  cell: {
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalSNudge} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    verticalAlign: "top",
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
  },
  title: { whiteSpace: "nowrap", paddingRight: tokens.spacingHorizontalXXL },
  status: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  read: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
  why: { display: "block", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, maxWidth: "52ch" },
});

const looks: Record<DataStatus, readonly [typeof CircleRegular, string, "read" | "failed" | "unknown"]> = {
  read: [CheckmarkCircleRegular, "Read", "read"],
  never: [CircleRegular, "Never read", "unknown"],
  noPermission: [LockClosedRegular, "No permission", "unknown"],
  noLicence: [QuestionCircleRegular, "No licence", "unknown"],
  failed: [ErrorCircleRegular, "Failed", "failed"],
};

export function DataHealthTable({ data }: { data: readonly DataHealth[] }) {
  const styles = useStyles();
  const reasons = new Set(data.flatMap((line) => (line.problem && line.status !== "read" ? [line.problem.what] : [])));
  const [first] = data.filter((line) => line.problem && line.status !== "read");
  // One reason for everything is said once, not in every row.
  const all =
    data.length > 1 && reasons.size === 1 && data.every((line) => line.status !== "read") ? first?.problem : null;
  return (
    <div className={styles.scroll}>
      {all && (
        <Text className={styles.why}>
          {sentence(all.what)} {sentence(all.nextStep)}
        </Text>
      )}
      <table className={styles.table} aria-label="Data health">
        <thead>
          <tr>
            <th scope="col" className={styles.head}>
              Data
            </th>
            <th scope="col" className={styles.head}>
              State
            </th>
            <th scope="col" className={mergeClasses(styles.head, styles.end)}>
              Rows
            </th>
            <th scope="col" className={styles.head}>
              Read
            </th>
          </tr>
        </thead>
        <tbody>
          {data.map((line) => {
            const [Icon, word, tone] = looks[line.status] ?? looks.never;
            return (
              <tr key={line.kind}>
                <th scope="row" className={mergeClasses(styles.cell, styles.title)}>
                  {line.title}
                </th>
                <td className={styles.cell}>
                  <span className={mergeClasses(styles.status, styles[tone])}>
                    <Icon aria-hidden />
                    {word}
                  </span>
                  {line.problem && line.status !== "read" && !all && (
                    <Text className={styles.why}>
                      {sentence(line.problem.what)} {sentence(line.problem.nextStep)}
                    </Text>
                  )}
                </td>
                {/* Never read is not zero rows. */}
                <td className={mergeClasses(styles.cell, styles.end)}>
                  {line.readAt === null ? "–" : count(line.rows)}
                </td>
                <td className={styles.cell}>
                  <RelativeTime at={line.readAt} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
