// How a tenant stands against its baseline, from the summary that lists carry. Nothing judged is unknown, never "no gap".
import type { DriftSummary, Severity } from "../bindings";

const SEVERITIES = ["critical", "high", "medium", "low"] as const;

export interface DriftFacts {
  /** Controls that are not met, worst severity first, without zeros. */
  gaps: readonly (readonly [Severity, number])[];
  total: number;
  summary: DriftSummary;
}

/** Null where no control was judged. */
export function driftFacts(summary: DriftSummary | null): DriftFacts | null {
  if (!summary) return null;
  const gaps = SEVERITIES.filter((severity) => summary[severity] > 0).map(
    (severity) => [severity, summary[severity]] as const,
  );
  const total = gaps.reduce((sum, [, number]) => sum + number, 0);
  return total + summary.met + summary.unknown === 0 ? null : { gaps, total, summary };
}
