import type { MetricRow } from "../../api/types";

/** Now against expected; whether that is good follows from the metric's good direction, if it has one. */
export function differenceOf(metric: Pick<MetricRow, "value" | "expected" | "good_direction">): { difference: number | null; better: boolean | null } {
  if (metric.value === null || metric.expected === null) return { difference: null, better: null };
  const difference = metric.value - metric.expected;
  if (metric.good_direction === "none" || difference === 0) return { difference, better: null };
  return { difference, better: difference > 0 === (metric.good_direction === "up") };
}
