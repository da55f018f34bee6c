import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { SourcePage as Source } from "../../api/types";
import { Card } from "../../components/Card";
import { Query } from "../../components/Query";
import { Empty } from "../../components/states";
import { Tag } from "../../components/Tag";
import { nothing } from "../../i18n/numbers";
import { useWords } from "../../i18n/useWords";
import { DatasetCard, passes } from "./DatasetCard";
import { looks } from "./looks";
import "../metrics/metric.css";
import "./source.css";

/** Do its data arrive in time, are they fit to be judged, and what is read of it? */
export function SourcePage() {
  const { t } = useWords();
  const { name = "" } = useParams({ strict: false });
  const result = useQuery(queries.source(name));
  return (
    <Query result={result} what={t("sources.name")} whole>
      {(source) => <Content source={source} />}
    </Query>
  );
}

function Content({ source }: { source: Source }) {
  const { t, local, message } = useWords();
  return (
    <div className="page">
      <header className="stack tight">
        <div className="page-head">
          <h1>{local(source.label) || source.name}</h1>
          <Tag>{source.kind}</Tag>
          <Tag {...looks[source.state]}>
            <span data-testid="source-state" data-state={source.state}>{t(`source_state.${source.state}`)}</span>
          </Tag>
        </div>
        {source.last_error && <p className="bad">{message(source.last_error)}</p>}
      </header>
      <Health source={source} />
      {source.dataset_rows.length === 0 && (
        <Card>
          <Empty icon="source" title={t("source.no_dataset")} text={t("source.no_dataset_help")} />
        </Card>
      )}
      {source.dataset_rows.map((row) => (
        <DatasetCard key={row.name} dataset={row} />
      ))}
      <Card title={t("source.written")} note={t("source.written_note")}>
        <pre className="code" tabIndex={0}>{source.definition}</pre>
      </Card>
    </div>
  );
}

function Health({ source }: { source: Source }) {
  const { t, duration, nearTime } = useWords();
  const rows = source.dataset_rows;
  const metrics = new Set(rows.flatMap((row) => row.metrics));
  const held = rows.filter((row) => row.held !== null && !passes(row.held)).length;
  const restated = rows.reduce((sum, row) => sum + row.restated, 0);
  const compared = rows.map((row) => row.reconciled_at).filter((at) => at !== null);
  const last = compared.length === rows.length ? compared.toSorted()[0] : null;
  return (
    <section className="card numbers" aria-label={t("source.health")}>
      <Figure label={t("sources.until")} value={nearTime(source.collected_until)} note={t("source.may_be_late", { late: duration(source.lateness_s) })} />
      <Figure label={t("sources.last_run")} value={nearTime(source.last_run_at)} note={t("source.metrics", { count: metrics.size })} />
      <Figure
        label={t("source.quality")}
        value={rows.length === 0 ? nothing : held > 0 ? t("source.held_count", { count: held }) : t("source.none_held")}
        note={t("source.datasets", { count: rows.length })}
        bad={held > 0}
      />
      <Figure label={t("source.reconciled")} value={last ? nearTime(last) : t("source.not_reconciled")} note={t("source.restated", { count: restated })} />
    </section>
  );
}

function Figure({ label, value, note, bad = false }: { label: string; value: string; note: string; bad?: boolean }) {
  return (
    <div>
      <div className="small dim">{label}</div>
      <div className={bad ? "strong bad" : "strong"}>{value}</div>
      <div className="small dim">{note}</div>
    </div>
  );
}
