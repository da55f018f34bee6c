import { Link } from "@tanstack/react-router";
import type { RunRow, StepRow } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { ActorName } from "../../components/Person";
import { useWords } from "../../i18n/useWords";
import { RunControls, RunMode } from "./RunControls";
import { stepLooks } from "./StepList";

/** One run as a flow: what is done, where it stands and why, and what one can do. */
export function RunDetail({ run }: { run: RunRow }) {
  const { t, local, message, duration } = useWords();
  return (
    <Card
      title={
        <Link to="/incidents/$id" params={{ id: String(run.incident_id) }}>
          #{run.incident_id} {local(run.playbook_label)}
        </Link>
      }
      note={t("runs.detail_note", { version: run.playbook_version, age: duration(run.age_s) })}
      extra={<RunMode run={run} />}
    >
      <div className="stack mid-gap">
        {run.why && (
          <p className={`row list ${run.status === "failed" ? "bad" : "wait"}`}>
            <Icon name={run.status === "failed" ? "fault" : "wait"} />
            {message(run.why)}
          </p>
        )}
        <ol className="flow" aria-label={t("run.steps")}>
          {run.steps.map((step, index) => (
            <li key={step.id} style={{ display: "flex" }}>
              {index > 0 && <span className="flow-line" aria-hidden="true" />}
              <Node step={step} />
            </li>
          ))}
        </ol>
        <RunControls run={run} />
        <p className="small dim">{t("mode.next_step")}</p>
      </div>
    </Card>
  );
}

function Node({ step }: { step: StepRow }) {
  const { t, local, message, duration, now } = useWords();
  const look = stepLooks[step.state];
  const until = step.ended_at ? Date.parse(step.ended_at) : now.getTime();
  const took = step.started_at ? ` · ${duration((until - Date.parse(step.started_at)) / 1000)}` : "";
  const title = local(step.title);
  return (
    <div className="flow-node" data-state={step.state}>
      <div className="row list strong" style={{ gap: 6 }}>
        <span className={look.tone}>
          <Icon name={look.icon} />
        </span>
        {step.task_id ? (
          <Link to="/tasks/$id" params={{ id: step.task_id }} className="link-ink">
            {title}
          </Link>
        ) : (
          title
        )}
      </div>
      <div className="small mid">
        {t(`grade.${step.grade}`)} · {t(`step_kind.${step.kind}`)} · {t(`step_state.${step.state}`)}
        {took}
      </div>
      {step.state === "done" && step.actor && (
        <div className="small dim">
          <ActorName actor={step.actor} />
        </div>
      )}
      {step.output && <div className="small dim">{message(step.output)}</div>}
    </div>
  );
}
