import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import * as queries from "../../api/queries";
import type { MetricPage as Metric } from "../../api/types";
import { endsInside } from "../../charts/Sparkline";
import { Card } from "../../components/Card";
import { Difference } from "../../components/Difference";
import { Avatar, PersonName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Tag } from "../../components/Tag";
import { VersionList } from "../../components/VersionList";
import { formatValue, nothing } from "../../i18n/numbers";
import { zoneCity } from "../../i18n/times";
import { dimensionText } from "../../i18n/texts";
import { useWords } from "../../i18n/useWords";
import { MonitorTable } from "../monitors/MonitorTable";
import { differenceOf } from "./difference";
import { MetricChartCard } from "./MetricChartCard";
import { SlicesCard } from "./SlicesCard";
import "./metric.css";

/** Is it on its path, and what is it? */
export function MetricPage() {
  const { t } = useWords();
  const { name = "" } = useParams({ strict: false });
  const result = useQuery(queries.metric(name));
  return (
    <Query result={result} what={t("word.metric")} whole>
      {(metric) => <Content metric={metric} />}
    </Query>
  );
}

function Content({ metric }: { metric: Metric }) {
  const { t, local } = useWords();
  const version = metric.versions.reduce((newest, one) => Math.max(newest, one.version), 0);
  return (
    <div className="page">
      <header className="stack tight">
        <div className="page-head">
          <h1>{local(metric.label) || metric.name}</h1>
          {metric.level && <Tag>{metric.level}</Tag>}
          {version > 0 && <Tag>v{version}</Tag>}
          {metric.incidents_open > 0 ? (
            <Tag icon="alert" tone="bad">{t("metrics.open_incidents", { count: metric.incidents_open })}</Tag>
          ) : (
            <Tag icon="check" tone={metric.value === null ? "plain" : "good"}>{t(metric.value === null ? "metrics.cannot_tell" : "metrics.no_incident")}</Tag>
          )}
          <span className="grow" />
          {metric.incidents_open > 0 && (
            <Link to="/incidents" search={{ metric: metric.name }}>
              <Button type="primary" tabIndex={-1}>{t("metric.see_incidents")}</Button>
            </Link>
          )}
        </div>
        <p className="mid">{local(metric.description)}</p>
      </header>
      <Numbers metric={metric} />
      <MetricChartCard metric={metric} />
      {metric.dimensions.length > 0 && <SlicesCard metric={metric} />}
      <div className="columns">
        <Definition metric={metric} />
        <Card title={t("versions.title")} note={t("versions.pinned")}>
          <VersionList versions={metric.versions} />
        </Card>
      </div>
      <Card title={t("nav.monitors")} flush>
        <MonitorTable monitors={metric.monitors} />
      </Card>
    </div>
  );
}

function Numbers({ metric }: { metric: Metric }) {
  const { t, local, duration, nearTime } = useWords();
  const { difference, better } = differenceOf(metric);
  return (
    <section className="card numbers" aria-label={t("metric.numbers")}>
      <div>
        <div className="small dim">{t("metric.latest")}</div>
        <div className="number">{formatValue(metric.value, metric.unit)}</div>
        <div className="small dim">{t("metric.expected", { expected: formatValue(metric.expected, metric.unit) })}</div>
      </div>
      <div>
        <div className="small dim">{t("offpath.difference")}</div>
        <Difference value={difference} unit={metric.unit} better={better} inside={endsInside(metric.spark)} />
      </div>
      <div>
        <div className="small dim">{t("metric.direction")}</div>
        <div>{t(`direction.${metric.good_direction}`)}</div>
        <div className="small dim">{local(metric.formula)}</div>
      </div>
      <div>
        <div className="small dim">{t("word.owner")}</div>
        <div className="row">
          {metric.owner && <Avatar person={metric.owner} />}
          <PersonName person={metric.owner} />
        </div>
      </div>
      <div>
        <div className="small dim">{t("metric.data")}</div>
        <div>{metric.at ? t("loop.data_until", { at: nearTime(metric.at, metric.timezone) }) : nothing}</div>
        <div className="small dim">{t("metric.lateness", { late: duration(metric.lateness_s), zone: zoneCity(metric.timezone) })}</div>
      </div>
    </section>
  );
}

function Definition({ metric }: { metric: Metric }) {
  const { t, local } = useWords();
  return (
    <Card title={t("metric.definition")} note={metric.name}>
      <div className="stack mid-gap">
        <p>{local(metric.formula)}</p>
        <p className="list mid">
          {t("metric.split", { dimensions: metric.dimensions.map((one) => dimensionText(one, t)).join(t("word.comma")) || nothing })}
        </p>
        <details>
          <summary className="list blue">{t("metric.yaml")}</summary>
          <pre className="code">{metric.definition}</pre>
        </details>
      </div>
    </Card>
  );
}
