import type { TFunction } from "i18next";
import type { Grain, SeriesPoint } from "../api/types";
import { wallClock } from "../i18n/times";

/** Buckets on a category axis: every bucket has the same width, and a missing one is a gap, not a bridge. */

const empty = { value: null, numerator: null, denominator: null, expected: null, lower: null, upper: null, score: null, anomaly: false };
const mostFilled = 5000; // a hole this large is a mistake in the data, not something to draw

export function fillGaps(points: SeriesPoint[]): SeriesPoint[] {
  const filled: SeriesPoint[] = [];
  for (const point of points) {
    let before = filled.at(-1);
    const length = before ? Date.parse(before.end) - Date.parse(before.t) : 0;
    while (before && length > 0 && Date.parse(point.t) - Date.parse(before.end) >= length / 2 && filled.length < mostFilled) {
      const next: SeriesPoint = {
        ...empty,
        t: before.end,
        end: new Date(Math.min(Date.parse(before.end) + length, Date.parse(point.t))).toISOString(),
      };
      filled.push(next);
      before = next;
    }
    filled.push(point);
  }
  return filled;
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
    return walls.map((wall, index) => (index % step === 0 ? { text: `${wall.month}-${wall.day}`, strong: false } : null));
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
      if (index === 0 && walls.findIndex((one) => one.date !== wall.date) < 5 && days > 1) return null;
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

export const isGrain = (text: string | undefined): text is Grain => text === "hour" || text === "day";
