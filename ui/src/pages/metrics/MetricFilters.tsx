import { useQuery } from "@tanstack/react-query";
import { Input, Segmented, Select } from "antd";
import { useEffect, useState } from "react";
import * as queries from "../../api/queries";
import { Icon } from "../../components/Icon";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";
import type { Search } from "../../router";

const levels = ["L1", "L2", "L3"] as const;
const statuses = ["certified", "draft", "deprecated"] as const;
const pause = 200; // while somebody types, every letter would otherwise be a question

export const noFilter: Search = { q: undefined, level: undefined, owner: undefined, status: undefined, team: undefined };

/** What the address says of the filter; what it cannot be is left out. */
export function filterOf(search: Search): queries.CatalogueFilter {
  return {
    q: search.q || undefined,
    level: levels.find((one) => one === search.level),
    owner: search.owner || undefined,
    status: statuses.find((one) => one === search.status),
    team: search.team || undefined,
  };
}

export const isFiltered = (filter: queries.CatalogueFilter): boolean => Object.values(filter).some((one) => one !== undefined);

/** Search as one types, and filters; all of it stands in the address. */
export function MetricFilters() {
  const { t, local } = useWords();
  const [search, setSearch] = useQueryState();
  const filter = filterOf(search);
  const { data: people } = useQuery(queries.people());
  const { data: teams } = useQuery(queries.teams());
  const { data: all } = useQuery(queries.metricDirectory());
  const owning = new Set((all ?? []).map((metric) => metric.owner?.id));
  const owners = (people ?? []).filter((person) => owning.has(person.id));
  return (
    <div className="row wrap" role="search" aria-label={t("nav.metrics")}>
      <SearchBox />
      <Segmented
        name="metric-level"
        aria-label={t("metrics.level")}
        value={filter.level ?? ""}
        options={[{ value: "", label: t("metrics.all_levels") }, ...levels.map((one) => ({ value: one, label: one }))]}
        onChange={(level) => setSearch({ level: level || undefined })}
      />
      <Choice
        name="status"
        label={t("metrics.status")}
        all={t("metrics.all_statuses")}
        options={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
      />
      <Choice
        name="owner"
        label={t("word.owner")}
        all={t("metrics.all_owners")}
        options={[{ value: "me", label: t("metrics.mine") }, ...owners.map((person) => ({ value: person.id, label: person.name }))]}
      />
      {(teams ?? []).length > 0 && (
        <Choice
          name="team"
          label={t("metrics.team")}
          all={t("metrics.all_teams")}
          options={(teams ?? []).map((team) => ({ value: team.id, label: local(team.label) || team.id }))}
        />
      )}
    </div>
  );
}

function SearchBox() {
  const { t } = useWords();
  const [search, setSearch] = useQueryState();
  const [text, setText] = useState(search.q ?? "");
  const [known, setKnown] = useState(search.q ?? "");
  if ((search.q ?? "") !== known) {
    // The address changed by other means than this field: cleared, or gone back.
    setKnown(search.q ?? "");
    if ((search.q ?? "") !== text.trim()) setText(search.q ?? "");
  }
  useEffect(() => {
    const timer = window.setTimeout(() => {
      if (text.trim() !== known) setSearch({ q: text.trim() || undefined });
    }, pause);
    return () => window.clearTimeout(timer);
  });
  return (
    <Input
      allowClear
      className="metric-search"
      prefix={<Icon name="search" size={14} />}
      placeholder={t("metrics.search")}
      aria-label={t("metrics.search")}
      value={text}
      data-testid="metric-search"
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function Choice(props: { name: "status" | "owner" | "team"; label: string; all: string; options: { value: string; label: string }[] }) {
  const [search, setSearch] = useQueryState();
  return (
    <Select
      aria-label={props.label}
      value={search[props.name] ?? ""}
      popupMatchSelectWidth={false}
      style={{ minWidth: 130 }}
      options={[{ value: "", label: props.all }, ...props.options]}
      onChange={(value) => setSearch({ [props.name]: value || undefined })}
    />
  );
}
