import { Link } from "@tanstack/react-router";
import type { TaskRow } from "../../api/types";
import { Icon, type IconName } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { useWords } from "../../i18n/useWords";
import { useChanges } from "../../live/changes";
import { useNow } from "../../live/clock";

export const taskIcons: Record<TaskRow["kind"], IconName> = {
  approval: "wait",
  task: "task",
  review: "comment",
  proposal: "proposal",
};

/** One task in a list: what, about what, until when. */
export function TaskLine({ task, whose = false }: { task: TaskRow; whose?: boolean }) {
  const { t, local, message } = useWords();
  const changed = useChanges();
  const about = task.incident_id ? `#${task.incident_id} ${message(task.incident_headline)}` : task.proposal_id ? `${t("nav.proposals")} ${task.proposal_id}` : "";
  return (
    <li className={changed("task", task.id) ? "task-row tinted" : "task-row"}>
      <span className={task.state !== "open" ? "dim" : task.kind === "approval" ? "wait" : "mid"}>
        <Icon name={taskIcons[task.kind]} />
      </span>
      <div className="grow">
        <TaskLink task={task}>{local(task.title)}</TaskLink>
        <div className={whose ? "small dim" : "small dim cut"}>
          {t(`task_kind.${task.kind}`)} {about && `· ${about}`}
          {whose && (
            <>
              {" · "}
              <PersonName person={task.assignee} />
            </>
          )}
        </div>
      </div>
      <span className="small nowrap">
        <Due task={task} />
      </span>
    </li>
  );
}

/** A review is written on its incident, a proposal decided on its own page; the rest has a task page. */
export function TaskLink({ task, children }: { task: TaskRow; children: React.ReactNode }) {
  const look = { className: "link-ink list strong", "data-row": true, "data-testid": "task-link" };
  if (task.kind === "proposal" && task.proposal_id !== null) {
    return (
      <Link to="/proposals/$id" params={{ id: task.proposal_id }} {...look}>
        {children}
      </Link>
    );
  }
  if (task.kind === "review" && task.incident_id !== null) {
    return (
      <Link to="/incidents/$id" params={{ id: String(task.incident_id) }} hash="review" {...look}>
        {children}
      </Link>
    );
  }
  return (
    <Link to="/tasks/$id" params={{ id: task.id }} {...look}>
      {children}
    </Link>
  );
}

export function Due({ task }: { task: TaskRow }) {
  const { t, duration, nearTime } = useWords();
  const now = useNow();
  if (task.state !== "open") return <span className="dim">{t(`task_state.${task.state}`)}</span>;
  if (task.due_at === null) return <span className="dim">{t("tasks.no_due")}</span>;
  const left = (Date.parse(task.due_at) - now.getTime()) / 1000;
  if (left < 0) return <span className="bad strong">{t("clock.over", { time: duration(-left) })}</span>;
  if (left > 12 * 3600) return <span className="mid">{t("tasks.due_at", { at: nearTime(task.due_at) })}</span>;
  return <span className={task.kind === "approval" ? "wait strong" : "mid"}>{t("clock.left", { time: duration(left) })}</span>;
}
