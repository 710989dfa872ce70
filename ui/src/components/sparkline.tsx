// A small trend, 0 to 100; a day without a reading is a gap in the line, not a zero.
import { tokens } from "@fluentui/react-components";

export function Sparkline({
  values,
  label,
  width = 72,
  height = 20,
}: {
  values: readonly (number | null)[];
  label: string;
  width?: number;
  height?: number;
}) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const least = Math.min(...known);
  const most = Math.max(...known);
  // A change of a tenth of a percent must not look like a cliff.
  const span = Math.max(most - least, 10);
  const low = (least + most - span) / 2;
  const x = (index: number) => 1 + (index / (values.length - 1)) * (width - 2);
  const y = (value: number) => height - 2 - ((value - low) / span) * (height - 4);
  const runs: string[] = [];
  let run: string[] = [];
  values.forEach((value, index) => {
    if (value !== null) run.push(`${x(index).toFixed(1)},${y(value).toFixed(1)}`);
    if ((value === null || index === values.length - 1) && run.length > 0) {
      runs.push(run.join(" "));
      run = [];
    }
  });
  return (
    <svg width={width} height={height} role="img" aria-label={label} style={{ display: "block", flexShrink: 0 }}>
      <title>{label}</title>
      {runs.map((points) => (
        <polyline
          key={points}
          points={points}
          fill="none"
          style={{ stroke: tokens.colorBrandForeground1 }}
          strokeWidth="1.5"
        />
      ))}
    </svg>
  );
}
