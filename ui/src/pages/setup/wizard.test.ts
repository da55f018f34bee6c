import { expect, test } from "vitest";
import { editsOf, filled, metricsOf, nothingChosen, type FormFieldRow, type Suggestion } from "./wizard";

const found: Suggestion = {
  source: { name: "shop", plugin: "files", options: { folder: "uploads" } },
  dataset: { name: "orders", grain: "hour", dimensions: ["region"] },
  metrics: [
    { name: "orders_count", grains: ["hour", "day"], label: { en: "Number of orders" }, governance: { good_direction: "up", unit: "count" } },
    { name: "buyers", grains: ["day"], label: { zh: "买家" }, governance: { good_direction: "up", unit: "count" } },
  ],
  monitors: [{ name: "orders_count_day", metric: "orders_count", grain: "day" }],
  reasons: [],
  times: ["at"],
  money: [],
  naive: true,
  columns: [],
  sample: [],
};

const kinds = (edits: ReturnType<typeof editsOf>) => edits.map((one) => one.kind);
const body = (edits: ReturnType<typeof editsOf>, at: number) => edits[at]?.body as Record<string, unknown>;

test("what was proposed is published as it is when nothing was changed", () => {
  const edits = editsOf(found, nothingChosen, "en");
  expect(kinds(edits)).toEqual(["source", "dataset", "metric", "metric", "monitor"]);
  expect(body(edits, 2)).toEqual(found.metrics[0]);
});

test("a metric that is not wanted takes its monitor with it", () => {
  const edits = editsOf(found, { ...nothingChosen, left: ["orders_count"] }, "en");
  expect(metricsOf(edits)).toEqual(["buyers"]);
  expect(kinds(edits)).not.toContain("monitor");
});

test("names are kept in the reader's language and the other stays", () => {
  const edits = editsOf(found, { ...nothingChosen, label: { buyers: "Buyers" }, direction: { buyers: "none" } }, "en");
  expect(body(edits, 3)["label"]).toEqual({ zh: "买家", en: "Buyers" });
  expect(body(edits, 3)["governance"]).toEqual({ good_direction: "none", unit: "count" });
});

test("another step changes dataset, metrics and monitors alike", () => {
  const months = editsOf(found, { ...nothingChosen, grain: "month" }, "en");
  expect(body(months, 1)["grain"]).toBe("month");
  expect(body(months, 2)["grains"]).toEqual(["month"]);
  expect(kinds(months)).not.toContain("monitor");
  const hours = editsOf(found, { ...nothingChosen, grain: "hour" }, "en");
  expect(body(hours, 3)["grains"]).toEqual(["day"]);
});

test("secrets go apart unless they are references, and empty fields nowhere", () => {
  const field = (name: string, kind: FormFieldRow["kind"]): FormFieldRow => ({ name, kind, required: false, default: null, choices: [], description: "" });
  const fields = [field("host", "text"), field("port", "number"), field("tls", "yes_no"), field("password", "secret"), field("url", "secret")];
  const values = { host: " db ", port: "5432", tls: "true", password: "hush", url: "env:SHOP" };
  expect(filled(fields, values)).toEqual({ options: { host: "db", port: 5432, tls: true, url: "env:SHOP" }, secrets: { password: "hush" } });
  expect(filled(fields, {})).toEqual({ options: {}, secrets: {} });
});
