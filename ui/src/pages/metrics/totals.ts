import type { SeriesPoint } from "../../api/types";

/** The newest whole day, and the newest thirty days beside the thirty before them. Days without a value count nowhere. */
export interface Totals {
  day: SeriesPoint | null;
  now: number | null;
  before: number | null;
}

const length = 30;

export function totalsOf(points: SeriesPoint[]): Totals {
  const known = points.filter((point) => point.value !== null);
  return {
    day: known.at(-1) ?? null,
    now: together(points.slice(-length)),
    before: points.length >= 2 * length ? together(points.slice(-2 * length, -length)) : null,
  };
}

/** A rate over many days is that of all cases together, not the average of the days; anything else is a day's average. */
function together(points: SeriesPoint[]): number | null {
  const known = points.filter((point) => point.value !== null);
  if (known.length === 0) return null;
  const sum = (part: "value" | "numerator" | "denominator") => known.reduce((total, point) => total + (point[part] ?? 0), 0);
  const rate = known.every((point) => point.numerator !== null && point.denominator !== null);
  if (!rate) return sum("value") / known.length;
  return sum("denominator") === 0 ? null : sum("numerator") / sum("denominator");
}
