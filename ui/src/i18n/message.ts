import type { TFunction } from "i18next";
import type { LocalText, Message, SliceMap } from "../api/types";
import { formatCount, formatDifference, formatGap, formatShare, formatValue, nothing } from "./numbers";
import { localText, sliceFromQuery, sliceText } from "./texts";
import { durationText, nearTimeText } from "./times";

/** What a message cannot know by itself. */
export interface MessageContext {
  t: TFunction;
  language: string;
  now: Date;
  /** What the message is about where it does not say so itself: the incident's metric and slice. */
  metricName?: string | undefined;
  slice?: SliceMap | undefined;
  zone?: string | undefined;
  unit?: string | undefined;
  metric: (name: string) => { label: LocalText; unit: string } | undefined;
}

type Params = NonNullable<Message["params"]>;
type Param = Params[string];
type Format = (value: Param, unit: string, context: MessageContext) => string;

const asNumber = (value: Param): number | null =>
  typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : null;

const inUnit: Format = (value, unit) => formatValue(asNumber(value), unit);
const asTime: Format = (value, _, { now, zone }) =>
  typeof value === "string" ? nearTimeText(value, now, zone) : nothing;
const asDuration: Format = (value, _, { t }) => durationText(asNumber(value), t);
// Inside an English sentence a label starts small ("on-time rate"), but an abbreviation stays ("GMV").
const inSentence = (label: string, language: string): string =>
  language === "en" && /^[A-Z][a-z-]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

const asWord =
  (family: string): Format =>
  (value, _, { t, language }) =>
    inSentence(t(`${family}.${String(value)}`, { defaultValue: String(value) }), language);
const asSeverity: Format = (value, _, { t }) => `${String(value)} ${t(`severity.${String(value)}`, { defaultValue: "" })}`;

/** A person: the name, or `{"name": …, "scripted": "true"}`; whom the demo plays is marked in sentences too. */
const asPerson: Format = (value, _, context) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return asText(value, context);
  return value.scripted === "true" ? context.t("person.marked", { name: value.name }) : (value.name ?? "");
};

function asText(value: Param, { t, language }: MessageContext): string {
  if (value === null || value === undefined || value === "") return ""; // an optional note may be missing
  if (typeof value === "number") return formatCount(value);
  if (typeof value === "boolean") return t(value ? "word.yes" : "word.no");
  if (Array.isArray(value)) return value.join(t("word.comma"));
  if (typeof value === "object") {
    const keys = Object.keys(value);
    const isLocal = keys.length > 0 && keys.every((key) => key === "zh" || key === "en");
    return isLocal ? localText(value as LocalText, language) : sliceText(value as SliceMap, t);
  }
  return value;
}

const asMetric: Format = (value, _, context) => {
  const name = String(value);
  return inSentence(localText(context.metric(name)?.label, context.language), context.language) || name;
};
const asMetrics: Format = (value, unit, context) =>
  (Array.isArray(value) ? value : [String(value)])
    .map((name) => asMetric(name, unit, context))
    .join(context.t("word.comma"));
const asSlices: Format = (value, _, { t }) =>
  (Array.isArray(value) ? value : [String(value)])
    .map((text) => sliceText(sliceFromQuery(text), t))
    .join(t("word.and"));
const asSlice: Format = (value, _, { t }) =>
  typeof value === "string" ? sliceText(sliceFromQuery(value), t) : sliceText((value ?? {}) as SliceMap, t);

/** How a parameter is written follows from its name; `docs/reference/messages.md` lists the names. */
const formats: Record<string, Format> = {
  metric: asMetric,
  metrics: asMetrics,
  slice: asSlice,
  slices: asSlices,
  value: inUnit,
  expected: inUnit,
  actual: inUnit,
  lower: inUnit,
  upper: inUnit,
  difference: (value, unit) => formatGap(asNumber(value), unit),
  total: (value, unit) => formatDifference(asNumber(value), unit),
  impact: (value, unit) => formatDifference(asNumber(value), unit === "ratio" ? "count" : unit), // a rate's is in cases
  number: (value) => String(value), // an incident's number is a name, not an amount
  incident: (value) => String(value),
  share: (value) => formatShare(asNumber(value)),
  usual_share: (value) => formatShare(asNumber(value)),
  before_rate: (value) => formatShare(asNumber(value)),
  after_rate: (value) => formatShare(asNumber(value)),
  from: asTime,
  to: asTime,
  start: asTime,
  end: asTime,
  since: asTime,
  until: asTime,
  due: asTime,
  seconds: asDuration,
  action: asWord("run_action"),
  verdict: asWord("verdict"),
  mode: asWord("mode"),
  mode_before: asWord("mode"),
  severity: asSeverity,
  severity_before: asSeverity,
  person: asPerson,
  by: asPerson,
  state: asWord("state"),
  channel: asWord("channel"),
  station: asWord("station"),
  grain: asWord("grain"),
  dimension: asWord("dimension"),
  field: asWord("field"),
};

function formatOf(name: string): Format {
  const format = formats[name];
  if (format) return format;
  if (name.endsWith("_at")) return asTime;
  if (name.endsWith("_s")) return asDuration;
  return (value, _, context) => asText(value, context);
}

function unitOf(params: Params, context: MessageContext): string {
  if (typeof params.unit === "string") return params.unit;
  const named = typeof params.metric === "string" ? context.metric(params.metric)?.unit : undefined;
  return named ?? context.unit ?? "count";
}

function direction(params: Params): "up" | "down" | undefined {
  const { difference } = params;
  return typeof difference === "number" ? (difference < 0 ? "down" : "up") : undefined;
}

const isTotal = (slice: Param | undefined): boolean =>
  slice === null || slice === undefined || slice === "" || (typeof slice === "object" && Object.keys(slice).length === 0);

const isCode = (text: string): boolean => /^[a-z_]+\.[a-z_]+$/.test(text);

/** What a person answered in a task's form: whatever is not one of the message's own parameters. */
function answersText(params: Params, context: MessageContext): string {
  const own = new Set(["step", "note", "title", "person"]);
  return Object.entries(params)
    .filter(([name, value]) => !own.has(name) && value !== "" && value !== null)
    .map(([, value]) => context.t(`option.${String(value)}`, { defaultValue: String(value) }))
    .join(context.t("word.comma"));
}

/** Words that follow from several parameters: what it is about, how many more slices, a reason that is a code. */
function derived(params: Params, said: Params, words: Record<string, unknown>, context: MessageContext): void {
  const { t } = context;
  words.slices ??= words.slice;
  words.value ??= words.actual;
  words.title ??= words.step;
  words.place = params.where ? t("word.place", { where: params.where }) : "";
  words.todo = params.fix ? t("problem.fix", { fix: params.fix }) : "";
  words.metric ??= t("word.a_metric");
  words.subject = isTotal(params.slice) ? words.metric : t("word.subject", words);
  words.others = typeof params.more === "number" && params.more > 0 ? t("word.others", { count: params.more }) : "";
  words.share_part = typeof params.share === "number" ? t("word.share_part", words) : ""; // unknown is left out, not shown as zero
  words.answers = answersText(said, context);
  const counted = params.count ?? params.buckets;
  if (typeof counted === "number") words.count = counted;
  if (typeof params.reason === "string" && isCode(params.reason)) {
    words.reason = t(params.reason, { ...words, ns: "messages", defaultValue: params.reason });
  }
}

/** The sentence of a message. A code that this version does not know is shown with its parameters. */
export function messageText(message: Message | null | undefined, context: MessageContext): string {
  if (!message) return "";
  const params: Params = {
    ...(context.metricName === undefined ? {} : { metric: context.metricName }),
    ...(context.slice === undefined ? {} : { slice: context.slice }),
    ...message.params,
  };
  const unit = unitOf(params, context);
  const words: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) words[name] = formatOf(name)(value, unit, context);
  derived(params, message.params ?? {}, words, context);
  const raw = [message.code, ...Object.entries(message.params ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" ");
  const text = context.t(message.code, {
    ...Object.fromEntries(Object.entries(words).map(([name, word]) => [name, word === "" ? gap : word])),
    ns: "messages",
    context: direction(params), // "headline.local_down" where it exists, else "headline.local"
    defaultValue: raw,
  });
  return text === raw ? raw : tidy(text);
}

/** Stands for an empty parameter until it is known what goes with it. */
const gap = "\u0000";
const han = "[\\u4e00-\\u9fff]";

/** Takes away what an empty parameter leaves behind, and starts the sentence with a capital. */
function tidy(text: string): string {
  const said = text
    .replaceAll(/\{\{\w+\}\}/g, gap)
    .replaceAll(new RegExp(`[.。:：]?\\s*[「“(（]?${gap}[」”)）]?`, "g"), "")
    // Blanks stand between Chinese and figures or Latin, not between two Chinese characters.
    .replaceAll(new RegExp(`(${han}) (?=${han})`, "g"), "$1")
    .replaceAll(new RegExp(`(${han})(?=[A-Za-z0-9#])`, "g"), "$1 ")
    .replaceAll(new RegExp(`([A-Za-z0-9%])(?=${han})`, "g"), "$1 ")
    .trim();
  // A name such as late_parcels is written as it is.
  return /^[a-z0-9]+_/.test(said) ? said : said.charAt(0).toUpperCase() + said.slice(1);
}
