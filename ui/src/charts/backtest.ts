import type { BacktestEvent, ProposalPage } from "../api/types";
import { fontFamily, type Palette } from "../theme/tokens";
import { bandSeries, niceRange, niceStep } from "./band";
import { bucketAt } from "./buckets";
import type { ChartOption } from "./echarts";
import type { MarkKind } from "./Mark";
import { axisText } from "./seriesOption";

export type Side = "before" | "after";

/** What one event is to one version of the rule; null where it neither alarmed nor should have. */
export function markOf(event: BacktestEvent, side: Side): MarkKind | null {
  const alarmed = event[side];
  const real = event.verdict === "true" || event.verdict === "missed" || event.verdict === "new_normal";
  if (real) return alarmed ? "caught" : "missed";
  if (event.verdict === "unlabelled") return null; // nobody said whether it was right
  return alarmed ? "false" : null;
}

const symbols: Record<MarkKind, string> = { caught: "circle", false: "diamond", missed: "triangle" };

function marks(proposal: ProposalPage, side: Side, p: Palette, high: number): object[] {
  const points = proposal.points.map((point, index) => ({ t: point.t, end: proposal.points[index + 1]?.t ?? proposal.end }));
  return proposal.events.flatMap((event, index) => {
    const kind = markOf(event, side);
    const from = Math.max(0, bucketAt(points, event.start));
    if (kind === null || from >= points.length) return [];
    const to = Math.max(from, Math.min(points.length - 1, bucketAt(points, event.end)));
    const values = proposal.points.slice(from, to + 1).map((point) => point.value ?? Number.NEGATIVE_INFINITY);
    const top = Math.max(...values);
    const colour = { caught: p["bad-fill"], false: p.ink2, missed: p.wait }[kind];
    return [
      {
        name: String(index),
        value: [from, Number.isFinite(top) ? Math.min(top, high) : high],
        symbol: symbols[kind],
        symbolSize: 9,
        symbolOffset: [0, -10],
        itemStyle: kind === "caught" ? { color: colour, opacity: 1 } : { color: p.surface, borderColor: colour, borderWidth: 1.5, opacity: 1 },
      },
    ];
  });
}

interface Ask {
  proposal: ProposalPage;
  side: Side;
  palette: Palette;
  labels: (string | null)[];
}

/** One of the two stacked charts; both have the same period and the same axis. */
export function backtestOption({ proposal, side, palette: p, labels }: Ask): ChartOption {
  const all = proposal.points.flatMap((point) => [point.value, point.lower_before, point.upper_before, point.lower_after, point.upper_after]);
  const [low, high] = niceRange(all, proposal.unit !== "ratio", proposal.unit);
  const band = proposal.points.map((point) =>
    side === "before" ? { lower: point.lower_before, upper: point.upper_before } : { lower: point.lower_after, upper: point.upper_after },
  );
  return {
    aria: { enabled: false },
    textStyle: { fontFamily },
    grid: { left: 52, right: 12, top: 18, bottom: 24 },
    xAxis: {
      type: "category",
      data: proposal.points.map((point) => point.t),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: p.line } },
      axisLabel: {
        interval: (index: number) => labels[index] !== null,
        formatter: (_: string, index: number) => labels[index] ?? "",
        color: p.ink3,
        fontSize: 12,
      },
    },
    yAxis: {
      type: "value",
      min: low,
      max: high,
      interval: niceStep((high - low) / 3),
      splitLine: { lineStyle: { color: p.line, opacity: 0.7 } },
      axisLabel: { color: p.ink3, fontSize: 12, formatter: (value: number) => axisText(value, proposal.unit, high - low) },
    },
    series: [
      ...bandSeries(band, p, "band"),
      {
        type: "line",
        name: "observed",
        symbol: "none",
        silent: true,
        animation: false,
        z: 3,
        lineStyle: { width: 1.3, color: p.observed },
        data: proposal.points.map((point) => point.value),
      },
      { type: "scatter", name: "marks", z: 6, animation: false, data: marks(proposal, side, p, high) as never },
    ],
  } as ChartOption;
}
