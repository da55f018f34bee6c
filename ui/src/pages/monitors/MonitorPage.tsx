import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { MonitorPage as Monitor } from "../../api/types";
import { Card } from "../../components/Card";
import { Query } from "../../components/Query";
import { Tag } from "../../components/Tag";
import { VersionList } from "../../components/VersionList";
import { formatShare, nothing } from "../../i18n/numbers";
import { useWords } from "../../i18n/useWords";

/** One rule: its definition, its versions, how its alarms were judged, what is proposed for it. */
export function MonitorPage() {
  const { t } = useWords();
  const { name = "" } = useParams({ strict: false });
  const result = useQuery(queries.monitor(name));
  return (
    <Query result={result} what={t("word.monitor")} whole>
      {(monitor) => <Content monitor={monitor} />}
    </Query>
  );
}

function Content({ monitor }: { monitor: Monitor }) {
  const { t, local } = useWords();
  const { data: metrics } = useQuery(queries.metricDirectory());
  const label = local(metrics?.find((metric) => metric.name === monitor.metric)?.label) || monitor.metric;
  return (
    <div className="page">
      <header className="stack tight">
        <div className="page-head">
          <h1>{monitor.name}</h1>
          <Tag>v{monitor.version}</Tag>
          <Tag>{t(`grain.${monitor.grain}`)}</Tag>
        </div>
        <p className="mid">
          {t("monitor.watches")}{" "}
          <Link to="/metrics/$name" params={{ name: monitor.metric }}>
            {label}
          </Link>
          {" · "}
          {t("monitor.alarms", {
            count: monitor.incidents_total,
            false: monitor.false_alarms,
            share: monitor.incidents_total > 0 ? formatShare(monitor.false_alarms / monitor.incidents_total) : nothing,
          })}
        </p>
      </header>
      <div className="columns">
        <Card title={t("metric.definition")}>
          <pre className="code" tabIndex={0}>{monitor.definition}</pre>
        </Card>
        <div className="stack">
          <Card title={t("versions.title")} note={t("versions.pinned")}>
            <VersionList versions={monitor.versions} />
          </Card>
          <Card title={t("nav.proposals")}>
            {monitor.proposals.length === 0 && <p className="list dim">{t("monitor.no_proposal")}</p>}
            <ul className="row wrap">
              {monitor.proposals.map((id) => (
                <li key={id}>
                  <Link to="/proposals/$id" params={{ id }}>
                    {id}
                  </Link>
                </li>
              ))}
            </ul>
          </Card>
        </div>
      </div>
    </div>
  );
}
