import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { ProposalPage as Proposal } from "../../api/types";
import { BacktestCharts } from "../../charts/BacktestCharts";
import { Card } from "../../components/Card";
import { ActorName, PersonName } from "../../components/Person";
import { NotPermitted } from "../../components/NotPermitted";
import { Query } from "../../components/Query";
import { useMay } from "../../components/useMay";
import { Tag } from "../../components/Tag";
import { dayText } from "../../i18n/times";
import { useWords } from "../../i18n/useWords";
import { BacktestTable } from "./BacktestTable";
import { ChangeCard } from "./ChangeCard";
import { DecisionButtons } from "./DecisionButtons";
import { proposalLooks } from "./looks";
import "./proposal.css";

/** Is the new rule better? The numbers are the headline; the decision stands beside the reason. */
export function ProposalPage() {
  const { t } = useWords();
  const { id = "" } = useParams({ strict: false });
  const result = useQuery(queries.proposal(id));
  return (
    <Query result={result} what={t("word.proposal")} whole>
      {(proposal) => <Content proposal={proposal} />}
    </Query>
  );
}

function Content({ proposal }: { proposal: Proposal }) {
  const { t } = useWords();
  return (
    <div className="page">
      <Head proposal={proposal} />
      <Decision proposal={proposal} />
      <div className="halves proposal-halves">
        <BacktestTable proposal={proposal} />
        <ChangeCard proposal={proposal} />
      </div>
      <BacktestCharts proposal={proposal} />
      <div className="halves proposal-halves">
        <Learnt proposal={proposal} />
        <Card title={t("proposal.afterwards")}>
          <p className="list mid">{t("proposal.afterwards_text", { version: proposal.monitor_version })}</p>
        </Card>
      </div>
    </div>
  );
}

function Head({ proposal }: { proposal: Proposal }) {
  const { t, message, nearTime } = useWords();
  const { before, after } = proposal;
  const numbers = t("proposal.numbers", { before: before.false, after: after.false });
  const kept =
    after.caught >= before.caught ? t("proposal.nothing_lost") : t("proposal.lost", { count: before.caught - after.caught });
  return (
    <header className="stack tight">
      <div className="row wrap">
        <Tag {...proposalLooks[proposal.state]}>
          <span data-testid="proposal-state" data-state={proposal.state}>
            {t(`proposal_state.${proposal.state}`)}
          </span>
        </Tag>
        <span className="list mid text">
          <Link to="/monitors/$name" params={{ name: proposal.monitor }}>
            {proposal.monitor}
          </Link>{" "}
          v{proposal.monitor_version} → v{proposal.new_version ?? proposal.monitor_version + 1} · {t("word.owner")}{" "}
          <PersonName person={proposal.owner} />
        </span>
        <span className="grow" />
        <span className="small dim">{nearTime(proposal.created_at)}</span>
      </div>
      <h1>
        {message(proposal.title, { unit: proposal.unit })}
        {t("word.colon")}
        {numbers}
        {t("word.comma")}
        {kept}
      </h1>
    </header>
  );
}

function Decision({ proposal }: { proposal: Proposal }) {
  const may = useMay();
  const { t, message, time } = useWords();
  return (
    <section className="card decision" aria-label={t("proposal.decision")}>
      <div className="decision-why">
        <span className="small dim">{t("proposal.why")}</span>
        {proposal.why.map((line, index) => (
          <p key={`${line.code}-${index}`}>{message(line, { unit: proposal.unit })}</p>
        ))}
      </div>
      <div className="decision-side">
        {proposal.state === "open" ? (
          may("proposal.decide") ? <DecisionButtons proposal={proposal} /> : <NotPermitted />
        ) : (
          <div className="list">
            <strong>{t(`proposal_state.${proposal.state}`)}</strong>
            {proposal.new_version !== null && proposal.state === "accepted" && <div data-testid="proposal-version">{t("proposal.is_version", { version: proposal.new_version })}</div>}
            <div className="dim">
              <ActorName actor={proposal.decided_by} /> · {time(proposal.decided_at)}
            </div>
            {proposal.decision_reason && <div className="mid">{t("word.quoted", { text: proposal.decision_reason })}</div>}
          </div>
        )}
      </div>
    </section>
  );
}

function Learnt({ proposal }: { proposal: Proposal }) {
  const { t } = useWords();
  const labelled = proposal.events.filter((event) => event.verdict !== "unlabelled");
  return (
    <Card title={t("proposal.learnt")} note={t("proposal.labels", { count: labelled.length, from: dayText(proposal.start), to: dayText(proposal.end) })}>
      <ul className="row wrap">
        {labelled.map((event, index) => (
          <li key={index}>
            <Tag>
              {event.incident_id !== null && (
                <Link to="/incidents/$id" params={{ id: String(event.incident_id) }}>
                  #{event.incident_id}
                </Link>
              )}
              {t(`verdict.${event.verdict}`)}
            </Tag>
          </li>
        ))}
      </ul>
      {labelled.length === 0 && <p className="list dim">{t("proposal.no_labels")}</p>}
    </Card>
  );
}
