import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import * as queries from "../../api/queries";
import type { MetricRow } from "../../api/types";
import { endsInside, Sparkline } from "../../charts/Sparkline";
import { Difference } from "../../components/Difference";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Scroll } from "../../components/Scroll";
import { Empty } from "../../components/states";
import { Tag } from "../../components/Tag";
import { useMay } from "../../components/useMay";
import { formatDifference, formatValue, nothing } from "../../i18n/numbers";
import { bucketText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";
import { differenceOf } from "./difference";
import { rowGrain } from "./grains";
import { filterOf, isFiltered, MetricFilters, noFilter } from "./MetricFilters";
import { StatusTag } from "./StatusTag";
import "./metric.css";

/** The catalogue: every metric, those off their path first, or what a search finds, best first. */
export function MetricsPage() {
  const { t } = useWords();
  const may = useMay();
  const [search] = useQueryState();
  const filter = filterOf(search);
  const result = useQuery(queries.metrics(filter));
  const everything = useQuery(queries.metricDirectory());
  const found = result.data?.length ?? 0;
  const all = everything.data?.length ?? found;
  const none = result.data?.length === 0 && !isFiltered(filter);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.metrics")}</h1>
        {result.data && !none && (
          <span className="mid" role="status">
            {isFiltered(filter) ? t("metrics.found", { found, count: all }) : t("metrics.count", { count: found })}
          </span>
        )}
        <span className="grow" />
        {may("definition.edit") && !none && (
          <Link to="/metrics/new" tabIndex={-1}>
            <Button type="primary" data-testid="new-metric">{t("metrics.new…")}</Button>
          </Link>
        )}
      </div>
      {!none && <MetricFilters />}
      <section className="card card-flush" aria-label={t("nav.metrics")}>
        <Query result={result} what={t("nav.metrics")}>
          {(metrics) =>
            metrics.length === 0 ? (
              <Nothing all={all} />
            ) : (
              <Scroll label={t("nav.metrics")}>
                <MetricTable metrics={filter.q ? metrics : metrics.toSorted((a, b) => b.incidents_open - a.incidents_open)} />
              </Scroll>
            )
          }
        </Query>
      </section>
    </div>
  );
}

/** None at all leads to the first data; none that fits says how many there are without the filter. */
function Nothing({ all }: { all: number }) {
  const { t } = useWords();
  const [search, setSearch] = useQueryState();
  if (isFiltered(filterOf(search))) {
    const clear = <Button onClick={() => setSearch(noFilter)}>{t("metrics.clear")}</Button>;
    return <Empty icon="search" title={t("metrics.none_fit")} text={t("metrics.none_fit_help", { count: all })} action={clear} />;
  }
  const add = (
    <Link to="/setup" tabIndex={-1}>
      <Button type="primary">{t("metrics.add_data…")}</Button>
    </Link>
  );
  return <Empty icon="metric" title={t("metrics.none")} text={t("metrics.none_help")} action={add} />;
}

function MetricTable({ metrics }: { metrics: MetricRow[] }) {
  const { t } = useWords();
  const { data: monitors } = useQuery(queries.monitors());
  const watching = new Map<string, number>();
  for (const one of monitors ?? []) watching.set(one.metric, (watching.get(one.metric) ?? 0) + 1);
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("word.metric")}</th>
          <th scope="col" className="desktop-only">{t("word.owner")}</th>
          <th scope="col" className="desktop-only">{t("offpath.trend")}</th>
          <th scope="col" className="right">{t("offpath.now_expected")}</th>
          <th scope="col">{t("offpath.difference")}</th>
          <th scope="col" className="desktop-only">{t("metrics.at")}</th>
          <th scope="col" className="desktop-only">{t("metrics.watched")}</th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <Row key={metric.name} metric={metric} monitors={watching.get(metric.name) ?? 0} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ metric, monitors }: { metric: MetricRow; monitors: number }) {
  const { t, local, now } = useWords();
  const { difference, better } = differenceOf(metric);
  const name = local(metric.label) || metric.name;
  return (
    <tr>
      <td className="metric-cell">
        <div className="row wrap metric-name">
          <Link to="/metrics/$name" params={{ name: metric.name }} className="link-ink strong" data-row data-testid={`metric-${metric.name}`}>
            {name}
          </Link>
          {metric.level && <Tag>{metric.level}</Tag>}
          <StatusTag status={metric.status} />
        </div>
        <div className="small dim">{metric.name} · {t(`metric_type.${metric.type}`)}</div>
        <div className="small phone-only"><PersonName person={metric.owner} /></div>
        <div className="small phone-only"><Watched metric={metric} monitors={monitors} /></div>
      </td>
      <td className="desktop-only"><PersonName person={metric.owner} /></td>
      <td className="desktop-only">
        {metric.access === "none" ? (
          <span className="row small mid"><Icon name="hand" size={14} />{t("metrics.not_shown")}</span>
        ) : (
          <Sparkline
            points={metric.spark}
            better={better}
            width={150}
            label={t("chart.spark", { name, value: formatValue(metric.value, metric.unit), difference: formatDifference(difference, metric.unit) })}
          />
        )}
      </td>
      <td className="right nowrap">
        <div className="strong">{formatValue(metric.value, metric.unit)}</div>
        <div className="small dim">{formatValue(metric.expected, metric.unit)}</div>
      </td>
      <td>
        {difference === null ? (
          <span className="small dim">{nothing} {metric.value === null ? t("metrics.no_data") : t("metrics.no_expectation")}</span>
        ) : (
          <Difference value={difference} unit={metric.unit} better={better} inside={endsInside(metric.spark)} />
        )}
      </td>
      <td className="desktop-only dim nowrap">{metric.at ? bucketText(metric.at, rowGrain(metric), now) : nothing}</td>
      <td className="small desktop-only"><Watched metric={metric} monitors={monitors} /></td>
    </tr>
  );
}

function Watched({ metric, monitors }: { metric: MetricRow; monitors: number }) {
  const { t } = useWords();
  return (
    <>
      {metric.incidents_open > 0 && (
        <Link to="/incidents" search={{ metric: metric.name }} className="row bad nowrap">
          <Icon name="alert" size={14} />
          {t("metrics.open_incidents", { count: metric.incidents_open })}
        </Link>
      )}
      <div className="dim nowrap">{monitors > 0 ? t("metrics.monitors", { count: monitors }) : t("metrics.unwatched")}</div>
    </>
  );
}
