// How strong an MFA method is, as colour, icon and word.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  CircleRegular,
  QuestionCircleRegular,
  ShieldCheckmarkRegular,
  ShieldErrorRegular,
  ShieldKeyholeRegular,
} from "../../components/icons";

const looks = {
  phishingResistant: [ShieldKeyholeRegular, "good", "Phishing-resistant"],
  strong: [ShieldCheckmarkRegular, "good", "Strong"],
  weak: [ShieldErrorRegular, "warn", "Weak"],
  notMfa: [CircleRegular, "quiet", "No MFA method"],
} as const;

const useStyles = makeStyles({
  root: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  icon: { fontSize: "16px", flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warn: { color: tokens.colorPaletteMarigoldForeground2 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export const strengthFill: Record<string, string> = {
  phishingResistant: tokens.colorPaletteGreenBackground3,
  strong: tokens.colorPaletteGreenBackground3,
  weak: tokens.colorPaletteMarigoldBackground3,
};

export function StrengthWord({ strength }: { strength: string }) {
  const styles = useStyles();
  const [Icon, tone, word] =
    looks[strength as keyof typeof looks] ?? ([QuestionCircleRegular, "quiet", "Unknown"] as const);
  return (
    <span className={mergeClasses(styles.root, styles[tone])}>
      <Icon className={styles.icon} aria-hidden />
      {word}
    </span>
  );
}
