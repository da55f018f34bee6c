import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { MetricRow } from "../../api/types";
import { endsInside, Sparkline } from "../../charts/Sparkline";
import { Difference } from "../../components/Difference";
import { PersonName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Empty } from "../../components/states";
import { Tag } from "../../components/Tag";
import { formatDifference, formatValue } from "../../i18n/numbers";
import { useWords } from "../../i18n/useWords";
import { differenceOf } from "./difference";

/** All metrics, those off their path first. */
export function MetricsPage() {
  const { t } = useWords();
  const result = useQuery(queries.metrics());
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.metrics")}</h1>
        {result.data && <span className="mid">{t("metrics.count", { count: result.data.length })}</span>}
      </div>
      <section className="card card-flush" aria-label={t("nav.metrics")}>
        <Query result={result} what={t("nav.metrics")}>
          {(metrics) =>
            metrics.length === 0 ? (
              <Empty icon="metric" title={t("metrics.none")} text={t("metrics.none_help")} />
            ) : (
              <div className="scroll-x">
                <MetricTable metrics={metrics.toSorted((a, b) => b.incidents_open - a.incidents_open)} />
              </div>
            )
          }
        </Query>
      </section>
    </div>
  );
}

function MetricTable({ metrics }: { metrics: MetricRow[] }) {
  const { t } = useWords();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("offpath.metric_owner")}</th>
          <th scope="col" className="desktop-only">{t("offpath.trend")}</th>
          <th scope="col" className="right">{t("offpath.now_expected")}</th>
          <th scope="col">{t("offpath.difference")}</th>
          <th scope="col" className="desktop-only">{t("metrics.at")}</th>
          <th scope="col">{t("nav.incidents")}</th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <Row key={metric.name} metric={metric} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ metric }: { metric: MetricRow }) {
  const { t, local, nearTime } = useWords();
  const { difference, better } = differenceOf(metric);
  const name = local(metric.label) || metric.name;
  return (
    <tr>
      <td>
        <div className="row wrap" style={{ gap: "2px 8px" }}>
          <Link to="/metrics/$name" params={{ name: metric.name }} className="link-ink strong" data-row data-testid={`metric-${metric.name}`}>
            {name}
          </Link>
          {metric.level && <Tag>{metric.level}</Tag>}
        </div>
        <div className="small dim">
          {metric.owner ? <PersonName person={metric.owner} /> : t("person.nobody")}
        </div>
      </td>
      <td className="desktop-only">
        <Sparkline
          points={metric.spark}
          better={better}
          label={t("chart.spark", { name, value: formatValue(metric.value, metric.unit), difference: formatDifference(difference, metric.unit) })}
        />
      </td>
      <td className="right nowrap">
        <div className="strong">{formatValue(metric.value, metric.unit)}</div>
        <div className="small dim">{formatValue(metric.expected, metric.unit)}</div>
      </td>
      <td>
        <Difference value={difference} unit={metric.unit} better={better} inside={endsInside(metric.spark)} />
      </td>
      <td className="desktop-only dim nowrap">{nearTime(metric.at)}</td>
      <td>
        {metric.incidents_open > 0 ? (
          <Link to="/incidents" search={{ metric: metric.name }}>
            {t("metrics.open_incidents", { count: metric.incidents_open })}
          </Link>
        ) : (
          <span className="dim">{t("metrics.no_incident")}</span>
        )}
      </td>
    </tr>
  );
}
