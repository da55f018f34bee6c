import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import * as queries from "../../api/queries";
import type { TaskPage as Task } from "../../api/types";
import { AgeBar } from "../../components/AgeBar";
import { Card } from "../../components/Card";
import { ActorName, PersonName } from "../../components/Person";
import { NotPermitted } from "../../components/NotPermitted";
import { Query } from "../../components/Query";
import { useMay } from "../../components/useMay";
import { Tag } from "../../components/Tag";
import { formatShare, formatValue } from "../../i18n/numbers";
import { aboutIncident, useWords } from "../../i18n/useWords";
import { attributionText } from "../incidents/attributionText";
import { useNow } from "../../live/clock";
import { ApprovalButtons } from "./ApprovalButtons";
import { TaskForm } from "./TaskForm";
import { Due, taskIcons } from "./TaskLine";
import "./tasks.css";

/** Should I say yes? What is asked, what it does, how it is undone, and what speaks for it. */
export function TaskPage() {
  const { t } = useWords();
  const { id = "" } = useParams({ strict: false });
  const result = useQuery(queries.task(id));
  return (
    <Query result={result} what={t("task.what")} whole>
      {(task) => <Content task={task} />}
    </Query>
  );
}

function Content({ task }: { task: Task }) {
  const { t, local } = useWords();
  const may = useMay();
  const approval = task.kind === "approval";
  const help = local(task.help);
  return (
    <div className="page page-task">
      <Head task={task} />
      {help && <p className="mid">{help}</p>}
      {approval && <Effect task={task} />}
      {!approval && task.state === "open" && (
        <Card title={t("task.form")}>
          {may("task.do") ? <TaskForm key={task.id} task={task} /> : <NotPermitted />}
        </Card>
      )}
      {task.state !== "open" && <Done task={task} />}
      {task.incident_id !== null && <Evidence id={task.incident_id} />}
      {approval && task.state === "open" && (
        <>
          <p className="small dim">{t("approval.timeout")}</p>
          {may("approval.decide") ? <ApprovalButtons task={task} /> : <NotPermitted />}
        </>
      )}
    </div>
  );
}

function Head({ task }: { task: Task }) {
  const { t, local, message, duration } = useWords();
  const { data: incident } = useQuery({ ...queries.incident(task.incident_id ?? 0), enabled: task.incident_id !== null });
  const now = useNow();
  const age = (now.getTime() - Date.parse(task.created_at)) / 1000;
  const target = task.due_at ? (Date.parse(task.due_at) - Date.parse(task.created_at)) / 1000 : null;
  const open = task.state === "open";
  return (
    <header className="stack tight">
      <div className="row wrap">
        <Tag icon={open ? taskIcons[task.kind] : "check"} tone={open ? "wait" : "plain"}>
          <span data-testid="task-state" data-state={task.state}>
            {t(`task_kind.${task.kind}`)} · {t(`task_state.${task.state}`)}
          </span>
        </Tag>
        <span className="small">
          <Due task={task} />
        </span>
        <span className="grow" />
        <span className="small dim">
          {t("task.assigned_to")} <PersonName person={task.assignee} />
        </span>
      </div>
      <h1>{local(task.title)}</h1>
      {task.incident_id !== null && (
        <p className="mid">
          {incident ? message(incident.headline, aboutIncident(incident)) : message(task.incident_headline)}{" "}
          <Link to="/incidents/$id" params={{ id: String(task.incident_id) }}>
            {t("task.incident", { id: task.incident_id })}
          </Link>
        </p>
      )}
      {task.proposal_id !== null && (
        <p className="mid">
          <Link to="/proposals/$id" params={{ id: task.proposal_id }}>
            {t("task.proposal", { id: task.proposal_id })}
          </Link>
        </p>
      )}
      {open && target !== null && <AgeBar age={age} target={target} label={t("age.of", { age: duration(age), target: duration(target) })} />}
    </header>
  );
}

function Effect({ task }: { task: Task }) {
  const { t, local } = useWords();
  const { data: me } = useQuery(queries.session());
  const undo = local(task.undo);
  return (
    <Card title={t("approval.effect_title")}>
      <dl className="facts effect-facts">
        <dt>{t("approval.effect")}</dt>
        <dd>{local(task.effect)}</dd>
        <dt>{t("approval.undo")}</dt>
        <dd className={undo ? "" : "bad"}>{undo || t("approval.cannot_undo")}</dd>
        <dt>{t("approval.name")}</dt>
        <dd>{t("approval.you", { name: me?.name ?? "" })}</dd>
      </dl>
    </Card>
  );
}

function Done({ task }: { task: Task }) {
  const { t, local, time } = useWords();
  const answers = Object.entries(task.answer);
  const labelOf = (name: string) => local(task.form.find((field) => field.name === name)?.label) || name;
  return (
    <Card title={t("task.done_title")} note={t(`task_state.${task.state}`)}>
      <p className="list mid">
        <ActorName actor={task.done_by} /> · {time(task.done_at)}
      </p>
      {answers.length > 0 && (
        <dl className="facts">
          {answers.map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{labelOf(name)}</dt>
              <dd>{typeof value === "boolean" ? t(value ? "word.yes" : "word.no") : String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

/** Why: the slices that moved it, and what helped before. */
function Evidence({ id }: { id: number }) {
  const words = useWords();
  const { t, slice, message } = words;
  const { data: incident } = useQuery(queries.incident(id));
  if (!incident) return null;
  const { unit } = incident;
  return (
    <Card title={t("task.evidence")} extra={<Link to="/incidents/$id" params={{ id: String(id) }}>{t("task.see_incident", { id })}</Link>}>
      <ul className="effects list">
        {incident.root_causes.map((cause, index) => (
          <li key={index}>
            {t(cause.share === null ? "task.cause_plain" : "task.cause", {
              slice: slice(cause.slice),
              share: formatShare(cause.share),
              expected: formatValue(cause.expected, unit),
              actual: formatValue(cause.actual, unit),
            })}
          </li>
        ))}
        {incident.attribution && incident.root_causes.length === 0 && <li>{attributionText(incident.attribution, words)}</li>}
        {incident.similar.slice(0, 3).map((row) => (
          <li key={row.incident_id}>
            #{row.incident_id} {row.what || message(row.headline, { unit })} · {t(row.helped === null ? "similar.unknown" : row.helped ? "similar.helped" : "similar.not_helped")}
          </li>
        ))}
      </ul>
    </Card>
  );
}
