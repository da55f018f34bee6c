/** Numbers by unit. Ratios are shown as percentages, their differences in percentage points. */

export const minus = "\u2212";
export const nothing = "—"; // "cannot tell" is shown as itself, never as zero

const currencies: Record<string, string> = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", JPY: "¥" };

function decimals(size: number, unit = ""): number {
  if (unit === "count") return size >= 10 || Number.isInteger(size) ? 0 : 1;
  if (size >= 100 || Number.isInteger(size)) return 0;
  return size >= 10 ? 1 : 2;
}

function plain(value: number, digits: number): string {
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const isZero = Number(text.replaceAll(",", "")) === 0;
  return (value < 0 && !isZero ? minus : "") + text;
}

/** One value of a metric. `digits` overrides the number of decimals of a ratio. */
export function formatValue(value: number | null | undefined, unit: string, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return nothing;
  if (unit === "ratio") return `${plain(value * 100, digits ?? ratioDigits(value))}%`;
  const currency = currencies[unit] ?? (/^[A-Z]{3}$/.test(unit) ? `${unit} ` : null);
  if (currency !== null) return `${value < 0 ? minus : ""}${currency}${plain(Math.abs(value), decimals(Math.abs(value)))}`;
  const text = plain(value, digits ?? decimals(Math.abs(value), unit));
  return unit === "count" ? text.replace(/\.0$/, "") : text;
}

// Near 100 % (and near 0 %) the second decimal is what people talk about; in the middle it is noise.
function ratioDigits(value: number): number {
  if (value === 0 || value === 1) return 0;
  return value > 0.95 || Math.abs(value) < 0.05 ? 2 : 1;
}

/** A signed difference; a ratio's is in percentage points. */
export function formatDifference(value: number | null | undefined, unit: string, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return nothing;
  const sign = value > 0 ? "+" : value < 0 ? minus : "";
  if (unit === "ratio") {
    const points = Math.abs(value * 100);
    return `${sign}${plain(points, digits ?? (points < 2 ? 2 : 1))} pp`;
  }
  const size = formatValue(Math.abs(value), unit, digits);
  return /[1-9]/.test(size) ? sign + size : size; // what rounds to zero has no direction
}

/** The same without a sign, for sentences that say "below" or "above". */
export function formatGap(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return nothing;
  return formatDifference(Math.abs(value), unit).replace(/^\+/, "");
}

export function formatShare(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return nothing;
  return `${plain(value * 100, 0)}%`;
}

export function formatCount(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return nothing;
  return plain(value, decimals(Math.abs(value))).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}
