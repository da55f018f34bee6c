/** How old against its target: the tick is the target at two thirds of the width, orange past it. */
export function AgeBar({ age, target, label }: { age: number; target: number | null; label: string }) {
  if (target === null || target <= 0) return null;
  const over = age > target;
  const width = Math.min(100, (age / target) * (200 / 3));
  return (
    <span className="agebar" role="img" aria-label={label}>
      <span className={over ? "agebar-fill over" : "agebar-fill"} style={{ width: `${width}%` }} />
      <span className="agebar-tick" />
    </span>
  );
}
