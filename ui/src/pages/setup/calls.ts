import { api, data } from "../../api/client";
import type { EditBody } from "../../api/types";
import type { components } from "../../api/schema";
import type { SourceBody } from "./wizard";

type Answer = components["schemas"]["SetupSourceAnswer"];

export const trySource = (name: string, plugin: string, options: Record<string, unknown>, secrets: Record<string, string>) =>
  data(api.POST("/api/v1/setup/sources", { body: { name, plugin, options, secrets } }));

export interface Ask {
  source: SourceBody;
  table: string;
  time?: string | undefined;
  timezone?: string | undefined;
  currency?: string | undefined;
}

export const suggest = ({ source, table, time, timezone, currency }: Ask) =>
  data(
    api.POST("/api/v1/setup/suggest", {
      body: { source, table, time: time ?? null, timezone: timezone ?? null, currency: currency ?? null },
    }),
  );

export const firstNumbers = (edits: EditBody[]) => data(api.POST("/api/v1/setup/preview", { body: { edits } }));

/** A file goes as it is, without being turned into JSON. */
export const upload = (file: File): Promise<Answer> =>
  data(
    api.POST("/api/v1/setup/uploads", {
      params: { query: { name: file.name } },
      body: file as never,
      bodySerializer: (body) => body as never,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );

