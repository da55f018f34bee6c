import type { EditBody } from "../../api/types";
import type { components } from "../../api/schema";

type Schemas = components["schemas"];
export type Suggestion = Schemas["Suggestion"];
export type SourceBody = Schemas["SourceBody"];
export type SourceForm = Schemas["SourceForm"];
export type FormFieldRow = Schemas["FormFieldRow"];
export type FirstNumbers = Schemas["FirstNumbers"];

/** What a person changed of the proposal. Everything else stays as it was proposed. */
export interface Choice {
  grain?: string;
  dimensions?: string[];
  left: string[]; // names of metrics and monitors that are not wanted
  label: Record<string, string>;
  direction: Record<string, string>;
}

export const nothingChosen: Choice = { left: [], label: {}, direction: {} };

type Body = Record<string, unknown>;

export const nameOf = (body: Body): string => String(body["name"]);

export const governanceOf = (body: Body): Body => (body["governance"] as Body | undefined) ?? {};

export const labelOf = (body: Body, language: string): string => {
  const label = (body["label"] as Record<string, string> | undefined) ?? {};
  return label[language] ?? label["en"] ?? label["zh"] ?? nameOf(body);
};

const grainsOf = (grain: string, proposed: unknown): unknown => {
  if (grain !== "hour") return [grain];
  return Array.isArray(proposed) && proposed.includes("day") && !proposed.includes("hour") ? ["day"] : ["hour", "day"];
};

function metric(body: Body, choice: Choice, language: string): Body {
  const name = nameOf(body);
  const label = choice.label[name]?.trim();
  const direction = choice.direction[name];
  return {
    ...body,
    ...(label ? { label: { ...(body["label"] as Body | undefined), [language]: label } } : {}),
    ...(choice.grain ? { grains: grainsOf(choice.grain, body["grains"]) } : {}),
    governance: { ...governanceOf(body), ...(direction ? { good_direction: direction } : {}) },
  };
}

/** A monitor watches days where there are hours; where the step is longer than a day there can be none. */
function monitors(found: Suggestion, choice: Choice): Body[] {
  const wanted = found.monitors.filter((one) => !choice.left.includes(nameOf(one)) && !choice.left.includes(String(one["metric"])));
  if (!choice.grain) return wanted;
  return choice.grain === "hour" || choice.grain === "day" ? wanted.map((one) => ({ ...one, grain: "day" })) : [];
}

/** The proposal with what the person changed, as definitions to preview and publish. */
export function editsOf(found: Suggestion, choice: Choice, language: string): EditBody[] {
  const dataset = {
    ...found.dataset,
    ...(choice.grain ? { grain: choice.grain } : {}),
    ...(choice.dimensions ? { dimensions: choice.dimensions } : {}),
  };
  const source: Body = { name: found.source.name, plugin: found.source.plugin, options: found.source.options };
  const metrics = found.metrics.filter((one) => !choice.left.includes(nameOf(one))).map((one) => metric(one, choice, language));
  const edit = (kind: EditBody["kind"]) => (body: Body) => ({ kind, body }) as EditBody;
  return [
    edit("source")(source),
    edit("dataset")(dataset),
    ...metrics.map(edit("metric")),
    ...monitors(found, choice).map(edit("monitor")),
  ];
}

/** The metrics among definitions, in their order. */
export const metricsOf = (edits: EditBody[]): string[] =>
  edits.filter((one) => one.kind === "metric").map((one) => nameOf(one.body as Body));

/** What fills a database form: options by kind, secrets apart. Empty fields are left out. */
export function filled(fields: FormFieldRow[], values: Record<string, string>): { options: Body; secrets: Record<string, string> } {
  const options: Body = {};
  const secrets: Record<string, string> = {};
  for (const field of fields) {
    const value = values[field.name]?.trim() ?? "";
    if (value === "") continue;
    if (field.kind === "secret" && !/^(env|file):/.test(value)) secrets[field.name] = value;
    else if (field.kind === "number") options[field.name] = Number(value);
    else if (field.kind === "yes_no") options[field.name] = value === "true";
    else options[field.name] = value;
  }
  return { options, secrets };
}
