export function Logo() {
  return (
    <svg width="22" height="22" viewBox="0 0 24 24" fill="none" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d="M20.5 12a8.5 8.5 0 1 1-3-6.5" stroke="var(--primary)" />
      <path d="M7.5 13.5l3-3 2.5 2.5L20 6" stroke="var(--bad-fill)" />
    </svg>
  );
}
