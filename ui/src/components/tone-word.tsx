// One word of judgement, always as colour, icon and word together: colour alone says nothing to one in twelve men.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { QuestionCircleRegular } from "./icons";

const useStyles = makeStyles({
  root: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    whiteSpace: "nowrap",
    // In a line of text the icon would be what stands on its base line.
    verticalAlign: "bottom",
  },
  icon: { fontSize: "16px", flexShrink: 0 },
  strong: { fontWeight: tokens.fontWeightSemibold },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  warn: { color: tokens.colorPaletteDarkOrangeForeground1 },
  amber: { color: tokens.colorPaletteMarigoldForeground2 },
  calm: { color: tokens.colorPaletteBlueForeground2 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export type Tone = "good" | "bad" | "warn" | "amber" | "calm" | "quiet";
export type Icon = typeof QuestionCircleRegular;
export type Look = readonly [Icon, Tone, string];
export const unknownLook: Look = [QuestionCircleRegular, "quiet", "Unknown"];

export function ToneIcon({ look: [Shape, tone] }: { look: readonly [Icon, Tone, ...unknown[]] }) {
  const styles = useStyles();
  return <Shape className={mergeClasses(styles.icon, styles[tone])} aria-hidden />;
}

/** `plain` leaves the word in the colour of its surroundings: a kind, not a judgement. */
export function ToneWord({
  look,
  strong = false,
  plain = false,
  title,
}: {
  look: Look;
  strong?: boolean;
  plain?: boolean;
  /** More about it, on hover. */
  title?: string | undefined;
}) {
  const styles = useStyles();
  const [, tone, word] = look;
  return (
    <span className={mergeClasses(styles.root, !plain && styles[tone], strong && styles.strong)} title={title}>
      <ToneIcon look={look} />
      {word}
    </span>
  );
}
