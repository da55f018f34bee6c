"""Begin runs, move them on, take people's answers, perform effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from metricloop.act.model import Effect, Run, RunStatus, StepState, Task, TaskKind, TaskState
from metricloop.act.ports import ActUnit
from metricloop.act.rules import (
    LIVE,
    approve_step,
    begin,
    checked_answer,
    controlled,
    definition_at,
    effect_key,
    enter,
    fail_step,
    finish_step,
    held,
    may_decide,
    playbook_for,
    reject_step,
    skip_rest,
    stops,
    waits_for_data,
)
from metricloop.define.model import Kind
from metricloop.define.playbooks import Mode, StepDefinition, StepKind
from metricloop.define.project import Project
from metricloop.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from metricloop.kernel.events import Event, Timer
from metricloop.kernel.message import Message, Param
from metricloop.triage.model import IncidentKind, IncidentState
from metricloop.triage.rules import ENDED, line

PERFORM = "effect.perform"
_OPEN_TASK = (TaskState.OPEN, TaskState.ESCALATED)


def begin_run(unit: ActUnit, project: Project, number: int, *, at: datetime) -> None:
    """Start the playbook that fits an incident, once. Tells run.moved."""
    incident = unit.incidents.get(number)
    if incident is None or incident.kind is not IncidentKind.BUSINESS:
        return  # playbooks are about metrics
    if incident.state in ENDED or unit.runs.of_incident(number):
        return
    playbook = playbook_for(project.playbooks, incident.metric)
    if playbook is None:
        return
    site = unit.site.mode()
    mode = Mode.MANUAL if site is Mode.MANUAL else playbook.mode
    run = begin(playbook, project.version(Kind.PLAYBOOK, playbook.name), number, mode, at)
    unit.runs.add(run)
    told = Message("timeline.run_started", {"playbook": playbook.name, "mode": mode.value})
    unit.incidents.note(line(number, at, "act", None, told, run.id))
    _moved(unit, run, at)


def advance(unit: ActUnit, run_id: str, *, at: datetime) -> None:
    """Take a running run into its present step: make the task, or do what is to be done. A step is begun once."""
    run = unit.runs.get(run_id)
    if run is None or run.status is not RunStatus.RUNNING or _under_way(unit, run):
        return
    incident = unit.incidents.get(run.incident)
    owner = incident.owner if incident and incident.owner else ""
    begun = enter(run, owner, at)
    saved = unit.runs.save(begun.run)
    if begun.task is not None:
        _hand_out(unit, begun.task, at)
    elif begun.perform:
        _perform(unit, saved, at)
    elif saved.status is RunStatus.SUCCEEDED:
        _finished(unit, saved, at)
    elif incident is not None and incident.state is IncidentState.VERIFIED:
        recovered(unit, incident.number, at=at)  # the data had spoken before the run came to ask it


def _under_way(unit: ActUnit, run: Run) -> bool:
    """Its step has written an effect that is not done: that, and nothing else, moves the run on."""
    step = definition_at(run)
    if step is None or step.action is None or run.steps[run.at].state is not StepState.RUNNING:
        return False
    effect = unit.runs.effect(effect_key(run))
    return effect is not None and effect.done_at is None


def _hand_out(unit: ActUnit, task: Task, at: datetime) -> None:
    unit.tasks.add(task)
    if task.due_at is not None:
        unit.events.set_timer(Timer(f"task.due:{task.id}", "task.due", task.id, task.due_at))
    unit.events.tell(Event(f"task.opened:{task.id}", "task.opened", task.id, at))


def _perform(unit: ActUnit, run: Run, at: datetime) -> None:
    step = definition_at(run)
    if step is None:
        return
    if step.action is not None:
        effect = _effect(run, step, at)
        unit.runs.put_effect(effect)
        unit.events.set_timer(Timer(f"{PERFORM}:{effect.key}", PERFORM, effect.key, at))
        return
    if step.kind is StepKind.NOTIFY:
        data: dict[str, Param] = {"person": step.to, "step": step.id, "text": step.title.both()}
        unit.events.tell(Event(f"step.notify:{run.id}:{step.id}", "step.notify", run.id, at, data))
    _step_done(unit, run, _facts(unit, run) if step.kind is StepKind.CHECK else None, None, at)


def _facts(unit: ActUnit, run: Run) -> Message:
    """What a routine check finds: how far the incident reaches, from the record."""
    incident = unit.incidents.get(run.incident)
    count = len(incident.anomalies) if incident else 0
    verdict = incident.verdict if incident else None
    return Message("step.checked", {"anomalies": count, "verdict": verdict})


def _effect(run: Run, step: StepDefinition, at: datetime) -> Effect:
    request = {
        "incident": run.incident,
        "playbook": run.playbook.name,
        "step": step.id,
        "effect": step.effect.best("en"),
        "approved_by": run.steps[run.at].actor,
        **{k: v for k, v in step.options.items() if k != "channel"},
    }
    return Effect(effect_key(run), run.id, step.id, step.action or "", request, at)


def keep_effect(unit: ActUnit, key: str, outcome: str | None, problem: str | None, *, at: datetime) -> None:
    """Write down what an outward action came to, and move its run on (or pause it, when it failed)."""
    effect = unit.runs.effect(key)
    if effect is None or effect.done_at is not None:
        return
    tried = replace(effect, attempts=effect.attempts + 1)
    run = unit.runs.get(effect.run)
    step = definition_at(run) if run else None
    here = run is not None and run.status in LIVE and step is not None and effect_key(run) == key
    if problem is not None:
        unit.runs.put_effect(replace(tried, done_at=at, outcome=f"failed: {problem[:200]}"))
        if run is not None and here:
            _paused(unit, unit.runs.save(fail_step(run, problem, at)), at)
        return
    unit.runs.put_effect(replace(tried, done_at=at, outcome=outcome))
    told = Message("timeline.effect_done", {"step": effect.step, "outcome": outcome or ""})
    unit.incidents.note(line(run.incident if run else 0, at, "act", None, told, key))
    if run is not None and here:
        _step_done(unit, run, Message("step.effect", {"outcome": outcome or ""}), run.steps[run.at].actor, at)


def _paused(unit: ActUnit, run: Run, at: datetime) -> None:
    why = run.why or Message("run.paused_by_person", {})
    unit.incidents.note(
        line(run.incident, at, "act", None, Message("timeline.run_paused", dict(why.params)), str(run.epoch))
    )
    unit.events.tell(Event(f"run.paused:{run.id}:{run.epoch}", "run.paused", run.id, at))


def _step_done(unit: ActUnit, run: Run, output: Message | None, actor: str | None, at: datetime) -> None:
    step = run.steps[run.at].id
    saved = unit.runs.save(held(run, finish_step(run, output, actor, at)))
    unit.incidents.note(line(run.incident, at, "act", actor, Message("timeline.step_done", {"step": step}), step))
    _moved(unit, saved, at)


def _moved(unit: ActUnit, run: Run, at: datetime) -> None:
    unit.events.tell(Event(f"run.moved:{run.id}:{run.epoch}", "run.moved", run.id, at))


def _finished(unit: ActUnit, run: Run, at: datetime) -> None:
    unit.incidents.note(line(run.incident, at, "act", None, Message("timeline.run_succeeded", {}), run.id))
    unit.events.tell(Event(f"run.succeeded:{run.id}", "run.succeeded", run.id, at, {"mode": run.mode.value}))


def task_due(unit: ActUnit, project: Project, task_id: str, *, at: datetime) -> None:
    """The wait is over. An approval goes up to the next person and stays open; a time-out never approves."""
    task = unit.tasks.get(task_id)
    if task is None or task.state is not TaskState.OPEN:
        return
    if task.kind is TaskKind.APPROVAL:
        steps = project.assignment.escalation
        to = steps[-1].person if steps else project.assignment.fallback
        unit.tasks.save(replace(task, state=TaskState.ESCALATED, assignee=to))
    if task.incident is not None:
        told = Message("timeline.task_overdue", {"title": task.title.both(), "person": task.assignee})
        unit.incidents.note(line(task.incident, at, "act", None, told, task.id))
    unit.events.tell(Event(f"task.overdue:{task.id}", "task.overdue", task.id, at))


def complete_task(
    unit: ActUnit, task_id: str, *, answer: Mapping[str, Any], note: str, person: str, at: datetime
) -> Task:
    """A person did it. Moves the run on, or ends it where the answer says there is nothing to do."""
    task = _open_task(unit, task_id)
    if task.kind is TaskKind.APPROVAL:
        raise InvalidInput("this is an approval", fix="approve or reject it")
    run = unit.runs.get(task.run) if task.run else None
    step = definition_at(run) if run else None
    checked = checked_answer(step, answer) if step is not None and step.id == task.step else dict(answer)
    done = _close_task(unit, replace(task, state=TaskState.DONE, answer=checked, note=note), person, at)
    if run is None or step is None or not _asked_by(run, task):
        return done
    if task.incident is not None:
        params: dict[str, Param] = {"step": step.id, "note": note, **{k: str(v) for k, v in checked.items()}}
        unit.incidents.note(line(task.incident, at, "act", person, Message("timeline.task_done", params), task.id))
    if stops(step, checked):
        finished = finish_step(run, None, person, at)
        saved = unit.runs.save(skip_rest(finished, Message("run.nothing_to_do", {}), at))
        _finished(unit, saved, at)
    else:
        _step_done(unit, run, Message("step.answered", {k: str(v) for k, v in checked.items()}), person, at)
    return done


def decide(unit: ActUnit, task_id: str, *, approve: bool, reason: str, person: str, at: datetime) -> Task:
    """A recorded yes or no. A no wants a reason. The step then runs under the approver's name.

    Raises NotPermitted for anybody but the named approver and those who may stand in for one (`rules.may_decide`).
    """
    task = _open_task(unit, task_id)
    if task.kind is not TaskKind.APPROVAL or task.run is None:
        raise InvalidInput("this is not an approval", fix="complete the task instead")
    if not may_decide(task, unit.people.get(person)):
        raise NotPermitted(f"the decision is {task.assignee}'s", fix=f"ask {task.assignee}, or an owner or steward")
    if not approve and not reason.strip():
        raise InvalidInput("a rejection needs a reason", fix="write one sentence that says why")
    state = TaskState.APPROVED if approve else TaskState.REJECTED
    done = _close_task(unit, replace(task, state=state, note=reason), person, at)
    run = unit.runs.get(task.run)
    if run is None or not _asked_by(run, task):
        return done
    code = "timeline.approved" if approve else "timeline.rejected"
    told = Message(code, {"step": task.step, "reason": reason})
    unit.incidents.note(line(run.incident, at, "act", person, told, task.id))
    if not approve:
        _paused(unit, unit.runs.save(reject_step(run, person, reason, at)), at)
        return done
    step = definition_at(run)
    if step is not None and step.kind is StepKind.APPROVAL and step.action is None:
        _step_done(unit, run, Message("step.approved", {}), person, at)
    else:
        _moved(unit, unit.runs.save(held(run, approve_step(run, person))), at)
    return done


def _asked_by(run: Run, task: Task) -> bool:
    """The run still stands at the step that asked; a paused one takes the answer, too."""
    return run.status in LIVE and run.at < len(run.steps) and run.steps[run.at].task == task.id


def _open_task(unit: ActUnit, task_id: str) -> Task:
    task = unit.tasks.get(task_id)
    if task is None:
        raise NotFound(f"there is no task {task_id}", fix="look at the list of tasks")
    if task.state not in _OPEN_TASK:
        raise Conflict(f"this task is {task.state.value} already", fix="reload it")
    return task


def _close_task(unit: ActUnit, task: Task, person: str, at: datetime) -> Task:
    done = unit.tasks.save(replace(task, done_by=person, done_at=at))
    unit.events.cancel_timer(f"task.due:{task.id}")
    unit.audit.record(
        at=at, actor=person, action=f"task.{task.state.value}", subject_kind="task", subject_id=task.id,
        before=TaskState.OPEN.value, after=task.state.value,
    )  # fmt: skip
    unit.events.tell(Event(f"task.closed:{task.id}", "task.closed", task.id, at, {"state": task.state.value}))
    return done


def control(
    unit: ActUnit, run_id: str, *, action: str, mode: Mode | None, reason: str, person: str, at: datetime
) -> Run:
    """A person's hand on the wheel; recorded, and in force at the next step boundary."""
    run = unit.runs.get(run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}", fix="look at the board of runs")
    after = unit.runs.save(controlled(run, action, mode, at))
    if action in ("abort", "skip", "retry"):
        _withdraw_tasks(unit, run, person, at)
    what = mode.value if action == "mode" and mode else action
    unit.audit.record(
        at=at, actor=person, action=f"run.{action}", subject_kind="run", subject_id=run_id,
        before=f"{run.mode.value}, {run.status.value}", after=f"{after.mode.value}, {after.status.value}",
    )  # fmt: skip
    told = Message("timeline.run_control", {"action": what, "reason": reason})
    unit.incidents.note(line(run.incident, at, "act", person, told, str(after.epoch)))
    _moved(unit, after, at)
    return after


def _withdraw_tasks(unit: ActUnit, run: Run, person: str, at: datetime) -> None:
    for task in unit.tasks.find(incident=run.incident, states=_OPEN_TASK):
        if task.run == run.id:
            _close_task(unit, replace(task, state=TaskState.CANCELLED), person, at)


def set_site_mode(unit: ActUnit, mode: Mode, *, reason: str, person: str, at: datetime) -> None:
    """One switch for the whole site: manual now, or back. Running runs follow at their next step."""
    before = unit.site.mode()
    unit.site.set_mode(mode)
    for run in unit.runs.find(statuses=LIVE, limit=10_000):
        wanted = Mode.MANUAL if mode is Mode.MANUAL else run.playbook.mode
        if run.mode is not wanted:
            unit.runs.save(replace(run, mode=wanted))
    unit.audit.record(
        at=at, actor=person, action="site.mode", subject_kind="site", subject_id="mode",
        before=before.value if before else None, after=f"{mode.value}: {reason}",
    )  # fmt: skip
    key = f"site.mode:{mode.value}:{at.isoformat()}"
    unit.events.tell(Event(key, "site.mode_changed", mode.value, at))


def recovered(unit: ActUnit, number: int, *, at: datetime) -> None:
    """The data says it is back: a run that waits for just that goes on."""
    for run in unit.runs.of_incident(number):
        if run.status in LIVE and waits_for_data(run):
            _step_done(unit, run, Message("step.recovered", {}), None, at)


def put_away(unit: ActUnit, number: int, *, at: datetime) -> None:
    """The incident has ended otherwise (healed by itself, false alarm, planned): open runs and tasks are cancelled."""
    for run in unit.runs.of_incident(number):
        if run.status in LIVE:
            saved = unit.runs.save(controlled(run, "abort", None, at))
            _withdraw_tasks(unit, saved, "system", at)
            unit.events.tell(Event(f"run.cancelled:{run.id}", "run.cancelled", run.id, at))
