import { queryOptions } from "@tanstack/react-query";
import { hearClock } from "../live/clock";
import { api, data } from "./client";
import { slicePredicate } from "../i18n/texts";
import type { Grain, MetricAnswer, Series, SliceMap, Verdict } from "./types";

/** Everything the pages read. The first part of each key is the kind that `change` events name. */

export const session = () =>
  queryOptions({ queryKey: ["session"], queryFn: () => data(api.GET("/api/v1/session")), retry: false });

export const loop = () =>
  queryOptions({
    queryKey: ["loop"],
    queryFn: async () => {
      const overview = await data(api.GET("/api/v1/loop"));
      hearClock(overview.clock);
      return overview;
    },
    refetchInterval: 15_000, // things get stuck by mere waiting, and nobody tells of that
  });

export const sources = () =>
  queryOptions({ queryKey: ["source"], queryFn: () => data(api.GET("/api/v1/sources")) });

export const source = (name: string) =>
  queryOptions({
    queryKey: ["source", "page", name],
    queryFn: () => data(api.GET("/api/v1/sources/{name}", { params: { path: { name } } })),
  });

export interface CatalogueFilter {
  q?: string | undefined;
  level?: "L1" | "L2" | "L3" | undefined;
  owner?: string | undefined;
  status?: "draft" | "certified" | "deprecated" | undefined;
  team?: string | undefined;
}

export const metrics = (filter: CatalogueFilter = {}) =>
  queryOptions({
    queryKey: ["points", "metrics", filter],
    queryFn: () => data(api.GET("/api/v1/metrics", { params: { query: filter } })),
    placeholderData: (before) => before,
  });

/** Labels and units by name for sentences: the same list, kept for long, not refreshed with every point. */
export const metricDirectory = () =>
  queryOptions({
    queryKey: ["metric-directory"],
    queryFn: () => data(api.GET("/api/v1/metrics")),
    staleTime: 300_000,
  });

export const metric = (name: string) =>
  queryOptions({
    queryKey: ["points", "metric", name],
    queryFn: () => data(api.GET("/api/v1/metrics/{name}", { params: { path: { name } } })),
  });

export interface SeriesAsk {
  grain: Grain;
  slice: string;
  from?: string | undefined;
  to?: string | undefined;
}

export const series = (name: string, ask: SeriesAsk) =>
  queryOptions({
    queryKey: ["points", "series", name, ask],
    queryFn: () =>
      data(api.GET("/api/v1/metrics/{name}/series", { params: { path: { name }, query: ask } })),
    placeholderData: (before) => before,
  });

/** The same of weeks and longer, which are not kept: they are asked of the source, and have no band. */
export const asked = (name: string, grain: Grain, slice: SliceMap, unit: string, start: string) =>
  queryOptions({
    queryKey: ["asked", name, grain, slice, start.slice(0, 10)],
    queryFn: async (): Promise<Series> => {
      const where = slicePredicate(slice);
      const answer = await data(
        api.POST("/api/v1/metrics/{name}/query", { params: { path: { name } }, body: { by: [], grain, start, ...(where ? { where } : {}) } }),
      );
      return seriesOf(answer as MetricAnswer, slice, unit);
    },
    staleTime: 60_000,
  });

export function seriesOf(answer: MetricAnswer, slice: SliceMap, unit: string): Series {
  const points = answer.rows.map(({ bucket, end, value, numerator, denominator }) => ({
    t: bucket, end, value, numerator: numerator ?? null, denominator: denominator ?? null,
    expected: null, lower: null, upper: null, score: null, anomaly: false,
  }));
  const { grain, timezone } = answer;
  return { metric: answer.metric, slice, grain: grain as Grain, unit, timezone, coverage: null, data_until: points.at(-1)?.end ?? null, points, spans: [] };
}

export const lineage = (name: string) =>
  queryOptions({
    queryKey: ["definition", "lineage", name],
    queryFn: () => data(api.GET("/api/v1/metrics/{name}/lineage", { params: { path: { name } } })),
  });

export const tree = (name: string) =>
  queryOptions({
    queryKey: ["points", "tree", name],
    queryFn: () => data(api.GET("/api/v1/metrics/{name}/tree", { params: { path: { name } } })),
    retry: false,
  });

export const metricVersions = (name: string) =>
  queryOptions({
    queryKey: ["points", "versions", name],
    queryFn: () => data(api.GET("/api/v1/metrics/{name}/versions", { params: { path: { name } } })),
  });

export const definition = (kind: "metric" | "dataset" | "source", name: string) =>
  queryOptions({
    queryKey: ["definition", kind, name],
    queryFn: () => data(api.GET("/api/v1/definitions/{kind}/{name}", { params: { path: { kind, name } } })),
    retry: false,
  });

export const datasets = () =>
  queryOptions({
    queryKey: ["definition", "datasets"],
    queryFn: () => data(api.GET("/api/v1/definitions", { params: { query: { kind: "dataset" } } })),
  });

export const slices = (name: string, dimension: string, grain: Grain) =>
  queryOptions({
    queryKey: ["points", "slices", name, dimension, grain],
    queryFn: () =>
      data(api.GET("/api/v1/metrics/{name}/slices", { params: { path: { name }, query: { dimension, grain } } })),
    placeholderData: (before) => before,
  });

export const monitors = () =>
  queryOptions({ queryKey: ["proposal", "monitors"], queryFn: () => data(api.GET("/api/v1/monitors")) });

export const monitor = (name: string) =>
  queryOptions({
    queryKey: ["proposal", "monitor", name],
    queryFn: () => data(api.GET("/api/v1/monitors/{name}", { params: { path: { name } } })),
  });

export interface IncidentFilter {
  state?: string | undefined;
  metric?: string | undefined;
  owner?: string | undefined;
  q?: string | undefined;
  limit?: number | undefined;
}

export const incidents = (filter: IncidentFilter) =>
  queryOptions({
    queryKey: ["incident", "list", filter],
    queryFn: () => data(api.GET("/api/v1/incidents", { params: { query: filter } })),
    placeholderData: (before) => before,
  });

export const incident = (id: number) =>
  queryOptions({
    queryKey: ["incident", "page", id],
    queryFn: () => data(api.GET("/api/v1/incidents/{id}", { params: { path: { id } } })),
  });

export const labelPreview = (id: number, verdict: Verdict) =>
  queryOptions({
    queryKey: ["incident", "label-preview", id, verdict],
    queryFn: () =>
      data(api.GET("/api/v1/incidents/{id}/label-preview", { params: { path: { id }, query: { verdict } } })),
  });

export const review = (id: number) =>
  queryOptions({
    queryKey: ["incident", "review", id],
    queryFn: () => data(api.GET("/api/v1/incidents/{id}/review", { params: { path: { id } } })),
  });

export const tasks = (mine: boolean, state: "open" | "done") =>
  queryOptions({
    queryKey: ["task", "list", mine, state],
    queryFn: () => data(api.GET("/api/v1/tasks", { params: { query: { mine, state } } })),
  });

export const task = (id: string) =>
  queryOptions({
    queryKey: ["task", "page", id],
    queryFn: () => data(api.GET("/api/v1/tasks/{id}", { params: { path: { id } } })),
  });

export const runs = () => queryOptions({ queryKey: ["run"], queryFn: () => data(api.GET("/api/v1/runs")) });

export const proposals = () =>
  queryOptions({ queryKey: ["proposal", "list"], queryFn: () => data(api.GET("/api/v1/proposals")) });

export const proposal = (id: string) =>
  queryOptions({
    queryKey: ["proposal", "page", id],
    queryFn: () => data(api.GET("/api/v1/proposals/{id}", { params: { path: { id } } })),
  });

export const people = () =>
  queryOptions({ queryKey: ["people"], queryFn: () => data(api.GET("/api/v1/people")) });

export const teams = () => queryOptions({ queryKey: ["teams"], queryFn: () => data(api.GET("/api/v1/teams")) });

export const audit = (limit: number, offset: number) =>
  queryOptions({
    queryKey: ["audit", limit, offset],
    queryFn: () => data(api.GET("/api/v1/audit", { params: { query: { limit, offset } } })),
    placeholderData: (before) => before,
  });

export const knowledge = () =>
  queryOptions({ queryKey: ["knowledge"], queryFn: () => data(api.GET("/api/v1/knowledge")) });

export const tokens = () =>
  queryOptions({ queryKey: ["tokens"], queryFn: () => data(api.GET("/api/v1/tokens")) });
