import type { Series, SeriesPoint } from "../api/types";
import { formatValue } from "../i18n/numbers";
import { bucketText } from "../i18n/times";
import { useWords } from "../i18n/useWords";

/** The points of a chart as a table, newest first. */
export function SeriesTable({ points, series }: { points: SeriesPoint[]; series: Series }) {
  const { t, now } = useWords();
  const rows = points.filter((point) => point.value !== null || point.expected !== null).toReversed();
  const value = (number: number | null) => formatValue(number, series.unit);
  return (
    // Scrolled boxes take the focus, so that a keyboard can scroll them.
    <div className="chart-table" tabIndex={0} role="region" aria-label={t("chart.as_table")}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("chart.time")}</th>
            <th scope="col" className="right">{t("chart.actual")}</th>
            <th scope="col" className="right">{t("chart.expected")}</th>
            <th scope="col" className="right">{t("chart.band")}</th>
            <th scope="col" className="right">{t("chart.denominator")}</th>
            <th scope="col">{t("chart.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.t}>
              <td className="nowrap">{bucketText(point.t, series.grain, now, series.timezone)}</td>
              <td className="right">{value(point.value)}</td>
              <td className="right">{value(point.expected)}</td>
              <td className="right nowrap">
                {value(point.lower)} – {value(point.upper)}
              </td>
              <td className="right">{formatValue(point.denominator, "count")}</td>
              <td>{point.anomaly ? <span className="bad">{t("chart.anomaly")}</span> : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
