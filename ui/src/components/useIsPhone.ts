import { useSyncExternalStore } from "react";

const query = () => (typeof window.matchMedia === "function" ? window.matchMedia("(max-width: 767px)") : null);

function subscribe(tell: () => void): () => void {
  const media = query();
  media?.addEventListener("change", tell);
  return () => media?.removeEventListener("change", tell);
}

/** Below 768 px: one column, and the actions in a bar at the bottom. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => query()?.matches ?? false);
}
