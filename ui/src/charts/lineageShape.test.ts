import { describe, expect, it } from "vitest";
import { box, columnsOf, line, shapeOf } from "./lineageShape";

const arrow = (start: string, end: string) => ({ start, end, relation: "part" });

describe("lineage", () => {
  it("puts a box to the right of everything that it is made of", () => {
    const columns = columnsOf(["a", "b", "c"], [arrow("a", "b"), arrow("b", "c"), arrow("a", "c")]);
    expect([columns.get("a"), columns.get("b"), columns.get("c")]).toEqual([0, 1, 2]);
  });

  it("puts what nothing leads to right before the first that is made of it", () => {
    const columns = columnsOf(["a", "b", "c", "driver"], [arrow("a", "b"), arrow("b", "c"), arrow("driver", "c")]);
    expect(columns.get("driver")).toBe(1);
  });

  it("ends where things go in a circle", () => {
    expect(columnsOf(["a", "b"], [arrow("a", "b"), arrow("b", "a")]).size).toBe(2);
  });

  it("orders boxes so that lines cross little", () => {
    const { boxes } = shapeOf(["a", "b", "x", "y"], [arrow("a", "y"), arrow("b", "x")]);
    expect(boxes.get("y")?.y).toBeLessThan(boxes.get("x")?.y ?? 0);
  });

  it("is as tall as its tallest column, and one box alone is as tall as a box", () => {
    expect(shapeOf(["a"], []).height).toBe(box.height);
    expect(shapeOf([], []).width).toBe(box.width);
    expect(shapeOf(["a", "b", "c"], [arrow("a", "c"), arrow("b", "c")]).height).toBe(2 * box.height + box.down);
  });

  it("draws a line from the right side to the left side", () => {
    const { boxes } = shapeOf(["a", "b"], [arrow("a", "b")]);
    const [a, b] = [boxes.get("a"), boxes.get("b")];
    expect(a && b && line(a, b)).toBe("M120 22C133 22 133 22 146 22");
  });
});
