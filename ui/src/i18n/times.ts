import type { TFunction } from "i18next";
import { nothing } from "./numbers";

/** Times in a named zone (the metric's where one is given, else the project's), durations in two units at most. */

let home: string | undefined;

/** The project's zone, once one is logged in: people who look at the same figures read the same times. */
export function setHomeZone(zone: string): void {
  home = zone;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(at: Date, zone: string | undefined): Record<string, string> {
  const key = zone ?? "";
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-GB", {
      ...(zone === undefined ? {} : { timeZone: zone }),
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      weekday: "short",
      hourCycle: "h23",
    });
    formatters.set(key, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(at).map((part) => [part.type, part.value]));
}

export interface Wall {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  weekday: string;
  /** Sorts and compares as a local day, e.g. "2013-04-16". */
  date: string;
}

/** The wall clock of a zone at one instant. */
export function wallClock(at: string | Date, zone = home): Wall {
  const p = parts(typeof at === "string" ? new Date(at) : at, zone) as unknown as Omit<Wall, "date">;
  return { ...p, date: `${p.year}-${p.month}-${p.day}` };
}

export function clockTime(at: string | Date, zone?: string): string {
  const w = wallClock(at, zone);
  return `${w.hour}:${w.minute}`;
}

/** "04-16", with the year in front where it is another one than `now`'s. */
export function dayText(at: string | Date, zone?: string, now?: Date): string {
  const w = wallClock(at, zone);
  const short = `${w.month}-${w.day}`;
  return now && wallClock(now, zone).year !== w.year ? `${w.year}-${short}` : short;
}

export function weekdayText(at: string | Date, t: TFunction, zone?: string): string {
  return t(`weekday.${wallClock(at, zone).weekday}`);
}

export function timeText(at: string | Date | null | undefined, zone?: string, now?: Date): string {
  if (!at) return nothing;
  return `${dayText(at, zone, now)} ${clockTime(at, zone)}`;
}

/** When a bucket began: a day has no hour, a month no day. */
export function bucketText(at: string, grain: string, now: Date, zone?: string): string {
  if (grain === "hour") return nearTimeText(at, now, zone);
  if (grain === "day" || grain === "week") return dayText(at, zone, now);
  const wall = wallClock(at, zone);
  return `${wall.year}-${wall.month}`;
}

/** Time only when it is today, else day and time. */
export function nearTimeText(at: string | Date | null | undefined, now: Date, zone?: string): string {
  if (!at) return nothing;
  return wallClock(at, zone).date === wallClock(now, zone).date ? clockTime(at, zone) : timeText(at, zone, now);
}

const steps: [name: string, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "4 h 12 min", "2 d 5 h", "12 s": the two largest units. */
export function durationText(seconds: number | null | undefined, t: TFunction): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return nothing;
  const size = Math.max(0, Math.round(seconds));
  const first = Math.max(0, steps.findIndex(([, length]) => size >= length));
  const [name, length] = size < 1 ? (["second", 1] as const) : (steps[first] as [string, number]);
  const whole = Math.floor(size / length);
  const next = steps[first + 1];
  const rest = next && size >= 60 ? Math.floor((size - whole * length) / next[1]) : 0;
  const head = t(`duration.${name}`, { n: whole });
  if (rest === 0 || next === undefined || (name === "minute")) return head;
  return `${head} ${t(`duration.${next[0]}`, { n: rest })}`;
}

/** One unit with at most one decimal, "5.2 h": where there is no room for two. */
export function shortDurationText(seconds: number, t: TFunction): string {
  const [name, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);
  const size = Math.abs(seconds) / length;
  return t(`duration.${name}`, { n: size < 10 && name !== "second" ? Number(size.toFixed(1)) : Math.round(size) });
}

/** The zone's city, "New York" for "America/New_York". */
export function zoneCity(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}
