import type { Palette } from "../theme/tokens";
import type { ChartSeries } from "./echarts";

interface BandPoint {
  lower: number | null;
  upper: number | null;
}

/** The expected interval: its edges as thin lines, and the area between them. */
export function bandSeries(points: BandPoint[], p: Palette, name: string, axis = 0): ChartSeries[] {
  const quiet = {
    type: "line" as const,
    xAxisIndex: axis,
    yAxisIndex: axis,
    symbol: "none",
    silent: true,
    animation: false,
    tooltip: { show: false },
    emphasis: { disabled: true },
  };
  return [
    {
      ...quiet,
      name: `${name}-lower`,
      stack: `band-${axis}`,
      stackStrategy: "all",
      z: 1,
      lineStyle: { width: 1, color: p["band-edge"], opacity: 0.9 },
      data: points.map((point) => point.lower),
    },
    {
      ...quiet,
      name,
      stack: `band-${axis}`,
      stackStrategy: "all",
      z: 1,
      lineStyle: { width: 1, color: p["band-edge"], opacity: 0.9 },
      areaStyle: { color: p.band, opacity: 1 },
      data: points.map((point) => (point.lower === null || point.upper === null ? null : point.upper - point.lower)),
    },
  ];
}

/** The edges that most of the band stays within: a bucket with hardly any cases must not flatten all others. */
export function usualEdges(points: BandPoint[]): (number | null)[] {
  const at = (values: (number | null)[], share: number) => {
    const known = values.filter((value): value is number => value !== null).toSorted((a, b) => a - b);
    return known[Math.round((known.length - 1) * share)] ?? null;
  };
  return [at(points.map((point) => point.lower), 0.1), at(points.map((point) => point.upper), 0.9)];
}

/** The smallest round interval around some values; counts start at zero. */
export function niceRange(values: (number | null)[], fromZero: boolean, unit: string): [number, number] {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return [0, 1];
  let low = fromZero ? Math.min(0, ...known) : Math.min(...known);
  let high = Math.max(...known);
  if (high === low) high = low + (Math.abs(low) || 1) * 0.1;
  const step = niceStep((high - low) / 4);
  low = Math.floor(low / step) * step;
  high = Math.ceil(high / step) * step;
  return unit === "ratio" ? [Math.max(0, low), Math.min(Math.max(1, known.length ? Math.max(...known) : 1), high)] : [low, high];
}

export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-12)));
  const part = rough / power;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 2.5 ? 2.5 : part <= 5 ? 5 : 10) * power;
}
