export type MarkKind = "caught" | "false" | "missed";

/** ● caught, ◇ false, △ missed. */
export function Mark({ kind }: { kind: MarkKind }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" className="mark-shape">
      {kind === "caught" && <circle cx="6" cy="6" r="4.5" fill="var(--bad-fill)" />}
      {kind === "false" && <path d="M6 1L11 6L6 11L1 6Z" fill="none" stroke="var(--ink2)" strokeWidth="1.5" />}
      {kind === "missed" && <path d="M6 1.5L11 10.5H1Z" fill="none" stroke="var(--wait)" strokeWidth="1.5" />}
    </svg>
  );
}
