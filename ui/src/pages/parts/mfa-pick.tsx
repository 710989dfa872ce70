// A count that is a button: what it counts on the left, the number on the right; pressed while the list shows just those.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { count } from "../../components/words";

const useStyles = makeStyles({
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
  none: { color: tokens.colorNeutralForeground3 },
  picked: { backgroundColor: tokens.colorNeutralBackground1Selected },
  number: { fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
});

export function Pick({
  picked,
  onPick,
  value,
  children,
  after,
}: {
  picked: boolean;
  onPick: () => void;
  value: number;
  children: ReactNode;
  /** Beside the number, quietly. */
  after?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <button
      type="button"
      className={mergeClasses(styles.pick, value === 0 && styles.none, picked && styles.picked)}
      aria-pressed={picked}
      onClick={onPick}
    >
      <span>{children}</span>
      <span className={styles.number}>
        {count(value)}
        {after}
      </span>
    </button>
  );
}
