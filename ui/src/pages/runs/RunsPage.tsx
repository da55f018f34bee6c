import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { RunRow, StepRow } from "../../api/types";
import { AgeBar } from "../../components/AgeBar";
import { Icon } from "../../components/Icon";
import { Query } from "../../components/Query";
import { Empty } from "../../components/states";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";
import { useChanges } from "../../live/changes";
import { columnsOf, worstFirst, type Column } from "./board";
import { RunDetail } from "./RunDetail";
import { stepLooks } from "./StepList";
import "./runs.css";

/** Which run does not move? Steps across, runs down, worst first; one run below as a flow. */
export function RunsPage() {
  const { t } = useWords();
  const result = useQuery(queries.runs());
  return (
    <Query result={result} what={t("nav.runs")} whole>
      {(runs) => <Board runs={runs} />}
    </Query>
  );
}

function Board({ runs }: { runs: RunRow[] }) {
  const { t, local } = useWords();
  const [search, setSearch] = useQueryState();
  const rows = runs.toSorted(worstFirst);
  const running = runs.filter((run) => !["succeeded", "cancelled"].includes(run.status));
  const late = running.filter((run) => run.target_s !== null && run.age_s > run.target_s);
  const all = search.finished === "all" || running.length === 0;
  const shown = all ? rows : rows.filter((run) => running.includes(run) || run.id === search.run);
  const chosen = shown.find((run) => run.id === search.run) ?? shown[0];
  const columns = columnsOf(shown, local);
  return (
    <div className="page">
      <div className="page-head">
        <h1>
          {t("runs.running", { count: running.length })}
          {t("word.comma")}
          <span className={late.length > 0 ? "bad" : ""}>{t(late.length > 0 ? "runs.late" : "runs.none_late", { count: late.length })}</span>
        </h1>
      </div>
      <section className="card card-flush" aria-label={t("runs.board")}>
        <header className="card-head">
          <h2>{t("runs.board")}</h2>
          <span className="small dim grow">{t("runs.board_note")}</span>
          {running.length > 0 && rows.length > running.length && (
            <button type="button" className="plain-button" onClick={() => setSearch({ finished: all ? undefined : "all" })}>
              {t(all ? "runs.only_running" : "runs.with_finished", { count: rows.length - running.length })}
            </button>
          )}
        </header>
        {rows.length === 0 ? (
          <Empty icon="playbook" title={t("runs.none")} text={t("runs.none_help")} />
        ) : (
          <div className="scroll-x">
            <table className="plain board">
              <thead>
                <tr>
                  <th scope="col">{t("runs.run")}</th>
                  {columns.map((column) => (
                    <th key={column.name} scope="col" className={column.late ? "board-stuck" : ""}>
                      <ColumnHead column={column} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((run) => (
                  <Row key={run.id} run={run} columns={columns} chosen={run.id === chosen?.id} onChoose={() => setSearch({ run: run.id })} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {chosen && <RunDetail run={chosen} />}
    </div>
  );
}

function ColumnHead({ column }: { column: Column }) {
  const { t } = useWords();
  return (
    <span className="board-head">
      {column.name} {column.here}
      {column.late && (
        <span className="bad">
          {" "}
          <Icon name="alert" size={12} />
          <span className="visually-hidden">{t("runs.column_late")}</span>
        </span>
      )}
    </span>
  );
}

function Row(props: { run: RunRow; columns: Column[]; chosen: boolean; onChoose: () => void }) {
  const { run, columns, chosen, onChoose } = props;
  const { t, local } = useWords();
  const changed = useChanges();
  return (
    <tr className={`${chosen ? "chosen" : ""} ${changed("run", run.id) ? "tinted" : ""}`}>
      <td>
        <Link to="/incidents/$id" params={{ id: String(run.incident_id) }} data-row>
          #{run.incident_id}
        </Link>{" "}
        <button type="button" className="plain-button link-ink" aria-pressed={chosen} onClick={onChoose}>
          {local(run.playbook_label)}
        </button>
        <div className="small dim">
          v{run.playbook_version} · {t(`mode.${run.mode}`)} · {t(`run_status.${run.status}`)}
        </div>
      </td>
      {columns.map((column) => (
        <td key={column.name}>
          <Cell run={run} step={run.steps.find((step) => local(step.title) === column.name)} />
        </td>
      ))}
    </tr>
  );
}

function Cell({ run, step }: { run: RunRow; step: StepRow | undefined }) {
  const { t, duration, now } = useWords();
  if (step === undefined || step.state === "pending" || step.state === "cancelled") return null;
  const until = step.ended_at ? Date.parse(step.ended_at) : now.getTime();
  const age = step.started_at ? (until - Date.parse(step.started_at)) / 1000 : 0;
  const look = stepLooks[step.state];
  const here = ["running", "waiting", "failed"].includes(step.state);
  return (
    <span className="small">
      <span className={`row nowrap ${here ? "strong" : ""} ${look.tone === "good" ? "" : look.tone}`} style={{ gap: 4 }}>
        <span className={look.tone}>
          <Icon name={look.icon} size={14} />
        </span>
        {step.state === "skipped" ? t("step_state.skipped") : duration(age)}
      </span>
      {here && (
        <>
          <AgeBar age={run.age_s} target={run.target_s} label={duration(run.age_s)} />
          <span className={look.tone}>{t(`step_state.${step.state}`)}</span>
        </>
      )}
    </span>
  );
}
