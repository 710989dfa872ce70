// The MFA page's drawings: methods as bars, and the trend of a few days or of ninety. Every figure is also there in words.
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useId } from "react";
import type { MethodShare, MfaCounts, TrendPoint } from "../../bindings";
import { mfaPercent, people } from "../../components/mfa";
import { useNow } from "../../components/relative-time";
import { Sparkline } from "../../components/sparkline";
import { count, day, percent } from "../../components/words";
import { StrengthWord, strengthFill } from "./strength-word";

const useStyles = makeStyles({
  methods: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: tokens.spacingVerticalS },
  method: { display: "grid", gap: tokens.spacingVerticalXXS },
  line: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", columnGap: tokens.spacingHorizontalM },
  number: { fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
  quiet: { color: tokens.colorNeutralForeground3 },
  bar: { display: "block", width: "100%", borderRadius: tokens.borderRadiusSmall },
  trend: { display: "block", width: "100%", maxWidth: "480px", height: "auto" },
  more: { margin: 0, display: "grid", gap: tokens.spacingVerticalXS },
  moreRow: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
  },
  moreValue: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, margin: 0 },
  axis: { fontSize: "11px", fill: tokens.colorNeutralForeground3 },
});

/** One person may have several methods, so the bars do not add up. */
export function MethodsChart({ methods, whole }: { methods: readonly MethodShare[]; whole: number }) {
  const styles = useStyles();
  if (methods.length === 0) return <Text className={styles.quiet}>Nobody has registered a method.</Text>;
  return (
    <ul className={styles.methods}>
      {methods.map((method) => (
        <li key={method.method} className={styles.method}>
          <div className={styles.line}>
            <Text>{method.method}</Text>
            <span className={styles.number}>
              {count(method.people)} <span className={styles.quiet}>({percent(method.people, whole)})</span>
            </span>
          </div>
          <svg className={styles.bar} height="8" aria-hidden="true">
            <rect width="100%" height="100%" style={{ fill: tokens.colorNeutralBackground6 }} />
            <rect
              width={`${whole > 0 ? Math.max(0.6, Math.min(100, (method.people / whole) * 100)) : 0}%`}
              height="100%"
              style={{ fill: strengthFill[method.strength] ?? tokens.colorNeutralForeground4 }}
            />
          </svg>
          <Text size={200}>
            <StrengthWord strength={method.strength} />
          </Text>
        </li>
      ))}
    </ul>
  );
}

const WIDTH = 360;
const HEIGHT = 120;
const LEFT = 36;
const BOTTOM = 20;

const shareOf = (counts: MfaCounts): number | null => {
  const known = counts.strong + counts.weak + counts.none;
  return known === 0 ? null : ((counts.strong + counts.weak) / known) * 100;
};

const trends: readonly { name: string; of: (point: TrendPoint) => number | null }[] = [
  { name: "Phishing-resistant", of: (point) => point.phishingResistant },
  { name: "Enforced", of: (point) => point.enforced },
  {
    name: "Admins without MFA",
    of: (point) => (point.admins === null ? null : point.admins.none),
  },
  { name: "Stale admins", of: (point) => point.staleAdmins },
];

/** What else was counted, each with its own small line; days on which it was not known are left out. */
export function MoreTrends({ points }: { points: readonly TrendPoint[] }) {
  const styles = useStyles();
  const now = useNow();
  const rows = trends.flatMap((each) => {
    const known = points.flatMap((point) => {
      const value = each.of(point);
      return value === null ? [] : [{ day: point.day, value }];
    });
    const first = known[0];
    const last = known.at(-1);
    return first && last ? [{ ...each, known, first, last }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <dl className={styles.more}>
      {rows.map(({ name, known, first, last }) => {
        const change = last.value - first.value;
        const most = Math.max(1, ...known.map((each) => each.value));
        const words =
          first.day === last.day
            ? ""
            : change === 0
              ? "unchanged"
              : `${change > 0 ? "+" : "\u2212"}${count(Math.abs(change))} since ${day(new Date(`${first.day}T12:00:00`), now)}`;
        return (
          <div key={name} className={styles.moreRow}>
            <dt>{name}</dt>
            <dd className={styles.moreValue}>
              <Text size={200} className={styles.quiet}>
                {words}
              </Text>
              <Sparkline
                values={known.map((each) => (each.value / most) * 100)}
                label={`${name}: ${count(last.value)}${words ? `, ${words}` : ""}`}
              />
              <span className={styles.number}>{count(last.value)}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The share of people with MFA, by day. A new tenant has one day: that is said, not drawn as a line of one point. */
export function MfaTrend({ points }: { points: readonly TrendPoint[] }) {
  const styles = useStyles();
  const now = useNow();
  const title = useId();
  const known = points.flatMap((point) => {
    const share = shareOf(point.counts);
    const at = new Date(`${point.day}T12:00:00`);
    return share === null || Number.isNaN(at.getTime()) ? [] : [{ at, share, point }];
  });
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) {
    return <Text className={styles.quiet}>No day was recorded yet. One is kept a day, from the first sync on.</Text>;
  }
  if (known.length === 1) {
    return (
      <Text className={styles.quiet}>
        {mfaPercent(last.point.counts)} of {count(people(last.point.counts))} people on {day(last.at, now)}, the first
        day on record. A line appears tomorrow.
      </Text>
    );
  }
  const least = Math.min(...known.map((each) => each.share));
  const most = Math.max(...known.map((each) => each.share));
  // Ten points of a percentage at least, so that one person more does not look like a cliff.
  const high = Math.min(100, Math.ceil((most + 1) / 5) * 5);
  const low = Math.max(0, Math.min(Math.floor((least - 1) / 5) * 5, high - 10));
  const span = Math.max(1, last.at.getTime() - first.at.getTime());
  const x = (at: Date) => LEFT + ((at.getTime() - first.at.getTime()) / span) * (WIDTH - LEFT - 8);
  const y = (share: number) => 8 + ((high - share) / (high - low)) * (HEIGHT - BOTTOM - 8);
  const change = Math.round(last.share) - Math.round(first.share);
  const words = `${mfaPercent(last.point.counts)} now, ${
    change === 0
      ? `the same as on ${day(first.at, now)}`
      : `${Math.abs(change)} ${Math.abs(change) === 1 ? "point" : "points"} ${change > 0 ? "more" : "less"} than on ${day(first.at, now)}`
  }`;
  const marks = [high, (high + low) / 2, low];
  return (
    <>
      <Text>{words}</Text>
      <svg className={styles.trend} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={title}>
        <title id={title}>Share of people with MFA: {words}</title>
        {marks.map((mark) => (
          <g key={mark}>
            <line x1={LEFT} x2={WIDTH - 8} y1={y(mark)} y2={y(mark)} style={{ stroke: tokens.colorNeutralStroke2 }} />
            <text x={LEFT - 6} y={y(mark) + 4} textAnchor="end" className={styles.axis}>
              {Math.round(mark)} %
            </text>
          </g>
        ))}
        <polyline
          points={known.map((each) => `${x(each.at).toFixed(1)},${y(each.share).toFixed(1)}`).join(" ")}
          fill="none"
          style={{ stroke: tokens.colorBrandForeground1 }}
          strokeWidth="2"
          strokeLinejoin="round"
        />
        {(known.length <= 10 ? known : [last]).map((each) => (
          <circle
            key={each.point.day}
            cx={x(each.at)}
            cy={y(each.share)}
            r="3"
            style={{ fill: tokens.colorBrandForeground1 }}
          />
        ))}
        <text x={LEFT} y={HEIGHT - 4} className={styles.axis}>
          {day(first.at, now)}
        </text>
        <text x={WIDTH - 8} y={HEIGHT - 4} textAnchor="end" className={styles.axis}>
          {day(last.at, now)}
        </text>
      </svg>
    </>
  );
}
