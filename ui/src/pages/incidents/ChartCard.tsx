import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Segmented } from "antd";
import * as queries from "../../api/queries";
import type { Grain, IncidentPage } from "../../api/types";
import { Legend, SeriesChart } from "../../charts/SeriesChart";
import { Card } from "../../components/Card";
import { Query } from "../../components/Query";
import { dayText } from "../../i18n/times";
import { sliceToQuery } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";
import { useIsPhone } from "../../components/useIsPhone";
import { useQueryState } from "../../layout/useQueryState";

const day = 86_400_000;

/** Enough of the past to see what was usual, and a little after the end. */
export function chartRange(incident: Pick<IncidentPage, "grain" | "started_at" | "ended_at">, short: boolean): { from: string; to: string | undefined } {
  const before = incident.grain === "hour" ? (short ? 1.5 : 4) * day : (short ? 28 : 56) * day;
  const after = incident.grain === "hour" ? day : 7 * day;
  return {
    from: new Date(Date.parse(incident.started_at) - before).toISOString(),
    to: incident.ended_at ? new Date(Date.parse(incident.ended_at) + after).toISOString() : undefined,
  };
}

export function ChartCard({ incident }: { incident: IncidentPage }) {
  const { t, local, slice } = useWords();
  const [search, setSearch] = useQueryState();
  const phone = useIsPhone();
  const own = sliceToQuery(incident.slice);
  const views = [...new Set([own, ...incident.root_causes.slice(0, 3).map((cause) => sliceToQuery(cause.slice))])];
  const view = search.view !== undefined && views.includes(search.view) ? search.view : own;
  const grain: Grain = incident.grain === "hour" ? "hour" : "day";
  const range = chartRange(incident, phone);
  const result = useQuery(queries.series(incident.metric, { grain, slice: view, ...range }));
  const label = local(incident.metric_label);
  const names = new Map([[own, slice(incident.slice)], ...incident.root_causes.map((cause) => [sliceToQuery(cause.slice), slice(cause.slice)] as const)]);
  return (
    <Card
      title={
        <Link to="/metrics/$name" params={{ name: incident.metric }} search={{ slice: view || undefined, grain }} className="title-link">
          {incident.unit === "ratio" ? t("chart.percent", { name: label }) : label}
        </Link>
      }
      note={`${t(`grain.${grain}`)} · ${t("chart.from", { at: dayText(range.from, incident.timezone) })}`}
      extra={<Legend coverage={result.data?.coverage ?? null} />}
    >
      {views.length > 1 && (
        <Segmented
          name="chart-slice"
          aria-label={t("chart.slice")}
          value={view}
          options={views.map((one) => ({ value: one, label: names.get(one) ?? one }))}
          onChange={(one) => setSearch({ view: one === own ? undefined : one })}
        />
      )}
      <Query result={result} what={label}>
        {(series) => <SeriesChart series={series} name={label} height={phone ? 240 : 300} />}
      </Query>
    </Card>
  );
}
