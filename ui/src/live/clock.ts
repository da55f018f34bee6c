import { useSyncExternalStore } from "react";
import type { Stamp } from "../api/types";

/** The system's clock, which in the demo is not the wall clock: last stamp heard, carried on at its speed. */

interface Heard {
  stamp: Stamp | null;
  heardAt: number;
}

let heard: Heard = { stamp: null, heardAt: 0 };
let tick = 0;
const listeners = new Set<() => void>();
let timer: number | undefined;

function tell(): void {
  tick += 1;
  for (const listener of listeners) listener();
}

export function hearClock(stamp: Stamp): void {
  heard = { stamp, heardAt: performance.now() };
  tell();
}

export function systemNow(): Date {
  const { stamp, heardAt } = heard;
  if (stamp === null) return new Date();
  return new Date(Date.parse(stamp.now) + (performance.now() - heardAt) * stamp.speed);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(tell, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The system's time, moving once a second. */
export function useNow(): Date {
  useSyncExternalStore(subscribe, () => tick);
  return systemNow();
}

const day = 86_400_000;

/** Renders again when the system's day changes, and when its clock is first heard of. */
export function useDay(): void {
  useSyncExternalStore(subscribe, () => Math.floor(systemNow().getTime() / day));
}

export function useStamp(): Stamp | null {
  return useSyncExternalStore(subscribe, () => heard.stamp);
}
