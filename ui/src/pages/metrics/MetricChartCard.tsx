import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import * as queries from "../../api/queries";
import type { Grain, MetricPage } from "../../api/types";
import { isGrain } from "../../charts/buckets";
import { Legend, SeriesChart } from "../../charts/SeriesChart";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Query } from "../../components/Query";
import { sliceFromQuery } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";

const ranges: Record<Grain, number[]> = { hour: [3, 7, 14, 28], day: [28, 70, 182, 365] };
const usual: Record<Grain, number> = { hour: 7, day: 70 };

export function grainOf(metric: MetricPage, asked: string | undefined): Grain {
  if (isGrain(asked) && metric.grains.includes(asked)) return asked;
  return metric.grains.find(isGrain) ?? "day";
}

/** The metric's course: grain, range and slice stand in the address. */
export function MetricChartCard({ metric }: { metric: MetricPage }) {
  const { t, local, slice, now } = useWords();
  const [search, setSearch] = useQueryState();
  const grain = grainOf(metric, search.grain);
  const days = ranges[grain].find((one) => String(one) === search.days) ?? usual[grain];
  const end = Date.parse(metric.at ?? now.toISOString());
  const from = search.from ?? new Date(end - days * 86_400_000).toISOString();
  const result = useQuery(queries.series(metric.name, { grain, slice: search.slice ?? "", from, to: search.to }));
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
      extra={<Legend coverage={result.data?.coverage ?? null} />}
    >
      <div className="row wrap chart-controls">
        {metric.grains.length > 1 && (
          <Segmented
            name="grain"
            aria-label={t("word.grain")}
            value={grain}
            options={metric.grains.filter(isGrain).map((one) => ({ value: one, label: t(`grain.${one}`) }))}
            onChange={(one) => setSearch({ grain: one, days: undefined })}
          />
        )}
        <Segmented
          name="range"
          aria-label={t("metric.range")}
          value={days}
          options={ranges[grain].map((one) => ({ value: one, label: t("metric.days", { count: one }) }))}
          onChange={(one) => setSearch({ days: String(one), from: undefined, to: undefined })}
        />
      </div>
      <Query result={result} what={label}>
        {(series) => <SeriesChart series={series} name={`${label}, ${slice(series.slice)}`} />}
      </Query>
    </Card>
  );
}
