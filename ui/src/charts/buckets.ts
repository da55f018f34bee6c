import type { TFunction } from "i18next";
import type { Grain, SeriesPoint } from "../api/types";
import { wallClock } from "../i18n/times";

/** Buckets on a category axis: every bucket has the same width, and a missing one is a gap, not a bridge. */

const empty = { value: null, numerator: null, denominator: null, expected: null, lower: null, upper: null, score: null, anomaly: false };
const mostFilled = 5000; // a hole this large is a mistake in the data, not something to draw

/** The empty buckets between two points, as many as fit by the first one's length. */
function between(before: SeriesPoint, after: SeriesPoint): SeriesPoint[] {
  const start = Date.parse(before.end);
  const length = start - Date.parse(before.t);
  const hole = Date.parse(after.t) - start;
  // Local days are 23 to 25 hours long, so a hole counts from half a bucket on.
  const count = length > 0 ? Math.min(mostFilled, Math.round(hole / length)) : 0;
  const at = (index: number) => new Date(start + (hole * index) / count).toISOString();
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({ ...empty, t: at(index), end: at(index + 1) }));
}

export function fillGaps(points: SeriesPoint[]): SeriesPoint[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    return before ? [...between(before, point), point] : [point];
  });
}

export interface Tick {
  text: string;
  strong: boolean;
}

/** Which buckets carry a label, and what it says: midnights for hours, every n-th day for days. */
export function ticks(starts: string[], grain: string, zone: string | undefined, t: TFunction, width: number): (Tick | null)[] {
  const walls = starts.map((at) => wallClock(at, zone));
  if (grain !== "hour") {
    const step = Math.max(1, Math.ceil((starts.length * 64) / width));
    const text = grain === "day" || grain === "week" ? "day" : "month";
    return walls.map((wall, index) =>
      index % step === 0 ? { text: text === "day" ? `${wall.month}-${wall.day}` : `${wall.year}-${wall.month}`, strong: false } : null,
    );
  }
  const days = new Set(walls.map((wall) => wall.date)).size;
  const dayStep = Math.max(1, Math.ceil((days * 84) / width));
  const noon = width / days > 150;
  let day = -1;
  return walls.map((wall, index) => {
    if (wall.date !== walls[index - 1]?.date) {
      day += 1;
      const wide = width / days > 84;
      const text = wide ? `${wall.month}-${wall.day} ${t(`weekday.${wall.weekday}`)}` : `${wall.month}-${wall.day}`;
      // A first day that is only a few hours long has no room for its label.
      const hours = walls.filter((one) => one.date === wall.date).length;
      if (index === 0 && days > 1 && (hours * width) / starts.length < 90) return null;
      return day % dayStep === 0 ? { text, strong: true } : null;
    }
    return noon && wall.hour === "12" ? { text: "12:00", strong: false } : null;
  });
}

/** The bucket that an instant falls into; -1 before the first, the count after the last. */
export function bucketAt(points: { t: string; end: string }[], at: string): number {
  const time = Date.parse(at);
  if (points.length === 0 || time < Date.parse(points[0]?.t ?? "")) return -1;
  const found = points.findIndex((point) => time < Date.parse(point.end));
  return found === -1 ? points.length : found;
}

export const grains = ["hour", "day", "week", "month", "quarter", "year"] as const;

export const isGrain = (text: string | undefined): text is Grain => grains.some((grain) => grain === text);
