import type { TFunction } from "i18next";
import type { LocalText, SliceMap } from "../api/types";
import { nothing } from "./numbers";

/** A text in two languages of which one may be missing; the other one is better than nothing. */
export function localText(text: LocalText | null | undefined, language: string): string {
  if (!text) return "";
  return (language === "zh" ? (text.zh ?? text.en) : (text.en ?? text.zh)) ?? "";
}

export function dimensionText(dimension: string, t: TFunction): string {
  return t(`dimension.${dimension}`, { defaultValue: dimension });
}

/** "carrier AA × origin EWR"; the total says so. */
export function sliceText(slice: SliceMap | null | undefined, t: TFunction): string {
  const pairs = Object.entries(slice ?? {});
  if (pairs.length === 0) return t("slice.total");
  return pairs.map(([dimension, value]) => `${dimensionText(dimension, t)} ${value || nothing}`).join(" × ");
}

/** "carrier:AA,origin:EWR", as it stands in addresses. */
export function sliceToQuery(slice: SliceMap): string {
  return Object.entries(slice)
    .map(([dimension, value]) => `${dimension}:${value}`)
    .join(",");
}

/** The same as a predicate, for questions that are put to the source. */
export function slicePredicate(slice: SliceMap): string {
  return Object.entries(slice)
    .map(([dimension, value]) => `${dimension} = '${value.replaceAll("'", "''")}'`)
    .join(" AND ");
}

export function sliceFromQuery(text: string): SliceMap {
  const slice: SliceMap = {};
  for (const pair of text.split(",").filter(Boolean)) {
    const cut = pair.indexOf(":");
    if (cut > 0) slice[pair.slice(0, cut)] = pair.slice(cut + 1);
  }
  return slice;
}

/** Cut in the middle: in long names the two ends are what tells them apart. */
export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil((limit - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (limit - 1 - head))}`;
}
