import type { Grain, MetricPage } from "../../api/types";
import { grains, isGrain } from "../../charts/buckets";

/** How many days of the past each grain offers; the second is shown first. */
export const ranges: Record<Grain, [number, number, ...number[]]> = {
  hour: [3, 7, 14, 28],
  day: [28, 70, 182, 365],
  week: [182, 365, 730],
  month: [365, 730, 1825],
  quarter: [730, 1825],
  year: [1825, 3650],
};

/** The grain whose points are kept and judged: the one asked for, else the metric's first. */
export function keptGrain(metric: Pick<MetricPage, "grains">, asked: string | undefined): Grain {
  if (isGrain(asked) && metric.grains.includes(asked)) return asked;
  return metric.grains.find(isGrain) ?? "day";
}

/** The grain of the row's value and spark: days are watched first where hours are not. */
export function rowGrain(row: Pick<MetricPage, "spark">): Grain {
  const [first, second] = row.spark;
  const hours = first && second ? (Date.parse(second.t) - Date.parse(first.t)) / 3_600_000 : 0;
  return hours < 20 ? "hour" : hours < 30 ? "day" : hours < 200 ? "week" : "month";
}

/** All that can be looked at: the metric's own, and longer ones, which are asked of the source. */
export function shownGrains(metric: Pick<MetricPage, "grains">): Grain[] {
  const finest = Math.min(...metric.grains.map((grain) => grains.indexOf(grain)));
  return grains.filter((grain, at) => at >= finest || metric.grains.includes(grain));
}
