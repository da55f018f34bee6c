import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import * as queries from "../../api/queries";
import type { Grain, MetricPage, Series } from "../../api/types";
import { Legend, SeriesChart } from "../../charts/SeriesChart";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Query } from "../../components/Query";
import { sliceFromQuery } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";
import { keptGrain, ranges, shownGrains } from "./grains";

/** The metric's course: grain, range and slice stand in the address. */
export function MetricChartCard({ metric }: { metric: MetricPage }) {
  const { t, local, slice } = useWords();
  const [search, setSearch] = useQueryState();
  const shown = shownGrains(metric);
  const grain = shown.find((one) => one === search.grain) ?? keptGrain(metric, undefined);
  const days = ranges[grain].find((one) => String(one) === search.days) ?? ranges[grain][1];
  const kept = metric.grains.includes(grain);
  const result = useCourse(metric, grain, days, kept);
  const label = local(metric.label) || metric.name;
  const chosen = sliceFromQuery(search.slice ?? "");
  return (
    <Card
      title={metric.unit === "ratio" ? t("chart.percent", { name: t("metric.course") }) : t("metric.course")}
      note={
        <span className="row">
          {slice(chosen)}
          {search.slice && (
            <Button size="small" icon={<Icon name="cross" size={12} />} onClick={() => setSearch({ slice: undefined })}>
              {t("metric.show_total")}
            </Button>
          )}
        </span>
      }
      extra={kept ? <Legend coverage={result.data?.coverage ?? null} /> : <span className="small dim">{t("metric.asked_now")}</span>}
    >
      <div className="row wrap chart-controls">
        {shown.length > 1 && (
          <div className="scroll-x">
            <Segmented
              name="grain"
              aria-label={t("word.grain")}
              value={grain}
              options={shown.map((one) => ({ value: one, label: t(`grain.${one}`) }))}
              onChange={(one) => setSearch({ grain: one, days: undefined })}
            />
          </div>
        )}
        <Segmented
          name="range"
          aria-label={t("metric.range")}
          value={days}
          options={ranges[grain].map((one) => ({ value: one, label: one >= 365 ? t("metric.years", { count: Math.round(one / 365) }) : t("metric.days", { count: one }) }))}
          onChange={(one) => setSearch({ days: String(one), from: undefined, to: undefined })}
        />
      </div>
      <Query result={result} what={label}>
        {(series: Series) => <SeriesChart series={series} name={`${label}, ${slice(series.slice)}`} />}
      </Query>
    </Card>
  );
}

/** Kept points with their band, or the source's own answer where none are kept at that grain. */
function useCourse(metric: MetricPage, grain: Grain, days: number, kept: boolean) {
  const { now } = useWords();
  const [search] = useQueryState();
  const end = Date.parse(metric.at ?? now.toISOString());
  const from = search.from ?? new Date(end - days * 86_400_000).toISOString();
  const slice = search.slice ?? "";
  const course = useQuery({ ...queries.series(metric.name, { grain, slice, from, to: search.to }), enabled: kept });
  const answer = useQuery({ ...queries.asked(metric.name, grain, sliceFromQuery(slice), metric.unit, from), enabled: !kept });
  return kept ? course : answer;
}
