import type { ReactNode } from "react";

/** A box that scrolls sideways when its table is wider than the page; it takes the focus, so that a keyboard can scroll it. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scroll-x" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
