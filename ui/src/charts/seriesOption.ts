import type { TFunction } from "i18next";
import type { Series, SeriesPoint, SpanRow } from "../api/types";
import { formatDifference, formatValue, nothing } from "../i18n/numbers";
import { bucketText, nearTimeText } from "../i18n/times";
import { fontFamily, type Palette } from "../theme/tokens";
import { bandSeries, niceRange, niceStep, usualEdges } from "./band";
import { bucketAt, ticks } from "./buckets";
import type { ChartOption, ChartSeries } from "./echarts";

export interface SeriesLook {
  series: Series;
  points: SeriesPoint[];
  palette: Palette;
  t: TFunction;
  now: Date;
  width: number;
}

/** The anomalous stretch with the point that leads into it, so that it hangs together with the line. */
function anomalyLine({ points, palette: p, series, t, now, width }: SeriesLook): ChartSeries {
  const worst = worstAnomaly(points);
  const data = points.map((point, index) => {
    const leads = !point.anomaly && points[index + 1]?.anomaly;
    if (point.value === null || !(point.anomaly || leads)) return { value: null };
    return {
      value: point.value,
      symbol: point.anomaly ? "circle" : "none",
      symbolSize: 6,
      itemStyle: { color: p["bad-fill"], borderColor: p.surface, borderWidth: 1 },
      ...(index === worst ? { label: worstLabel(point, index, points.length) } : {}),
    };
  });
  return {
    type: "line",
    name: "anomaly",
    z: 5,
    silent: true,
    animation: false,
    showSymbol: true,
    showAllSymbol: true,
    connectNulls: false,
    lineStyle: { width: 2.4, color: p["bad-fill"] },
    data: data as never,
  };

  function worstLabel(point: SeriesPoint, index: number, count: number): object {
    const under = point.lower !== null && (point.value ?? 0) < point.lower;
    const edge = under ? point.lower : point.upper;
    const gap = edge === null || point.value === null ? "" : formatDifference(Math.abs(point.value - edge), series.unit).slice(1);
    const full = t(under ? "chart.under" : "chart.over", {
      at: bucketText(point.t, series.grain, now, series.timezone),
      value: formatValue(point.value, series.unit),
      gap,
    });
    // About seven pixels a sign, Chinese ones twice that; where the sentence does not fit, the value has to do.
    const needed = [...full].reduce((sum, sign) => sum + (sign > "\u2e80" ? 13 : 7), 16);
    const place = (index / count) * (width - 70);
    const fits = needed < place || needed < width - 70 - place;
    return {
      show: true,
      formatter: fits ? full : formatValue(point.value, series.unit),
      position: needed < place || (!fits && index > count / 2) ? "left" : "right",
      distance: 8,
      color: p.bad,
      fontSize: 12,
      fontWeight: 600,
      textBorderColor: p.surface,
      textBorderWidth: 3,
    };
  }
}

export function worstAnomaly(points: SeriesPoint[]): number {
  let worst = -1;
  let size = 0;
  points.forEach((point, index) => {
    if (!point.anomaly || point.value === null || point.expected === null) return;
    const gap = Math.abs(point.value - point.expected);
    if (gap > size) [worst, size] = [index, gap];
  });
  return worst;
}

function spans({ points, palette: p, series }: SeriesLook): object[] {
  const areas = (span: SpanRow) => {
    const from = Math.max(0, bucketAt(points, span.start));
    const to = Math.min(points.length - 1, bucketAt(points, span.end));
    if (from >= points.length || to < 0 || to < from) return [];
    const planned = span.kind === "planned";
    const look = {
      xAxis: from,
      name: planned ? span.text : "",
      itemStyle: { color: planned ? p.planned : p["bad-tint"], opacity: planned ? 1 : 0.75 },
      label: { color: p.wait, fontSize: 12, position: "top" },
    };
    return [[look, { xAxis: to }]];
  };
  return series.spans.filter((span) => span.kind !== "label").flatMap(areas);
}

function nowLine({ points, palette: p, now, t, series }: SeriesLook): object[] {
  const at = bucketAt(points, now.toISOString());
  if (at <= 0 || at >= points.length) return [];
  const text = t("chart.now", { at: nearTimeText(now, now, series.timezone) });
  return [{ xAxis: at, label: { formatter: text, color: p.ink2, fontSize: 12, position: "end" }, lineStyle: { color: p.ink2, type: "solid", width: 1 } }];
}

function tooltipText(look: SeriesLook, index: number): string {
  const { points, series, t } = look;
  const point = points[index];
  if (!point) return "";
  const { unit } = series;
  const value = (x: number | null) => formatValue(x, unit);
  const rows: [string, string][] = [[t("chart.actual"), point.value === null ? `${nothing} ${t("chart.no_value")}` : value(point.value)]];
  if (point.expected !== null) rows.push([t("chart.expected"), value(point.expected)]);
  if (point.lower !== null && point.upper !== null) rows.push([t("chart.band"), `${value(point.lower)} – ${value(point.upper)}`]);
  if (point.denominator !== null) {
    rows.push([t("chart.counts"), `${formatValue(point.numerator, "count")} / ${formatValue(point.denominator, "count")}`]);
  }
  const line = ([name, text]: [string, string]) => `<tr><td>${name}</td><td><b>${text}</b></td></tr>`;
  const verdict = point.anomaly ? `<div class="chart-verdict">▲ ${t("chart.anomaly")}</div>` : "";
  return `<div class="chart-tip">${bucketText(point.t, series.grain, look.now, series.timezone)}<table>${rows.map(line).join("")}</table>${verdict}</div>`;
}

/** The chart of one series: band, expected, observed, anomalies, and for a rate its denominator below. */
export function seriesOption(look: SeriesLook): ChartOption {
  const { points, palette: p, series, t, width } = look;
  const labels = ticks(points.map((point) => point.t), series.grain, series.timezone, t, width - 70);
  const bars = points.some((point) => point.denominator !== null) && series.unit === "ratio";
  const [low, high] = niceRange([...points.map((point) => point.value), ...usualEdges(points)], series.unit !== "ratio", series.unit);
  const base = { type: "category" as const, data: points.map((point) => point.t), axisTick: { show: false }, boundaryGap: true };
  const dates = {
    ...base,
    axisLine: { lineStyle: { color: p.line } },
    axisLabel: {
      hideOverlap: false,
      interval: (index: number) => Boolean(labels[index]),
      formatter: (_: string, index: number) => (labels[index]?.strong ? `{strong|${labels[index].text}}` : (labels[index]?.text ?? "")),
      rich: { strong: { fontWeight: 600 as const, color: p.ink, fontSize: 12 } },
      color: p.ink3,
      fontSize: 12,
    },
  };
  const line = { type: "line" as const, symbol: "none", animation: false, silent: true, emphasis: { disabled: true } };
  const observed: ChartSeries = {
    ...line,
    name: "observed",
    z: 4,
    lineStyle: { width: 1.8, color: p.observed },
    data: points.map((point) => point.value),
    markLine: { silent: true, symbol: "none", animation: false, data: nowLine(look) as never },
  };
  // Areas lie behind everything, so they hang on a line of their own at the very back.
  const background: ChartSeries = {
    ...line,
    name: "spans",
    z: 0,
    data: [],
    markArea: { silent: true, data: spans(look) as never },
  };
  const expected: ChartSeries = {
    ...line,
    name: "expected",
    z: 2,
    lineStyle: { width: 1.2, type: "dashed", color: p.expected },
    data: points.map((point) => point.expected),
  };
  const volume: ChartSeries = {
    type: "bar",
    name: "denominator",
    xAxisIndex: 1,
    yAxisIndex: 1,
    animation: false,
    silent: true,
    barCategoryGap: "25%",
    itemStyle: { color: p.volume },
    data: points.map((point) => point.denominator),
  };
  const bottom = bars ? 74 : 28;
  const volumeAxes = {
    x: { ...dates, gridIndex: 1 },
    y: { type: "value" as const, gridIndex: 1, min: 0, show: false },
  };
  return {
    aria: { enabled: false },
    textStyle: { fontFamily },
    grid: [
      { left: 58, right: 12, top: 26, bottom },
      ...(bars ? [{ left: 58, right: 12, height: 32, bottom: 28 }] : []),
    ],
    xAxis: [
      bars ? { ...base, axisLabel: { show: false }, axisLine: { lineStyle: { color: p.line } } } : dates,
      ...(bars ? [volumeAxes.x] : []),
    ],
    yAxis: [
      {
        type: "value",
        min: low,
        max: high,
        interval: niceStep((high - low) / 4),
        splitLine: { lineStyle: { color: p.line, opacity: 0.7 } },
        axisLabel: { color: p.ink3, fontSize: 12, formatter: (value: number) => axisText(value, series.unit, high - low) },
      },
      ...(bars ? [volumeAxes.y] : []),
    ],
    tooltip: {
      trigger: "axis",
      backgroundColor: p.surface,
      borderColor: p.line,
      textStyle: { color: p.ink, fontSize: 12 },
      axisPointer: { lineStyle: { color: p.outline, type: "solid" } },
      formatter: (items) => tooltipText(look, (Array.isArray(items) ? items[0]?.dataIndex : items.dataIndex) ?? -1),
    },
    series: [background, ...bandSeries(points, p, "band"), expected, observed, anomalyLine(look), ...(bars ? [volume] : [])],
  } as ChartOption;
}

/** A label of the value axis: as many decimals as its steps need, no more. */
export function axisText(value: number, unit: string, span: number): string {
  if (unit === "ratio") return formatValue(value, unit, span * 100 > 4 ? 0 : span * 100 > 0.4 ? 1 : 2);
  if (Math.abs(value) >= 10_000) return `${formatValue(value / 1000, unit, 0)}k`;
  return formatValue(value, unit);
}
