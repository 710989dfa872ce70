// Names and values in two columns, for cards and side panels.
import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { CopyButton } from "../../components/problem-view";

const useStyles = makeStyles({
  root: {
    display: "grid",
    gridTemplateColumns: "minmax(96px, max-content) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalSNudge,
    margin: 0,
  },
  label: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, overflowWrap: "anywhere" },
  id: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalXS,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
  },
});

export function Facts({ children, label }: { children: ReactNode; label?: string }) {
  const styles = useStyles();
  return (
    <dl className={styles.root} aria-label={label}>
      {children}
    </dl>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{children}</dd>
    </>
  );
}

/** What only a machine reads, ready to be pasted elsewhere. */
export function IdFact({ label, id }: { label: string; id: string }) {
  const styles = useStyles();
  return (
    <Fact label={label}>
      <span className={styles.id}>
        {id} <CopyButton text={id} label="Copy" />
      </span>
    </Fact>
  );
}
