import { describe, expect, it } from "vitest";
import type { SeriesPoint } from "../../api/types";
import { keptGrain, shownGrains } from "./grains";
import { totalsOf } from "./totals";

const point = (value: number | null, numerator: number | null = null, denominator: number | null = null): SeriesPoint => ({
  t: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z", value, numerator, denominator,
  expected: null, lower: null, upper: null, score: null, anomaly: false,
});

describe("thirty days", () => {
  it("of a rate are all cases together, not the average of the days", () => {
    expect(totalsOf([point(1, 1, 1), point(0.5, 50, 100)]).now).toBeCloseTo(51 / 101);
  });

  it("of a count are a day's average, and a day that nobody can tell does not pull it down", () => {
    expect(totalsOf([point(10), point(null), point(20)]).now).toBe(15);
  });

  it("are compared with nothing while there are no thirty days before them", () => {
    expect(totalsOf(Array.from({ length: 59 }, () => point(1))).before).toBeNull();
    expect(totalsOf(Array.from({ length: 60 }, () => point(1))).before).toBe(1);
  });

  it("of nothing are nothing", () => {
    expect(totalsOf([])).toEqual({ day: null, now: null, before: null });
    expect(totalsOf([point(0, 0, 0)]).now).toBeNull();
  });
});

describe("grains", () => {
  it("that can be looked at begin with the finest that is kept", () => {
    expect(shownGrains({ grains: ["day"] })).toEqual(["day", "week", "month", "quarter", "year"]);
  });

  it("that are judged are kept ones alone", () => {
    expect(keptGrain({ grains: ["hour", "day"] }, "month")).toBe("hour");
    expect(keptGrain({ grains: ["hour", "day"] }, "day")).toBe("day");
  });
});
