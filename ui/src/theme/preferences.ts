import { useSyncExternalStore } from "react";
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

function darkQuery(): MediaQueryList | null {
  return typeof window.matchMedia === "function" ? window.matchMedia("(prefers-color-scheme: dark)") : null;
}

function subscribeDark(tell: () => void): () => void {
  const query = darkQuery();
  query?.addEventListener("change", tell);
  return () => query?.removeEventListener("change", tell);
}

/** The theme that is in force now: the reader's choice, else the system's. */
export function useThemeName(): ThemeName {
  const { theme } = usePreferences();
  const systemDark = useSyncExternalStore(subscribeDark, () => darkQuery()?.matches ?? false);
  return theme === "system" ? (systemDark ? "dark" : "light") : theme;
}
