import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as queries from "../api/queries";
import type { LocalText, Message, SliceMap } from "../api/types";
import { systemNow, useDay } from "../live/clock";
import { messageText } from "./message";
import { localText, sliceText } from "./texts";
import { durationText, nearTimeText, timeText } from "./times";

/** What a message is about where it does not say so itself. */
export interface About {
  unit?: string;
  zone?: string;
  metricName?: string;
  slice?: SliceMap;
}

/** An incident's part in its messages. */
export const aboutIncident = (row: { unit: string; metric: string; slice: SliceMap; timezone?: string }): About => ({
  unit: row.unit,
  metricName: row.metric,
  slice: row.slice,
  ...(row.timezone === undefined ? {} : { zone: row.timezone }),
});

export interface Words {
  t: TFunction;
  language: "zh" | "en";
  now: Date;
  local: (text: LocalText | null | undefined) => string;
  slice: (slice: SliceMap | null | undefined) => string;
  message: (message: Message | null | undefined, about?: About) => string;
  duration: (seconds: number | null | undefined) => string;
  time: (at: string | null | undefined, zone?: string) => string;
  nearTime: (at: string | null | undefined, zone?: string) => string;
}

/** Everything a component needs to put facts into the reader's words. */
export function useWords(): Words {
  const { t, i18n } = useTranslation();
  useDay();
  // Not a ticking clock: only what shows the time itself moves every second, tables do not.
  const now = systemNow();
  const { data: metrics } = useQuery(queries.metricDirectory());
  const language = i18n.language === "zh" ? "zh" : "en";
  const directory = useMemo(() => new Map((metrics ?? []).map((metric) => [metric.name, metric])), [metrics]);
  return {
    t,
    language,
    now,
    local: (text) => localText(text, language),
    slice: (slice) => sliceText(slice, t),
    message: (message, about) =>
      messageText(message, { t, language, now, ...about, metric: (name) => directory.get(name) }),
    duration: (seconds) => durationText(seconds, t),
    time: (at, zone) => timeText(at, zone, now),
    nearTime: (at, zone) => nearTimeText(at, now, zone),
  };
}
