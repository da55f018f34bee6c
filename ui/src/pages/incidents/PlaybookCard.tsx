import type { IncidentPage } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { useWords } from "../../i18n/useWords";
import { RunControls, RunMode } from "../runs/RunControls";
import { StepList } from "../runs/StepList";
import { TaskLink } from "../tasks/TaskLine";

/** The playbook's run on this incident: mode, steps, controls; and the tasks that somebody owes. */
export function PlaybookCard({ incident }: { incident: IncidentPage }) {
  const { t, local, message } = useWords();
  const { run } = incident;
  const loose = incident.tasks.filter((task) => task.run_id === null);
  return (
    <Card
      id="approve"
      title={t("run.title")}
      note={run ? `${local(run.playbook_label)} v${run.playbook_version}` : t("run.none")}
    >
      {run && (
        <div className="stack mid-gap">
          <div className="row between wrap">
            <RunMode run={run} />
            <span className="small mid nowrap">
              {t("run.progress", { done: run.steps.filter((step) => step.state === "done" || step.state === "skipped").length, all: run.steps.length })}
            </span>
          </div>
          {run.why && <p className={run.status === "failed" ? "small bad" : "small mid"}>{message(run.why, { zone: incident.timezone })}</p>}
          <StepList run={run} tasks={incident.tasks} zone={incident.timezone} />
          <RunControls run={run} />
        </div>
      )}
      {loose.length > 0 && (
        <ul className="plain-list">
          {loose.map((task) => (
            <li key={task.id} className="row">
              <span className={task.state === "open" ? "wait" : "dim"}>
                <Icon name={task.state === "open" ? "wait" : "check"} />
              </span>
              <span className="grow">
                <TaskLink task={task}>{local(task.title)}</TaskLink>
              </span>
              <span className="small mid">
                <PersonName person={task.assignee} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
