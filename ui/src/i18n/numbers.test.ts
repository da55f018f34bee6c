import { describe, expect, it } from "vitest";
import { formatCount, formatDifference, formatGap, formatShare, formatValue } from "./numbers";

describe("numbers", () => {
  it("show a ratio in percent, with a second decimal only near its ends", () => {
    expect(formatValue(0.9694, "ratio")).toBe("96.94%");
    expect(formatValue(0.381, "ratio")).toBe("38.1%");
    expect(formatValue(1, "ratio")).toBe("100%");
  });

  it("show a ratio's difference in percentage points with a real minus", () => {
    expect(formatDifference(-0.0168, "ratio")).toBe("\u22121.68 pp");
    expect(formatDifference(0.432, "ratio")).toBe("+43.2 pp");
    expect(formatGap(-0.432, "ratio")).toBe("43.2 pp");
  });

  it("put a currency's sign before the amount and group thousands", () => {
    expect(formatValue(57474, "CNY")).toBe("¥57,474");
    expect(formatDifference(-28, "CNY")).toBe("\u2212¥28");
    expect(formatValue(1200, "SEK")).toBe("SEK 1,200");
  });

  it("show what is not known as a dash, never as zero", () => {
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(formatValue(value, "ratio")).toBe("—");
      expect(formatDifference(value, "count")).toBe("—");
      expect(formatShare(value)).toBe("—");
      expect(formatCount(value)).toBe("—");
    }
  });

  it("give no sign to what rounds to zero", () => {
    expect(formatValue(-0.00001, "ratio")).toBe("0.00%");
    expect(formatDifference(-0.02, "count")).toBe("0");
  });
});
