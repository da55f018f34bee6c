import { createInstance } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { LocalText, Message } from "../api/types";
import { collect } from "./collect";
import { messageText, type MessageContext } from "./message";

const i18n = createInstance();
const labels: Record<string, { label: LocalText; unit: string }> = {
  on_time_rate: { label: { zh: "准点率", en: "On-time rate" }, unit: "ratio" },
  cancellations: { label: { zh: "取消数", en: "Cancelled flights" }, unit: "count" },
};

beforeAll(async () => {
  await i18n.init({
    resources: { zh: collect("zh"), en: collect("en") },
    ns: ["ui", "messages"],
    defaultNS: "ui",
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
});

function say(language: "zh" | "en", code: string, params: Message["params"] = {}, about: Partial<MessageContext> = {}): string {
  return messageText(
    { code, params },
    {
      t: i18n.getFixedT(language),
      language,
      now: new Date("2013-12-02T20:00:00Z"),
      zone: "America/New_York",
      metric: (name) => labels[name],
      ...about,
    },
  );
}

const local = {
  metric: "on_time_rate",
  slice: { carrier: "AA" },
  actual: 0.38,
  expected: 0.812,
  difference: -0.432,
  share: 0.55,
  more: 1,
};

describe("a message", () => {
  it("names slice, metric, value and distance, with the unit's own signs", () => {
    expect(say("en", "headline.local", local)).toBe("Carrier AA (and 1 more slice): on-time rate down to 38.0%, 43.2 pp below expected");
    expect(say("zh", "headline.local", local)).toBe("承运方 AA（另有 1 个切片）：准点率降到 38.0%，比预期低 43.2 pp");
  });

  it("says up where the difference is positive", () => {
    const params = { metric: "cancellations", actual: 231, expected: 18, difference: 213 };
    expect(say("en", "headline.global", params)).toBe("Cancelled flights up everywhere to 231, 213 above expected; no slice explains it");
  });

  it("takes what it is about from the incident where it does not say so itself", () => {
    const about = { metricName: "on_time_rate", slice: { dest: "SFO" } };
    expect(say("en", "headline.unexplained", {}, about)).toMatch(/^On-time rate of destination SFO left its band/);
    expect(say("en", "headline.unexplained", {}, { ...about, slice: {} })).toMatch(/^On-time rate left its band/);
  });

  it("shows an unknown code with its parameters and does not fail", () => {
    expect(say("en", "future.code", { x: 3 })).toBe("future.code x=3");
    expect(say("zh", "future.code")).toBe("future.code");
  });

  it("turns a reason that is itself a code into words", () => {
    const params = { person: "Nora Quill", reason: "assignment.cause_owner", slice: { carrier: "AA" } };
    expect(say("en", "timeline.assigned", params)).toBe("Assigned to Nora Quill: responsible for carrier AA, which moved it");
  });

  it("leaves nothing behind where a note is empty", () => {
    expect(say("en", "timeline.resolve", { reason: "" })).toBe("Marked resolved");
    expect(say("zh", "timeline.task_done", { title: { zh: "决定是否干预" }, decision: "act", note: "" })).toBe("完成任务：决定是否干预。干预");
  });

  it("writes times in the metric's zone and durations in two units", () => {
    expect(say("en", "timeline.data_back", { since: "2013-12-02T17:00:00+00:00" })).toMatch(/12:00$/);
    expect(say("en", "review.time_to_acknowledge", { seconds: 4320 })).toBe("Acknowledged after 1 h 12 min");
  });

  it("counts a rate's impact in cases", () => {
    const params = { ...local, start: "2013-12-02T11:00:00Z", buckets: 3, impact: -211 };
    expect(say("en", "timeline.detected", params)).toContain("impact −211");
  });
});
