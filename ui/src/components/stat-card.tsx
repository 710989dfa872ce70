// One figure with its name and what it means; the whole card leads to the page behind it.
import { Caption1, Card, makeStyles, mergeClasses, Subtitle2, tokens } from "@fluentui/react-components";
import type { ReactElement, ReactNode } from "react";
import { useGo } from "../address";

const useStyles = makeStyles({
  root: { height: "100%", minWidth: 0, gap: tokens.spacingVerticalS, justifyContent: "flex-start" },
  head: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground2,
  },
  icon: { fontSize: "20px", lineHeight: 0 },
  value: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: "tabular-nums",
  },
  words: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  danger: { color: tokens.colorStatusDangerForeground1 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1 },
  unknown: { color: tokens.colorNeutralForeground3 },
  foot: { color: tokens.colorNeutralForeground2 },
});

export function StatCard({
  icon,
  title,
  value,
  tone,
  children,
  to,
}: {
  icon: ReactElement;
  title: string;
  value: ReactNode;
  tone?: "danger" | "warning" | "unknown" | undefined;
  children?: ReactNode;
  to?: string;
}) {
  const styles = useStyles();
  const go = useGo();
  const wordy = typeof value === "string" && value.length > 7;
  const open = to
    ? {
        onClick: () => go(to),
        onKeyDown: (event: React.KeyboardEvent) => {
          if (event.key === "Enter" && event.target === event.currentTarget) go(to);
        },
        role: "link" as const,
        focusMode: "off" as const,
        tabIndex: 0,
        "aria-label": title,
      }
    : { role: "group" as const, "aria-label": title };
  return (
    <Card className={styles.root} {...open}>
      <div className={styles.head}>
        <span className={styles.icon} aria-hidden>
          {icon}
        </span>
        <Subtitle2 as="h2">{title}</Subtitle2>
      </div>
      <div className={mergeClasses(styles.value, wordy && styles.words, tone && styles[tone])}>{value}</div>
      {children && (
        <Caption1 as="span" className={styles.foot}>
          {children}
        </Caption1>
      )}
    </Card>
  );
}
