import { useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Series } from "../api/types";
import { formatShare, formatValue, nothing } from "../i18n/numbers";
import { bucketText } from "../i18n/times";
import { useWords } from "../i18n/useWords";
import { useThemeName } from "../theme/preferences";
import { palettes } from "../theme/tokens";
import { fillGaps } from "./buckets";
import { EChart } from "./EChart";
import { seriesOption, worstAnomaly } from "./seriesOption";
import { SeriesTable } from "./SeriesTable";
import "./charts.css";

/** The box's width, so that labels are as many as fit. */
export function useWidth<E extends HTMLElement>() {
  const box = useRef<E>(null);
  const [width, setWidth] = useState(720);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 720)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [box, width] as const;
}

export function Legend({ coverage, anomaly = true }: { coverage: number | null; anomaly?: boolean }) {
  const { t } = useWords();
  return (
    <div className="legend small mid" aria-hidden="true">
      <span className="legend-line observed">{t("chart.actual")}</span>
      <span className="legend-band">{coverage === null ? t("chart.band") : t("chart.band_of", { share: formatShare(coverage) })}</span>
      <span className="legend-line expected">{t("chart.expected")}</span>
      {anomaly && <span className="legend-line anomaly">{t("chart.anomaly")}</span>}
    </div>
  );
}

interface SeriesChartProps {
  series: Series;
  name: string;
  height?: number;
}

/** A series as a picture, or as the table behind it. */
export function SeriesChart({ series, name, height = 300 }: SeriesChartProps) {
  const { t, now } = useWords();
  const theme = useThemeName();
  const [box, width] = useWidth<HTMLDivElement>();
  const [table, setTable] = useState(false);
  const points = useMemo(() => fillGaps(series.points), [series]);
  const minute = Math.floor(now.getTime() / 60_000);
  const option = useMemo(
    () => seriesOption({ series, points, palette: palettes[theme], t, now: new Date(minute * 60_000), width }),
    [series, points, theme, t, minute, width],
  );
  const worst = points[worstAnomaly(points)];
  const last = points.findLast((point) => point.value !== null);
  const label = t(worst ? "chart.sentence_worst" : "chart.sentence", {
    name,
    value: formatValue(last?.value, series.unit),
    expected: formatValue(last?.expected, series.unit),
    at: last ? bucketText(last.t, series.grain, now, series.timezone) : nothing,
    worst: formatValue(worst?.value, series.unit),
    worst_at: worst ? bucketText(worst.t, series.grain, now, series.timezone) : nothing,
    count: points.filter((point) => point.anomaly).length,
  });
  const ratio = series.unit === "ratio" && points.some((point) => point.denominator !== null);
  return (
    <div ref={box}>
      {table ? <SeriesTable points={points} series={series} /> : <EChart option={option} height={height} label={label} />}
      <div className="row between small dim">
        <span>{ratio ? t("chart.bars") : ""}</span>
        <button type="button" className="plain-button small" onClick={() => setTable(!table)}>
          {t(table ? "chart.as_picture" : "chart.as_table")}
        </button>
      </div>
    </div>
  );
}
