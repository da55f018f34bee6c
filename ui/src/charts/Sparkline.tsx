import type { SparkPoint } from "../api/types";

interface SparkProps {
  points: SparkPoint[];
  label: string;
  width?: number;
  height?: number;
  range?: [number, number] | undefined;
  better?: boolean | null;
}

/** The range that several sparklines share, so that their heights can be compared. */
export function sparkRange(all: SparkPoint[][]): [number, number] {
  const values = all.flat().flatMap((point) => [point.value, point.lower, point.upper]);
  const known = values.filter((value): value is number => value !== null && value !== undefined);
  return known.length === 0 ? [0, 1] : [Math.min(...known), Math.max(...known)];
}

/** Whether the last known value lies inside its band; false where that cannot be told. */
export function endsInside(points: SparkPoint[]): boolean {
  const last = points.findLast((point) => point.value !== null);
  if (!last || last.value === null || typeof last.lower !== "number" || typeof last.upper !== "number") return false;
  return last.lower <= last.value && last.value <= last.upper;
}

type Place = (index: number, value: number) => string;

/** Path pieces of the values; a gap ends a piece. */
function linePath(values: (number | null)[], place: Place): string {
  let pen = false;
  return values
    .map((value, index) => {
      if (value === null) {
        pen = false;
        return "";
      }
      const step = `${pen ? "L" : "M"}${place(index, value)}`;
      pen = true;
      return step;
    })
    .join("");
}

function bandPath(points: SparkPoint[], place: Place): string {
  const known = points.flatMap((point, index) =>
    typeof point.lower !== "number" || typeof point.upper !== "number" ? [] : [{ index, lower: point.lower, upper: point.upper }],
  );
  if (known.length < 2) return "";
  const top = known.map(({ index, upper }) => place(index, upper));
  const bottom = known.toReversed().map(({ index, lower }) => place(index, lower));
  return `M${[...top, ...bottom].join("L")}Z`;
}

/** A small line with its band; the anomalous part is orange (teal where better), the last point a dot. */
export function Sparkline({ points, label, width = 184, height = 34, range, better = null }: SparkProps) {
  const [low, high] = range ?? sparkRange([points]);
  const span = high - low || 1;
  const place: Place = (index, value) => {
    const x = 3 + (index / Math.max(1, points.length - 1)) * (width - 8);
    const y = height - 4 - ((value - low) / span) * (height - 8);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  const odd = points.map((point, index) => (point.anomaly || points[index + 1]?.anomaly ? point.value : null));
  const lastIndex = points.findLastIndex((point) => point.value !== null);
  const last = points[lastIndex];
  const oddColour = better === true ? "var(--good-fill)" : "var(--bad-fill)";
  const [cx, cy] = last && last.value !== null ? place(lastIndex, last.value).split(" ") : [];
  return (
    <svg className="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <path d={bandPath(points, place)} fill="var(--band)" />
      <path d={linePath(points.map((point) => point.value), place)} fill="none" stroke="var(--observed)" strokeWidth="1.4" />
      <path d={linePath(odd, place)} fill="none" stroke={oddColour} strokeWidth="2" />
      {cx && <circle cx={cx} cy={cy} r="3" fill={last?.anomaly ? oddColour : "var(--observed)"} />}
    </svg>
  );
}
