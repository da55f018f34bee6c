import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { MoveColours, ThemeName } from "./tokens";

/** What one reader likes, kept in this browser. */
export interface Preferences {
  theme: "system" | ThemeName;
  moves: MoveColours;
}

const key = "metricloop.preferences";
const fallback: Preferences = { theme: "system", moves: "goodness" };
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Preferences>) };
  } catch {
    return fallback; // a hand-edited or blocked storage is not worth an error page
  }
}

let current = read();

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // Private windows refuse storage; the choice then lasts until the page is closed.
  }
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

/** Whether the system fulfils a media query, and again when that changes. */
function useMedia(query: string): boolean {
  const media = useMemo(() => (typeof window.matchMedia === "function" ? window.matchMedia(query) : null), [query]);
  const subscribeMedia = useCallback(
    (tell: () => void) => {
      media?.addEventListener("change", tell);
      return () => media?.removeEventListener("change", tell);
    },
    [media],
  );
  return useSyncExternalStore(subscribeMedia, () => media?.matches ?? false);
}

/** The theme that is in force now: the reader's choice, else the system's. */
export function useThemeName(): ThemeName {
  const { theme } = usePreferences();
  const systemDark = useMedia("(prefers-color-scheme: dark)");
  return theme === "system" ? (systemDark ? "dark" : "light") : theme;
}

/** Whether the reader has asked the system for no motion. */
export const useStillness = (): boolean => useMedia("(prefers-reduced-motion: reduce)");
