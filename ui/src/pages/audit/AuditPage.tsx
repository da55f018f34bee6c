import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import * as queries from "../../api/queries";
import type { AuditRow } from "../../api/types";
import { Query } from "../../components/Query";
import { Scroll } from "../../components/Scroll";
import { Empty } from "../../components/states";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";

const perPage = 100;

/** Who did what, when; each row's hash stands on the one before. */
export function AuditPage() {
  const { t } = useWords();
  const [search, setSearch] = useQueryState();
  const offset = Math.max(0, Number(search.offset ?? 0) || 0);
  const result = useQuery(queries.audit(perPage, offset));
  const go = (to: number) => setSearch({ offset: to > 0 ? String(to) : undefined });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.audit")}</h1>
        <span className="mid">{t("audit.purpose")}</span>
      </div>
      <section className="card card-flush" aria-label={t("nav.audit")}>
        <Query result={result} what={t("nav.audit")}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon="audit" title={t("audit.none")} text={t("audit.none_help")} />
            ) : (
              <Scroll label={t("nav.audit")}>
                <AuditTable rows={rows} />
              </Scroll>
            )
          }
        </Query>
      </section>
      <div className="row">
        <Button disabled={offset === 0} onClick={() => go(offset - perPage)}>
          {t("audit.newer")}
        </Button>
        <Button disabled={(result.data?.length ?? 0) < perPage} onClick={() => go(offset + perPage)}>
          {t("audit.older")}
        </Button>
      </div>
    </div>
  );
}

function AuditTable({ rows }: { rows: AuditRow[] }) {
  const { t, time } = useWords();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col" className="right">{t("audit.sequence")}</th>
          <th scope="col">{t("chart.time")}</th>
          <th scope="col">{t("audit.actor")}</th>
          <th scope="col">{t("audit.action")}</th>
          <th scope="col">{t("audit.subject")}</th>
          <th scope="col">{t("audit.change")}</th>
          <th scope="col">{t("audit.hash")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.sequence}>
            <td className="right dim">{row.sequence}</td>
            <td className="nowrap">{time(row.at)}</td>
            <td>{row.actor}</td>
            <td>
              <code>{row.action}</code>
            </td>
            <td className="nowrap">
              {row.subject_kind} {row.subject_id}
            </td>
            <td className="small mid audit-change">
              {row.before !== null && <del>{row.before}</del>} {row.after !== null && row.after}
            </td>
            <td className="dim">
              <code title={row.hash}>{row.hash.slice(0, 10)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
