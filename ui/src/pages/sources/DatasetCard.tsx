import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import * as queries from "../../api/queries";
import type { DatasetRow, Message, SourceRow } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { Scroll } from "../../components/Scroll";
import { Tag } from "../../components/Tag";
import { nothing } from "../../i18n/numbers";
import { useWords } from "../../i18n/useWords";
import { looks } from "./looks";

/** Rows that arrive late every day come by themselves: nobody need look. */
export const passes = (finding: Message): boolean => finding.code === "quality.arriving";

export function stateOf(dataset: Pick<DatasetRow, "failed_since" | "held" | "on_time">): SourceRow["state"] {
  if (dataset.failed_since !== null) return "failed";
  if (dataset.held !== null && !passes(dataset.held)) return "held";
  return dataset.on_time ? "on_time" : "late";
}

/** One dataset: what holds it, how far it has come, its columns, what was found when it was compared with the source. */
export function DatasetCard({ dataset }: { dataset: DatasetRow }) {
  const { t, local, message } = useWords();
  const state = stateOf(dataset);
  return (
    <Card
      id={dataset.name}
      title={local(dataset.label) || dataset.name}
      note={dataset.table ?? t("dataset.sql")}
      extra={<Tag {...looks[state]}>{t(`source_state.${state}`)}</Tag>}
    >
      <div className="stack mid-gap" data-testid={`dataset-${dataset.name}`}>
        {dataset.last_error && <p className="bad">{message(dataset.last_error)}</p>}
        {dataset.held && passes(dataset.held) && <p className="row top mid"><Icon name="clock" size={14} /> {message(dataset.held)}</p>}
        {dataset.held && !passes(dataset.held) && <Held dataset={dataset} held={dataset.held} />}
        {dataset.notes.map((note) => (
          <p key={JSON.stringify(note)} className="row top mid">
            <Icon name="alert" size={14} /> {message(note)}
          </p>
        ))}
        <div className="halves">
          <Facts dataset={dataset} />
          <Columns dataset={dataset} />
        </div>
      </div>
    </Card>
  );
}

/** Why its metrics are not judged, and where somebody is at it. */
function Held({ dataset, held }: { dataset: DatasetRow; held: Message }) {
  const { t, message, nearTime } = useWords();
  const { data: incidents } = useQuery(queries.incidents({ state: "active", limit: 200 }));
  const incident = incidents?.items.find((one) => one.kind === "data" && one.dataset === dataset.name);
  return (
    <div className="held" role="note">
      <Icon name="wait" />
      <div>
        <strong>{message(held)}</strong>
        <div className="small mid">
          {t("dataset.held", { at: nearTime(dataset.held_since), count: dataset.metrics.length })}{" "}
          {incident && (
            <Link to="/incidents/$id" params={{ id: String(incident.id) }}>
              {t("dataset.incident", { id: incident.id })}
            </Link>
          )}
        </div>
      </div>
    </div>
  );
}

function Facts({ dataset }: { dataset: DatasetRow }) {
  const { t, duration, nearTime } = useWords();
  return (
    <dl className="facts">
      <dt>{t("word.owner")}</dt>
      <dd><PersonName person={dataset.owner} /></dd>
      <dt>{t("sources.until")}</dt>
      <dd>{nearTime(dataset.collected_until, dataset.timezone)} · {t("source.may_be_late", { late: duration(dataset.lateness_s) })}</dd>
      <dt>{t("dataset.newest")}</dt>
      <dd>{nearTime(dataset.newest_at, dataset.timezone)}</dd>
      <dt>{t("sources.last_run")}</dt>
      <dd>{nearTime(dataset.last_run_at)}</dd>
      <dt>{t("source.reconciled")}</dt>
      <dd>
        {dataset.reconciled_at ? nearTime(dataset.reconciled_at) : t("source.not_reconciled")} · {t("source.restated", { count: dataset.restated })}
      </dd>
      <dt>{t("dataset.time")}</dt>
      <dd><code>{dataset.time_column}</code> · {t(`grain.${dataset.grain}`)} · {dataset.timezone}</dd>
      <dt>{t("nav.metrics")}</dt>
      <dd>
        {dataset.metrics.length === 0 && nothing}
        {dataset.metrics.map((name, at) => (
          <span key={name}>
            {at > 0 && t("word.comma")}
            <Link to="/metrics/$name" params={{ name }}>{name}</Link>
          </span>
        ))}
      </dd>
    </dl>
  );
}

function Columns({ dataset }: { dataset: DatasetRow }) {
  const { t } = useWords();
  if (dataset.sql === null && dataset.columns.length === 0) return <p className="small dim">{t("dataset.no_columns")}</p>;
  return (
    <div className="stack mid-gap">
      {dataset.sql !== null && <pre className="code" tabIndex={0}>{dataset.sql}</pre>}
      {dataset.columns.length > 0 && (
        <Scroll label={t("dataset.columns")}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("dataset.column")}</th>
                <th scope="col">{t("dataset.type")}</th>
                <th scope="col">{t("dataset.used_as")}</th>
              </tr>
            </thead>
            <tbody>
              {dataset.columns.map((column) => (
                <tr key={column.name}>
                  <td><code>{column.name}</code></td>
                  <td className="mid">{column.type}</td>
                  <td className="mid">{t(roleOf(dataset, column.name))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </div>
  );
}

function roleOf(dataset: DatasetRow, column: string): string {
  if (column === dataset.time_column) return "dataset.is_time";
  return dataset.dimensions.includes(column) ? "dataset.is_dimension" : "dataset.is_measured";
}
