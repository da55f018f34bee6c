import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { IncidentPage } from "../../api/types";
import { Card } from "../../components/Card";
import { useWords } from "../../i18n/useWords";

/** An incident about data: which dataset, how far its data reach, and which metrics nobody judges meanwhile. */
export function DataCard({ incident }: { incident: IncidentPage }) {
  const { t, local, nearTime } = useWords();
  const source = incident.source ?? "";
  const { data: page } = useQuery({ ...queries.source(source), enabled: source !== "" });
  const { data: metrics } = useQuery(queries.metricDirectory());
  const dataset = page?.dataset_rows.find((row) => row.name === incident.dataset);
  const name = local(incident.dataset_label) || incident.dataset;
  const labels = new Map((metrics ?? []).map((metric) => [metric.name, local(metric.label)]));
  return (
    <Card title={t("data_incident.title")} note={t("data_incident.note")}>
      <dl className="facts" data-testid="data-incident">
        <dt>{t("lineage.dataset")}</dt>
        <dd>
          {source ? <Link to="/sources/$name" params={{ name: source }} hash={incident.dataset ?? ""}>{name}</Link> : name}
        </dd>
        {dataset && (
          <>
            <dt>{t("dataset.newest")}</dt>
            <dd>{nearTime(dataset.newest_at, dataset.timezone)}</dd>
            <dt>{t("sources.until")}</dt>
            <dd>{nearTime(dataset.collected_until, dataset.timezone)}</dd>
            <dt>{t("sources.last_run")}</dt>
            <dd>{nearTime(dataset.last_run_at)}</dd>
          </>
        )}
        <dt>{t("data_incident.not_judged")}</dt>
        <dd>
          {incident.metrics.map((metric, at) => (
            <span key={metric}>
              {at > 0 && t("word.comma")}
              <Link to="/metrics/$name" params={{ name: metric }}>{labels.get(metric) || metric}</Link>
            </span>
          ))}
        </dd>
      </dl>
    </Card>
  );
}
