import { describe, expect, it } from "vitest";
import type { BacktestEvent, Contribution, SeriesPoint } from "../api/types";
import { markOf } from "./backtest";
import { niceRange } from "./band";
import { bucketAt, fillGaps } from "./buckets";
import { sharesMean, waterfallSteps } from "./waterfall";

const hour = (index: number) => new Date(Date.UTC(2013, 11, 2, index)).toISOString();
const point = (index: number, value: number | null): SeriesPoint => ({
  t: hour(index),
  end: hour(index + 1),
  value,
  numerator: null,
  denominator: null,
  expected: null,
  lower: null,
  upper: null,
  score: null,
  anomaly: false,
});
const part = (slice: Record<string, string> | null, value: number): Contribution =>
  ({ slice, value, rate: null, mix: null, share: null, expected: null, actual: null }) as Contribution;

describe("a series' buckets", () => {
  it("keep a gap as a gap, with its true length", () => {
    const filled = fillGaps([point(0, 1), point(1, 2), point(4, 3)]);
    expect(filled.map((one) => one.value)).toEqual([1, 2, null, null, 3]);
    expect(filled.map((one) => one.t)).toEqual([0, 1, 2, 3, 4].map(hour));
  });

  it("stay as they are where a local day is an hour longer", () => {
    const day = { ...point(0, 1), end: hour(25) };
    expect(fillGaps([day, { ...point(25, 2), end: hour(49) }])).toHaveLength(2);
  });

  it("are found by an instant", () => {
    const points = [point(0, 1), point(1, 2)];
    expect([bucketAt(points, hour(-1)), bucketAt(points, hour(1)), bucketAt(points, hour(9))]).toEqual([-1, 1, 2]);
  });
});

describe("a waterfall", () => {
  const contributions = [part({ carrier: "MQ" }, -0.07), part({ carrier: "AA" }, -0.09), part(null, -0.01)];

  it("goes from expected to actual by size and sums exactly", () => {
    const steps = waterfallSteps({ expected: 0.84, actual: 0.67, contributions, most: 6 });
    expect(steps.map((step) => step.kind)).toEqual(["expected", "slice", "slice", "rest", "actual"]);
    expect(steps[1]?.contribution?.slice).toEqual({ carrier: "AA" });
    expect(steps[3]?.to).toBeCloseTo(0.67, 12);
  });

  it("gathers small slices without losing any of the change", () => {
    const many = Array.from({ length: 20 }, (_, index) => part({ dest: String(index) }, -0.001 * (index + 1)));
    const steps = waterfallSteps({ expected: 1, actual: 0.79, contributions: many, most: 5 });
    const others = steps.find((step) => step.kind === "others");
    expect(others?.count).toBe(15);
    expect(steps.at(-2)?.to).toBeCloseTo(0.79, 12);
  });

  it("hides shares where the parts cancel each other", () => {
    expect(sharesMean(contributions)).toBe(true);
    expect(sharesMean([part({ a: "1" }, 1), part({ a: "2" }, -0.99)])).toBe(false);
  });
});

describe("an axis", () => {
  it("starts counts at zero, and may cut a rate", () => {
    expect(niceRange([120, 180], true, "count")).toEqual([0, 200]);
    expect(niceRange([0.96, 0.99], false, "ratio")[0]).toBeGreaterThan(0.9);
  });
});

describe("a backtest's mark", () => {
  const event = (verdict: BacktestEvent["verdict"], before: boolean): BacktestEvent =>
    ({ start: hour(0), end: hour(1), slice: {}, verdict, before, after: false, incident_id: null }) as BacktestEvent;

  it("is caught, missed or false by label and alarm", () => {
    expect(markOf(event("true", true), "before")).toBe("caught");
    expect(markOf(event("missed", false), "before")).toBe("missed");
    expect(markOf(event("false_alarm", true), "before")).toBe("false");
    expect(markOf(event("expected", true), "before")).toBe("false");
  });

  it("is none where nobody alarmed and nobody should have, or nobody judged", () => {
    expect(markOf(event("false_alarm", false), "before")).toBeNull();
    expect(markOf(event("unlabelled", true), "before")).toBeNull();
  });
});
