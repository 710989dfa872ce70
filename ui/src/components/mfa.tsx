// MFA strength as colour, icon and word, and the stacked bar of a group of people. Unknown is grey and hatched: never red, never zero.
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useId } from "react";
import type { MfaBucket, MfaCounts } from "../bindings";
import { own } from "../theme";
import { ShieldCheckmarkRegular, ShieldDismissRegular, ShieldErrorRegular, ShieldQuestionRegular } from "./icons";
import { type Look, ToneWord } from "./tone-word";
import { count, percent, share } from "./words";

export const bucketWord: Record<MfaBucket, string> = {
  strong: "Strong",
  weak: "Weak",
  none: "None",
  unknown: "Unknown",
};
export const buckets: readonly MfaBucket[] = ["strong", "weak", "none", "unknown"];

const looks: Record<MfaBucket, Look> = {
  strong: [ShieldCheckmarkRegular, "good", bucketWord.strong],
  weak: [ShieldErrorRegular, "amber", bucketWord.weak],
  none: [ShieldDismissRegular, "bad", bucketWord.none],
  unknown: [ShieldQuestionRegular, "quiet", bucketWord.unknown],
};

const fills: Record<MfaBucket, string> = {
  strong: own.mfaStrong,
  weak: own.mfaWeak,
  none: own.mfaNone,
  unknown: tokens.colorNeutralForeground4,
};

const useStyles = makeStyles({
  bar: { display: "block", width: "100%", borderRadius: tokens.borderRadiusMedium, overflow: "hidden" },
  legend: {
    display: "flex",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    marginTop: tokens.spacingVerticalS,
    padding: 0,
    listStyle: "none",
  },
  legendItem: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  legendButton: {
    border: "none",
    background: "none",
    font: "inherit",
    color: "inherit",
    cursor: "pointer",
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalXS}`,
    borderRadius: tokens.borderRadiusMedium,
    ":hover": { backgroundColor: own.rowHover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  picked: { backgroundColor: own.rowSelected },
  number: { fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: "tabular-nums" },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export const MfaBadge = ({ bucket }: { bucket: MfaBucket }) => <ToneWord look={looks[bucket] ?? looks.unknown} />;

export const people = (counts: MfaCounts) => counts.strong + counts.weak + counts.none + counts.unknown;
const known = (counts: MfaCounts) => counts.strong + counts.weak + counts.none;

/** "94 %, 188 of 200" of the people that could be read; says how many could not. Null counts: unknown. */
export function mfaSentence(counts: MfaCounts | null): string {
  if (counts === null || (known(counts) === 0 && counts.unknown > 0)) return "unknown";
  const text = `${share(counts.strong + counts.weak, known(counts))}`;
  return counts.unknown > 0 ? `${text}, ${count(counts.unknown)} unknown` : text;
}

/** Just the percentage with MFA among those known, or null. */
export function mfaPercent(counts: MfaCounts | null): string | null {
  if (counts === null || known(counts) === 0) return null;
  return percent(counts.strong + counts.weak, known(counts));
}

/** The stacked bar alone; its label tells every part in words. */
export function MfaBar({ counts, height = 12 }: { counts: MfaCounts | null; height?: number }) {
  const styles = useStyles();
  const hatch = useId();
  const whole = counts ? people(counts) : 0;
  const label = whole
    ? buckets.map((bucket) => `${bucketWord[bucket]} ${count(counts?.[bucket] ?? 0)}`).join(", ")
    : "MFA registration is unknown";
  let x = 0;
  const parts = (whole && counts ? buckets : []).flatMap((bucket) => {
    const size = ((counts?.[bucket] ?? 0) / whole) * 100;
    if (size === 0) return [];
    // One person in ten thousand still gets a visible sliver.
    const part = { bucket, x, width: Math.max(size, 0.6) };
    x += size;
    return [part];
  });
  return (
    <svg className={styles.bar} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" style={{ fill: tokens.colorNeutralBackground5 }} />
          <rect width="1.5" height="5" style={{ fill: tokens.colorNeutralForeground4 }} />
        </pattern>
      </defs>
      {whole === 0 && <rect width="100%" height="100%" fill={`url(#${hatch})`} />}
      {parts.map(({ bucket, x: left, width }) => (
        <rect
          key={bucket}
          data-bucket={bucket}
          x={`${left}%`}
          width={`${width}%`}
          height="100%"
          fill={bucket === "unknown" ? `url(#${hatch})` : undefined}
          style={bucket === "unknown" ? undefined : { fill: fills[bucket] }}
        />
      ))}
    </svg>
  );
}

/** The bar's parts in words; with `onPick` each is a button that filters. */
export function MfaLegend({
  counts,
  picked,
  onPick,
}: {
  counts: MfaCounts;
  picked?: readonly MfaBucket[];
  onPick?: (bucket: MfaBucket) => void;
}) {
  const styles = useStyles();
  return (
    <ul className={styles.legend}>
      {buckets.map((bucket) => {
        const inside = (
          <>
            <MfaBadge bucket={bucket} /> <span className={styles.number}>{count(counts[bucket])}</span>{" "}
            <span className={styles.quiet}>
              {people(counts) > 0 ? `(${percent(counts[bucket], people(counts))})` : ""}
            </span>
          </>
        );
        return (
          <li key={bucket}>
            {onPick ? (
              <button
                type="button"
                className={mergeClasses(
                  styles.legendItem,
                  styles.legendButton,
                  picked?.includes(bucket) && styles.picked,
                )}
                aria-pressed={picked?.includes(bucket) ?? false}
                onClick={() => onPick(bucket)}
              >
                {inside}
              </button>
            ) : (
              <span className={styles.legendItem}>{inside}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
