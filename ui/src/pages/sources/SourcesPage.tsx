import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import * as queries from "../../api/queries";
import type { SourceRow } from "../../api/types";
import { Query } from "../../components/Query";
import { Scroll } from "../../components/Scroll";
import { Empty } from "../../components/states";
import { Tag } from "../../components/Tag";
import { useMay } from "../../components/useMay";
import { useWords } from "../../i18n/useWords";
import { useChanges } from "../../live/changes";
import { looks, rank } from "./looks";

/** Where the points come from, and how far they have come. */
export function SourcesPage() {
  const { t } = useWords();
  const may = useMay();
  const result = useQuery(queries.sources());
  const add = (
    <Link to="/setup" tabIndex={-1}>
      <Button type="primary" data-testid="add-data">{t("metrics.add_data…")}</Button>
    </Link>
  );
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.sources")}</h1>
        <span className="mid">{t("sources.purpose")}</span>
        <span className="grow" />
        {may("definition.publish") && result.data?.length !== 0 && add}
      </div>
      <section className="card card-flush" aria-label={t("nav.sources")}>
        <Query result={result} what={t("nav.sources")}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon="source" title={t("sources.none")} text={t("sources.none_help")} action={may("definition.publish") ? add : undefined} />
            ) : (
              <Scroll label={t("nav.sources")}>
                <SourceTable rows={rows.toSorted((a, b) => rank[a.state] - rank[b.state])} />
              </Scroll>
            )
          }
        </Query>
      </section>
    </div>
  );
}

function SourceTable({ rows }: { rows: SourceRow[] }) {
  const { t, local, message, duration, nearTime } = useWords();
  const changed = useChanges();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("sources.name")}</th>
          <th scope="col">{t("word.state")}</th>
          <th scope="col">{t("sources.until")}</th>
          <th scope="col">{t("sources.lateness")}</th>
          <th scope="col">{t("sources.last_run")}</th>
          <th scope="col">{t("sources.datasets")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} className={changed("source", row.name) ? "tinted" : ""}>
            <td>
              <Link to="/sources/$name" params={{ name: row.name }} className="link-ink strong" data-row data-testid={`source-${row.name}`}>
                {local(row.label) || row.name}
              </Link>
              <div className="small dim">
                {row.name} · {row.kind}
              </div>
            </td>
            <td>
              <Tag {...looks[row.state]}>{t(`source_state.${row.state}`)}</Tag>
              {row.last_error && <div className="small bad">{message(row.last_error)}</div>}
            </td>
            <td className="nowrap">{nearTime(row.collected_until)}</td>
            <td className="nowrap">{duration(row.lateness_s)}</td>
            <td className="nowrap">{nearTime(row.last_run_at)}</td>
            <td className="mid">{row.datasets.join(t("word.comma"))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
