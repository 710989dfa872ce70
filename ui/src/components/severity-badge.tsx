// A severity, always as colour, icon and word together.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { Severity } from "../bindings";
import { AlertUrgentRegular, ErrorCircleFilled, InfoRegular, WarningFilled, WarningRegular } from "./icons";

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { fontSize: "16px", flexShrink: 0 },
  strong: { fontWeight: tokens.fontWeightSemibold },
  critical: { color: tokens.colorStatusDangerForeground1 },
  high: { color: tokens.colorPaletteDarkOrangeForeground1 },
  medium: { color: tokens.colorPaletteMarigoldForeground2 },
  low: { color: tokens.colorPaletteBlueForeground2 },
  information: { color: tokens.colorNeutralForeground3 },
});

export const severityWord: Record<Severity, string> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  information: "Information",
};

export const severities: readonly Severity[] = ["critical", "high", "medium", "low", "information"];

const icons = {
  critical: ErrorCircleFilled,
  high: WarningFilled,
  medium: WarningRegular,
  low: AlertUrgentRegular,
  information: InfoRegular,
} as const;

export function SeverityIcon({ severity }: { severity: Severity }) {
  const styles = useStyles();
  const Icon = icons[severity] ?? InfoRegular;
  return <Icon className={mergeClasses(styles.icon, styles[severity])} aria-hidden />;
}

export function SeverityBadge({ severity, strong = false }: { severity: Severity; strong?: boolean }) {
  const styles = useStyles();
  return (
    <span className={mergeClasses(styles.root, styles[severity], strong && styles.strong)}>
      <SeverityIcon severity={severity} />
      {severityWord[severity] ?? severity}
    </span>
  );
}
