import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import * as queries from "../../api/queries";
import type { MetricPage as Metric } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Query } from "../../components/Query";
import { Tag } from "../../components/Tag";
import { useMay } from "../../components/useMay";
import { useWords } from "../../i18n/useWords";
import { MonitorTable } from "../monitors/MonitorTable";
import { DefinitionCard } from "./DefinitionCard";
import { LineageCard } from "./LineageCard";
import { MetricChartCard } from "./MetricChartCard";
import { NumbersCard } from "./NumbersCard";
import { SlicesCard } from "./SlicesCard";
import { StatusTag } from "./StatusTag";
import { TreeCard } from "./TreeCard";
import { VersionsCard } from "./VersionsCard";
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
  const { t } = useWords();
  const shown = metric.access !== "none";
  return (
    <div className="page">
      <Head metric={metric} />
      {shown ? <NumbersCard metric={metric} /> : <NotShown metric={metric} />}
      {shown && <MetricChartCard metric={metric} />}
      {shown && metric.dimensions.length > 0 && <SlicesCard metric={metric} />}
      <div className="columns">
        <div className="stack">
          <DefinitionCard metric={metric} />
          {shown && metric.drivers && <TreeCard metric={metric} />}
        </div>
        <VersionsCard metric={metric} />
      </div>
      <LineageCard name={metric.name} />
      <Card title={t("nav.monitors")} flush>
        <MonitorTable monitors={metric.monitors} />
      </Card>
    </div>
  );
}

function Head({ metric }: { metric: Metric }) {
  const { t, local } = useWords();
  const may = useMay();
  const version = metric.versions.reduce((newest, one) => Math.max(newest, one.version), 0);
  return (
    <header className="stack tight">
      <div className="page-head">
        <h1>{local(metric.label) || metric.name}</h1>
        {metric.level && <Tag>{t(`level.${metric.level}`)}</Tag>}
        {version > 0 && <Tag>v{version}</Tag>}
        <StatusTag status={metric.status} />
        <Standing metric={metric} />
        <span className="grow" />
        {may("definition.edit") && (
          <Link to="/metrics/$name/edit" params={{ name: metric.name }} tabIndex={-1}>
            <Button data-testid="edit-metric">{t("metric.edit…")}</Button>
          </Link>
        )}
        {metric.incidents_open > 0 && (
          <Link to="/incidents" search={{ metric: metric.name }} tabIndex={-1}>
            <Button type="primary">{t("metric.see_incidents")}</Button>
          </Link>
        )}
      </div>
      <p className="mid">{local(metric.description)}</p>
      {metric.status === "deprecated" && <Deprecated metric={metric} />}
    </header>
  );
}

function Standing({ metric }: { metric: Metric }) {
  const { t } = useWords();
  if (metric.incidents_open > 0) return <Tag icon="alert" tone="bad">{t("metrics.open_incidents", { count: metric.incidents_open })}</Tag>;
  if (metric.value === null) return <Tag icon="wait">{t("metrics.cannot_tell")}</Tag>;
  if (metric.monitors.length === 0) return <Tag icon="wait">{t("metrics.unwatched")}</Tag>;
  return <Tag icon="check" tone="good">{t("metrics.no_incident")}</Tag>;
}

/** A definition that should not be used any more says which one should. */
function Deprecated({ metric }: { metric: Metric }) {
  const { t, local } = useWords();
  const { data: all } = useQuery(queries.metricDirectory());
  const next = all?.find((one) => one.name === metric.successor);
  return (
    <p className="row wrap bad" role="note">
      <Icon name="alert" size={14} />
      {t("metric.deprecated")}
      {metric.successor && (
        <Link to="/metrics/$name" params={{ name: metric.successor }} data-testid="successor">
          {t("metric.use_instead", { name: local(next?.label) || metric.successor })}
        </Link>
      )}
    </p>
  );
}

function NotShown({ metric }: { metric: Metric }) {
  const { t } = useWords();
  const people = metric.publishers.map((person) => person.name).join(t("word.comma"));
  return (
    <Card>
      <p className="row mid">
        <Icon name="hand" />
        {t("metric.not_shown", { people })}
      </p>
    </Card>
  );
}
