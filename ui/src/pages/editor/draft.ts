import type { EditBody, IssueRow } from "../../api/types";

/** A definition as it is being edited: a body, in the words in which it is written. */
export type Body = Record<string, unknown>;

const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value);

export function valueAt(body: Body, path: string): unknown {
  return path.split(".").reduce<unknown>((part, key) => (isBody(part) ? part[key] : undefined), body);
}

export function textAt(body: Body, path: string): string {
  const value = valueAt(body, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function listAt(body: Body, path: string): string[] {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || value === null || (Array.isArray(value) && value.length === 0) || (isBody(value) && Object.keys(value).length === 0);

/** The body with one value in its place; what is empty is not written at all, and neither is what only held it. */
export function withValue(body: Body, path: string, value: unknown): Body {
  const [key = "", ...rest] = path.split(".");
  const inner = body[key];
  const next = rest.length === 0 ? value : withValue(isBody(inner) ? inner : {}, rest.join("."), value);
  const { [key]: _, ...others } = body;
  if (isEmpty(next)) return others;
  // A key that was there keeps its place, so that the YAML does not jump about while somebody types.
  return key in body ? Object.fromEntries(Object.entries(body).map(([one, old]) => [one, one === key ? next : old])) : { ...body, [key]: next };
}

/** A text in two languages may be written as one plain text: that is what both show. */
export function localAt(body: Body, path: string, language: "zh" | "en"): string {
  const value = valueAt(body, path);
  return typeof value === "string" ? value : textAt(body, `${path}.${language}`);
}

export function withLocal(body: Body, path: string, language: "zh" | "en", text: string): Body {
  const value = valueAt(body, path);
  const base = typeof value === "string" ? withValue(body, path, { zh: value, en: value }) : body;
  return withValue(base, `${path}.${language}`, text);
}

const parts: Record<string, string[]> = {
  simple: ["dataset", "measure", "agg", "percentile", "expr", "filter"],
  ratio: ["dataset", "numerator", "denominator", "filter"],
  derived: ["expr", "input_metrics"],
  cumulative: ["dataset", "measure", "agg", "expr", "filter", "window", "grain_to_date"],
};
const own = [...new Set(Object.values(parts).flat())];

/** Another type has other parts; what it cannot have is taken away, the rest stays. */
export function withType(body: Body, type: string): Body {
  const unfit = own.filter((part) => !parts[type]?.includes(part));
  const kept = Object.fromEntries(Object.entries(body).filter(([key]) => !unfit.includes(key)));
  return withValue(kept, "type", type);
}

/** The issues that belong to a field: at its key, or at a part of it. */
export function issuesAt(issues: IssueRow[], path: string): IssueRow[] {
  return issues.filter((issue) => issue.path === path || issue.path.startsWith(`${path}.`) || issue.path.startsWith(`${path}[`));
}

export function fresh(dataset: string, owner: string): Body {
  return {
    name: "new_metric",
    type: "simple",
    dataset,
    governance: { owner, level: "L3", unit: "count", good_direction: "up" },
  };
}

/** What the server is asked about: the text where the text was edited last, else the body. */
export function editOf(draft: { body: Body; yaml: string; last: "form" | "yaml" }, parent: string | null): EditBody {
  const written = draft.last === "yaml" ? { yaml: draft.yaml } : { body: draft.body };
  return { kind: "metric", parent, remove: false, ...written };
}
