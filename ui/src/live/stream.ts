import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Stamp } from "../api/types";
import { markChanged } from "./changes";
import { hearClock, systemNow } from "./clock";

/** One server-sent stream per browser: the tab that holds a lock listens and tells the others.
 *
 * HTTP/1.1 allows about six connections per host, so a stream per tab would block the seventh tab.
 */

interface Change {
  kind: string;
  id: string;
}
type News = { type: "change"; change: Change } | { type: "clock"; stamp: Stamp } | { type: "state"; lostAt: string | null };

// A change of these also shows on pages that are keyed by another kind.
const alsoTouches: Record<string, string[]> = {
  incident: ["loop", "task", "audit"],
  task: ["loop", "incident", "run", "audit"],
  run: ["loop", "incident", "task"],
  proposal: ["loop", "task", "audit"],
  source: ["loop"],
  points: ["loop"],
};
const gatherFor = 800; // at a fast demo clock changes come in bursts; one refresh answers them all

let lostAt: Date | null = null;
const listeners = new Set<() => void>();

function setLost(at: Date | null): void {
  lostAt = at;
  for (const listener of listeners) listener();
}

/** Since when the stream is lost, null while it runs. */
export function useStreamLost(): Date | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => lostAt,
  );
}

function refresher(client: QueryClient): (kind: string) => void {
  const waiting = new Set<string>();
  let timer: number | undefined;
  return (kind) => {
    for (const key of [kind, ...(alsoTouches[kind] ?? [])]) waiting.add(key);
    timer ??= window.setTimeout(() => {
      for (const key of waiting) void client.invalidateQueries({ queryKey: [key] });
      waiting.clear();
      timer = undefined;
    }, gatherFor);
  };
}

function open(tell: (news: News) => void): () => void {
  const source = new EventSource("/api/v1/events");
  source.addEventListener("open", () => tell({ type: "state", lostAt: null }));
  source.addEventListener("error", () => {
    tell({ type: "state", lostAt: systemNow().toISOString() });
  });
  source.addEventListener("change", (event) => {
    tell({ type: "change", change: JSON.parse((event as MessageEvent<string>).data) as Change });
  });
  source.addEventListener("clock", (event) => {
    tell({ type: "clock", stamp: JSON.parse((event as MessageEvent<string>).data) as Stamp });
  });
  return () => source.close();
}

/** Starts to listen; the answer stops it. */
export function listen(client: QueryClient): () => void {
  const refresh = refresher(client);
  const hear = (news: News) => {
    if (news.type === "clock") hearClock(news.stamp);
    else if (news.type === "state") {
      if (news.lostAt === null && lostAt !== null) void client.invalidateQueries();
      setLost(news.lostAt === null ? null : (lostAt ?? new Date(news.lostAt)));
    } else {
      markChanged(news.change.kind, news.change.id);
      refresh(news.change.kind);
    }
  };
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("metricloop") : null;
  channel?.addEventListener("message", (event: MessageEvent<News>) => hear(event.data));
  const tell = (news: News) => {
    hear(news);
    channel?.postMessage(news);
  };
  const stop = new AbortController();
  let close: (() => void) | undefined;
  const leaving = new Promise<void>((done) => stop.signal.addEventListener("abort", () => done()));
  if (channel && navigator.locks) {
    // The lock is let go when the tab closes, and the next tab in line opens its own stream.
    void navigator.locks
      .request("metricloop.stream", { signal: stop.signal }, () => {
        close = open(tell);
        return leaving;
      })
      .catch(() => undefined);
  } else {
    close = open(tell);
  }
  return () => {
    stop.abort();
    close?.();
    channel?.close();
  };
}
