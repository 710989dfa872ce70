// Nothing to show is a designed state: an icon, one sentence of what that means, and at most the next click.
import { Body1, makeStyles, Subtitle2, tokens } from "@fluentui/react-components";
import type { ReactElement, ReactNode } from "react";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    gap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalL}`,
    color: tokens.colorNeutralForeground2,
  },
  icon: { fontSize: "40px", lineHeight: 0, color: tokens.colorNeutralForeground3 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  title: { outline: "none" },
  text: { maxWidth: "48ch", textAlign: "center" },
  actions: { display: "flex", gap: tokens.spacingHorizontalS, marginTop: tokens.spacingVerticalS },
});

export function EmptyState({
  icon,
  title,
  text,
  actions,
  good = false,
  page = false,
}: {
  icon: ReactElement;
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
  good?: boolean;
  /** It stands for the whole page, so its title is the page's. */
  page?: boolean;
}) {
  const styles = useStyles();
  return (
    <div className={styles.root} data-testid="empty">
      <span className={`${styles.icon} ${good ? styles.good : ""}`} aria-hidden>
        {icon}
      </span>
      <Subtitle2
        as={page ? "h1" : "h2"}
        className={styles.title}
        {...(page ? { tabIndex: -1, "data-page-head": true } : {})}
      >
        {title}
      </Subtitle2>
      {text && <Body1 className={styles.text}>{text}</Body1>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
