import { Link } from "@tanstack/react-router";
import type { RunRow, StepRow, TaskRow } from "../../api/types";
import { Icon, type IconName } from "../../components/Icon";
import { ActorName, PersonName } from "../../components/Person";
import { useWords } from "../../i18n/useWords";
import "./runs.css";

export const stepLooks: Record<StepRow["state"], { icon: IconName; tone: string }> = {
  pending: { icon: "pending", tone: "dim" },
  running: { icon: "clock", tone: "blue" },
  waiting: { icon: "wait", tone: "wait" },
  done: { icon: "check", tone: "good" },
  skipped: { icon: "cross", tone: "dim" },
  failed: { icon: "fault", tone: "bad" },
  cancelled: { icon: "cross", tone: "dim" },
};

const stepState = (step: StepRow): string =>
  step.kind === "verify" && step.state === "waiting" ? "step_state.waiting_for_data" : `step_state.${step.state}`;

/** The steps of a run in order; the one that waits for a person stands out and leads to its task. */
export function StepList({ run, tasks, zone }: { run: RunRow; tasks: TaskRow[]; zone?: string }) {
  const { t } = useWords();
  return (
    <ol className="steps" aria-label={t("run.steps")}>
      {run.steps.map((step, index) => (
        <Step key={step.id} step={step} number={index + 1} task={tasks.find((task) => task.id === step.task_id)} zone={zone} />
      ))}
    </ol>
  );
}

function Step(props: { step: StepRow; number: number; task: TaskRow | undefined; zone: string | undefined }) {
  const { step, number, task, zone } = props;
  const { t, local, message, duration, now } = useWords();
  const { icon, tone } = stepLooks[step.state];
  const active = step.state === "waiting" || step.state === "failed";
  const until = step.ended_at ? Date.parse(step.ended_at) : now.getTime();
  const took = step.started_at ? duration((until - Date.parse(step.started_at)) / 1000) : null;
  const facts = [t(`grade.${step.grade}`), t(`step_kind.${step.kind}`), t(stepState(step)), took].filter(Boolean).join(" · ");
  const title = `${number}. ${local(step.title)}`;
  return (
    <li className="step" data-state={step.state}>
      <span className={tone}>
        <Icon name={icon} size={18} />
      </span>
      <div className={active ? `step-body step-${step.state}` : "step-body"}>
        <div className={active ? "list strong" : "list"}>
          {step.task_id ? (
            <Link to="/tasks/$id" params={{ id: step.task_id }} data-testid={`step-task-${step.state}`}>
              {title}
            </Link>
          ) : (
            title
          )}
        </div>
        <div className={active ? `small ${tone}` : "small dim"}>
          {facts}
          {step.actor && step.state === "done" && (
            <>
              {" · "}
              <ActorName actor={step.actor} />
            </>
          )}
          {task?.state === "open" && task.assignee && (
            <>
              {" · "}
              <PersonName person={task.assignee} />
            </>
          )}
        </div>
        {step.output && <div className="small mid">{message(step.output, zone ? { zone } : {})}</div>}
      </div>
    </li>
  );
}
