import { describe, expect, it } from "vitest";
import type { IssueRow } from "../../api/types";
import { editOf, issuesAt, localAt, withLocal, withType, withValue } from "./draft";

const issue = (path: string): IssueRow => ({ kind: "metric", name: "gmv", path, line: null, problem: "wrong", fix: "" });

describe("a draft", () => {
  it("writes a value at its place and keeps the order of what is there", () => {
    const body = withValue({ name: "gmv", type: "simple", filter: "a = 1" }, "type", "ratio");
    expect(Object.keys(body)).toEqual(["name", "type", "filter"]);
    expect(withValue(body, "governance.owner", "mei").governance).toEqual({ owner: "mei" });
  });

  it("does not write what is empty, nor what only held it", () => {
    expect(withValue({ name: "gmv", governance: { synonyms: { zh: ["成交额"] } } }, "governance.synonyms.zh", [])).toEqual({ name: "gmv" });
  });

  it("splits a plain text into both languages when one of them is changed", () => {
    const body = { label: "GMV" };
    expect(localAt(body, "label", "zh")).toBe("GMV");
    expect(withLocal(body, "label", "zh", "成交额")).toEqual({ label: { zh: "成交额", en: "GMV" } });
  });

  it("of another type loses only what that type cannot have", () => {
    const body = { name: "gmv", type: "simple", dataset: "orders", measure: "amount", filter: "a = 1", label: "GMV" };
    expect(withType(body, "ratio")).toEqual({ name: "gmv", type: "ratio", dataset: "orders", filter: "a = 1", label: "GMV" });
    expect(withType(body, "derived")).toEqual({ name: "gmv", type: "derived", label: "GMV" });
  });

  it("shows an issue at its field alone", () => {
    const issues = [issue("governance.owner"), issue("input_metrics[0].name"), issue("grainz")];
    expect(issuesAt(issues, "input_metrics")).toHaveLength(1);
    expect(issuesAt(issues, "governance.owners")).toHaveLength(0);
  });

  it("is sent as that which was edited last", () => {
    const draft = { body: { name: "gmv" }, yaml: "name: gmw\n" };
    expect(editOf({ ...draft, last: "yaml" }, "abc")).toEqual({ kind: "metric", parent: "abc", remove: false, yaml: "name: gmw\n" });
    expect(editOf({ ...draft, last: "form" }, null)).toEqual({ kind: "metric", parent: null, remove: false, body: { name: "gmv" } });
  });
});
