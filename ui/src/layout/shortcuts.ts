import { useEffect, useRef } from "react";

export type Keys = Record<string, () => void>;

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

// A dialogue that was closed stays in the document, hidden.
const dialogOpen = (): boolean =>
  [...document.querySelectorAll<HTMLElement>("[role=dialog]")].some((dialog) => dialog.getClientRects().length > 0);

/** Single keys of a page. Off inside fields, and while a dialogue is open; `?` and letters only, no modifiers. */
export function useShortcuts(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || inField(event.target)) return;
      if (dialogOpen()) return;
      const run = latest.current[event.key];
      if (!run || waitingForGo()) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

let goUntil = 0;
export const startGo = (): void => {
  goUntil = Date.now() + 1200;
};
export const endGo = (): void => {
  goUntil = 0;
};
export const waitingForGo = (): boolean => Date.now() < goUntil;

/** Moves the focus to the next or previous row's link. */
export function moveRow(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (step === 1 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
}

/** The keys that work everywhere: `g` then a section, j/k, `?`, ⌘K. */
export function useGlobalKeys(go: (key: string) => void, openPalette: () => void, openHelp: () => void): void {
  const latest = useRef({ go, openPalette, openHelp });
  useEffect(() => {
    latest.current = { go, openPalette, openHelp };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || inField(event.target)) return;
      if (dialogOpen()) return;
      if (waitingForGo()) {
        endGo();
        event.preventDefault();
        latest.current.go(event.key);
      } else if (event.key === "g") startGo();
      else if (event.key === "j") moveRow(1);
      else if (event.key === "k") moveRow(-1);
      else if (event.key === "?") latest.current.openHelp();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, []);
}
