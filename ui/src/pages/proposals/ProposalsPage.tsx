import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { ProposalRow } from "../../api/types";
import { PersonName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Empty } from "../../components/states";
import { Tag } from "../../components/Tag";
import { useWords } from "../../i18n/useWords";
import { useChanges } from "../../live/changes";
import { proposalLooks } from "./looks";

/** Changes of rules that were learnt from labels, open ones first. */
export function ProposalsPage() {
  const { t } = useWords();
  const result = useQuery(queries.proposals());
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.proposals")}</h1>
        <span className="mid">{t("proposals.purpose")}</span>
      </div>
      <section className="card card-flush" aria-label={t("nav.proposals")}>
        <Query result={result} what={t("nav.proposals")}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon="proposal" title={t("proposals.none")} text={t("proposals.none_help")} />
            ) : (
              <div className="scroll-x">
                <ProposalTable rows={rows.toSorted((a, b) => Number(b.state === "open") - Number(a.state === "open"))} />
              </div>
            )
          }
        </Query>
      </section>
    </div>
  );
}

function ProposalTable({ rows }: { rows: ProposalRow[] }) {
  const { t, message, nearTime } = useWords();
  const changed = useChanges();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("proposals.change")}</th>
          <th scope="col">{t("word.state")}</th>
          <th scope="col" className="right">{t("backtest.caught")}</th>
          <th scope="col" className="right">{t("backtest.false")}</th>
          <th scope="col" className="right">{t("backtest.missed")}</th>
          <th scope="col">{t("word.owner")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className={changed("proposal", row.id) ? "tinted" : ""}>
            <td>
              <Link to="/proposals/$id" params={{ id: row.id }} className="link-ink strong" data-row data-testid="proposal-link">
                {message(row.title)}
              </Link>
              <div className="small dim">
                {row.id} · {row.monitor} · {nearTime(row.created_at)}
              </div>
            </td>
            <td>
              <Tag {...proposalLooks[row.state]}>{t(`proposal_state.${row.state}`)}</Tag>
            </td>
            <td className="right nowrap">{row.before.caught} → {row.after.caught}</td>
            <td className="right nowrap">{row.before.false} → {row.after.false}</td>
            <td className="right nowrap">{row.before.missed} → {row.after.missed}</td>
            <td>
              <PersonName person={row.owner} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
