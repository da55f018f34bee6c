import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Segmented, Select, Table, type TableColumnsType } from "antd";
import { useEffect, useState } from "react";
import * as queries from "../../api/queries";
import type { IncidentRow } from "../../api/types";
import { AgeBar } from "../../components/AgeBar";
import { DataTag } from "../../components/DataTag";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Empty } from "../../components/states";
import { SeverityTag, StateTag } from "../../components/Tag";
import { aboutIncident, useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";
import { useChanges } from "../../live/changes";
import { useHeldRows } from "./useHeldRows";

const states = ["active", "open", "in_progress", "resolved", "closed", "all"];

/** All incidents, found by state, metric, owner and words; the filter stands in the address. */
export function IncidentsPage() {
  const { t } = useWords();
  const [search, setSearch] = useQueryState();
  const filter = {
    state: search.state ?? "active",
    metric: search.metric,
    owner: search.owner,
    q: search.q,
    limit: 200,
  };
  const result = useQuery(queries.incidents(filter));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.incidents")}</h1>
        {result.data && <span className="mid">{t("incidents.count", { count: result.data.total })}</span>}
      </div>
      <Filters />
      <section className="card card-flush" aria-label={t("nav.incidents")}>
        <Query result={result} what={t("nav.incidents")}>
          {(list) => (list.items.length === 0 ? <NothingFits onClear={() => setSearch({ state: "all", metric: undefined, owner: undefined, q: undefined })} /> : <IncidentTable rows={list.items} filter={JSON.stringify(filter) + String(result.isPlaceholderData)} />)}
        </Query>
      </section>
    </div>
  );
}

function Filters() {
  const { t, local } = useWords();
  const [search, setSearch] = useQueryState();
  const { data: metrics } = useQuery(queries.metricDirectory());
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => {
    const timer = window.setTimeout(() => {
      if (text !== (search.q ?? "")) setSearch({ q: text || undefined });
    }, 250);
    return () => window.clearTimeout(timer);
  });
  return (
    <div className="row wrap">
      <div className="scroll-x">
        <Segmented
          name="incident-state"
          aria-label={t("incidents.state")}
          value={search.state ?? "active"}
          options={states.map((state) => ({ value: state, label: t(`incidents.state.${state}`) }))}
          onChange={(state) => setSearch({ state: state === "active" ? undefined : state })}
        />
      </div>
      <Segmented
        name="incident-owner"
        aria-label={t("incidents.owner")}
        value={search.owner ?? "anyone"}
        options={[
          { value: "anyone", label: t("incidents.anyone") },
          { value: "me", label: t("incidents.mine") },
        ]}
        onChange={(owner) => setSearch({ owner: owner === "me" ? "me" : undefined })}
      />
      <Select
        aria-label={t("word.metric")}
        value={search.metric ?? ""}
        popupMatchSelectWidth={false}
        style={{ minWidth: 140 }}
        options={[
          { value: "", label: t("incidents.all_metrics") },
          ...(metrics ?? []).map((metric) => ({ value: metric.name, label: local(metric.label) })),
        ]}
        onChange={(metric) => setSearch({ metric: metric || undefined })}
      />
      <Input
        allowClear
        prefix={<Icon name="search" size={14} />}
        placeholder={t("incidents.search")}
        aria-label={t("incidents.search")}
        style={{ width: 220 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}

function NothingFits({ onClear }: { onClear: () => void }) {
  const { t } = useWords();
  const [search] = useQueryState();
  const filtered = Boolean(search.metric || search.owner || search.q || (search.state && search.state !== "all"));
  return filtered ? (
    <Empty icon="search" title={t("incidents.none_fit")} text={t("incidents.none_fit_help")} action={<Button onClick={onClear}>{t("incidents.clear")}</Button>} />
  ) : (
    <Empty icon="check" title={t("incidents.none")} text={t("incidents.none_help")} action={<Button onClick={onClear}>{t("incidents.show_all")}</Button>} />
  );
}

function IncidentTable({ rows, filter }: { rows: IncidentRow[]; filter: string }) {
  const { t, local, slice, message, duration, nearTime } = useWords();
  const changed = useChanges();
  const { shown, waiting, letIn } = useHeldRows(rows, filter);
  const columns: TableColumnsType<IncidentRow> = [
    {
      title: t("word.severity"),
      key: "severity",
      width: 92,
      responsive: ["md"],
      render: (_, row) => <SeverityTag severity={row.severity} />,
    },
    {
      title: t("incidents.headline"),
      key: "headline",
      render: (_, row) => (
        <div className="stack tight">
          <Link to="/incidents/$id" params={{ id: String(row.id) }} className="incident-link" data-row data-testid="incident-link">
            {message(row.headline, aboutIncident(row))}
          </Link>
          <span className="small dim">
            {row.kind === "data" && <><DataTag /> </>}#{row.id} · {row.kind === "data" ? t("incident.about_data", { dataset: local(row.dataset_label) || row.dataset }) : `${slice(row.slice)} · ${t(`grain.${row.grain}`, { defaultValue: row.grain })}`} · {nearTime(row.started_at)}
          </span>
          <span className="row wrap phone-only">
            <SeverityTag severity={row.severity} short />
            <StateTag state={row.state} />
            <PersonName person={row.owner} />
          </span>
        </div>
      ),
    },
    { title: t("word.state"), key: "state", width: 120, responsive: ["md"], render: (_, row) => <StateTag state={row.state} /> },
    { title: t("word.owner"), key: "owner", width: 190, responsive: ["md"], render: (_, row) => <PersonName person={row.owner} /> },
    {
      title: t("incidents.next"),
      key: "next",
      width: 200,
      responsive: ["lg"],
      render: (_, row) => (row.next ? <span className="mid">{message(row.next, aboutIncident(row))}</span> : <span className="dim">{t("incidents.no_next")}</span>),
    },
    {
      title: t("incidents.age"),
      key: "age",
      width: 190,
      responsive: ["md"],
      render: (_, row) => <Age row={row} duration={duration} />,
    },
  ];
  return (
    <>
      {waiting > 0 && (
        <button type="button" className="new-rows" onClick={letIn}>
          {t("incidents.new_rows", { count: waiting })}
        </button>
      )}
      <Table
        rowKey="id"
        columns={columns}
        dataSource={shown}
        pagination={shown.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        rowClassName={(row) => (changed("incident", row.id) ? "tinted" : "")}
      />
    </>
  );
}

function Age({ row, duration }: { row: IncidentRow; duration: (seconds: number) => string }) {
  const { t } = useWords();
  if (row.closed_at) return <span className="dim">{t("incidents.took", { age: duration(row.age_s) })}</span>;
  const text = row.target_s ? t("age.of", { age: duration(row.age_s), target: duration(row.target_s) }) : duration(row.age_s);
  return (
    <div className="small">
      <span className={row.stuck ? "bad strong" : "mid"}>{duration(row.age_s)}</span>
      {row.target_s !== null && <span className="dim"> / {t("age.target", { target: duration(row.target_s) })}</span>}
      <AgeBar age={row.age_s} target={row.target_s} label={text} />
    </div>
  );
}
