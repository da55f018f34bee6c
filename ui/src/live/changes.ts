import { useSyncExternalStore } from "react";

/** Which things changed in the last two seconds, so that their rows can be tinted. */

const tintFor = 2000;
const changed = new Map<string, number>();
const listeners = new Set<() => void>();
let version = 0;

function tell(): void {
  version += 1;
  for (const listener of listeners) listener();
}

export function markChanged(kind: string, id: string): void {
  const key = `${kind}:${id}`;
  changed.set(key, Date.now());
  tell();
  window.setTimeout(() => {
    if (Date.now() - (changed.get(key) ?? 0) >= tintFor - 50) changed.delete(key);
    tell();
  }, tintFor);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Answers whether a row changed just now. */
export function useChanges(): (kind: string, id: string | number) => boolean {
  useSyncExternalStore(subscribe, () => version);
  return (kind, id) => changed.has(`${kind}:${id}`);
}
