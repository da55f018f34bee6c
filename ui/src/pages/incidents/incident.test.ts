import { describe, expect, it } from "vitest";
import type { IncidentPage, TaskRow, TimelineRow } from "../../api/types";
import { chartRange } from "./ChartCard";
import { othersOf, primaryOf } from "./primary";
import { newestFirst } from "./TimelineCard";

const task = { id: "t", kind: "approval", state: "open" } as TaskRow;
const incident = (actions: IncidentPage["actions"], tasks: TaskRow[] = []) => ({ actions, tasks });

const everything = () => true;

describe("the one filled button", () => {
  it("is to acknowledge while nobody answers for it", () => {
    expect(primaryOf(incident(["acknowledge", "take", "resolve"], [task]), everything)).toEqual({ kind: "action", action: "acknowledge" });
  });

  it("is the waiting task once somebody has", () => {
    expect(primaryOf(incident(["take", "resolve"], [task]), everything)).toEqual({ kind: "task", task });
  });

  it("is to resolve, then to close, when no step waits", () => {
    expect(primaryOf(incident(["take", "resolve"]), everything)).toEqual({ kind: "action", action: "resolve" });
    expect(primaryOf(incident(["close", "reopen"]), everything)).toEqual({ kind: "action", action: "close" });
  });

  it("does not exist where nothing may be done", () => {
    expect(primaryOf(incident(["comment"], [{ ...task, state: "approved" }]), everything)).toBeNull();
  });

  it("is not a task that one may not do", () => {
    expect(primaryOf(incident(["comment"], [task]), (permission) => permission !== "approval.decide")).toBeNull();
  });

  it("does not stand among the others", () => {
    expect(othersOf(incident(["acknowledge", "take", "resolve", "comment"]), everything)).toEqual(["take", "resolve"]);
  });
});

describe("the timeline", () => {
  const row = (at: string, code: string) => ({ at, message: { code } }) as TimelineRow;
  const first = row("2013-12-01T10:00:00Z", "a");
  const second = row("2013-12-01T10:00:00Z", "b");
  const third = row("2013-12-01T11:00:00Z", "c");

  it("turns round what came oldest first, also within one instant", () => {
    expect(newestFirst([first, second, third]).map((one) => one.message.code)).toEqual(["c", "b", "a"]);
  });

  it("leaves what came newest first", () => {
    expect(newestFirst([third, second, first]).map((one) => one.message.code)).toEqual(["c", "b", "a"]);
  });
});

describe("the chart of an incident", () => {
  it("starts well before it and goes a little past its end", () => {
    const range = chartRange({ grain: "hour", started_at: "2013-04-16T12:00:00Z", ended_at: "2013-04-16T22:00:00Z" }, false);
    expect(range).toEqual({ from: "2013-04-12T12:00:00.000Z", to: "2013-04-17T22:00:00.000Z" });
  });

  it("has no end while the incident has none", () => {
    expect(chartRange({ grain: "day", started_at: "2013-04-16T12:00:00Z", ended_at: null }, false).to).toBeUndefined();
  });
});
