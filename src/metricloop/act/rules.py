"""How a run moves from step to step, by mode and grade. Pure: the interpreter of playbooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from typing import Any

from metricloop.access.model import Person, Role
from metricloop.act.model import Run, RunStatus, StepRun, StepState, Task, TaskKind, TaskState
from metricloop.define.playbooks import Grade, Mode, Playbook, StepDefinition, StepKind
from metricloop.kernel.errors import Conflict, InvalidInput
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message

_HUMAN = (StepKind.TASK, StepKind.APPROVAL)
LIVE = (RunStatus.RUNNING, RunStatus.WAITING, RunStatus.PAUSED)


def begin(playbook: Playbook, version: int, incident: int, mode: Mode, at: datetime) -> Run:
    """A run at its first step. The definition goes along, so that later versions do not touch it."""
    return Run(
        id=derived_id("run", incident, playbook.name),
        incident=incident,
        playbook=playbook,
        playbook_version=version,
        mode=mode,
        status=RunStatus.RUNNING,
        steps=tuple(StepRun(s.id) for s in playbook.steps),
        at=0,
        started_at=at,
    )


def playbook_for(playbooks: Mapping[str, Playbook], metric: str) -> Playbook | None:
    """The playbook that names the metric, else one that fits any; by name where several do."""
    named = sorted(p.name for p in playbooks.values() if metric in p.metrics)
    general = sorted(p.name for p in playbooks.values() if not p.metrics)
    fitting = named or general
    return playbooks[fitting[0]] if fitting else None


def definition_at(run: Run) -> StepDefinition | None:
    return run.playbook.steps[run.at] if run.at < len(run.playbook.steps) else None


def needs_person(step: StepDefinition, mode: Mode) -> bool:
    """Human steps always; critical ones in every mode; in manual mode everything but waiting for the data."""
    if step.kind in _HUMAN or step.grade is Grade.CRITICAL:
        return True
    return mode is Mode.MANUAL and step.kind is not StepKind.VERIFY


@dataclass(frozen=True, slots=True)
class Begun:
    """What entering a step means: the run now, a task for a person, or an outward effect to perform."""

    run: Run
    task: Task | None = None
    perform: bool = False


def enter(run: Run, owner: str, at: datetime) -> Begun:
    """Enter the present step of a running run. A run with no step left has succeeded."""
    step = definition_at(run)
    if step is None:
        return Begun(replace(run, status=RunStatus.SUCCEEDED, ended_at=at, why=None))
    current = run.steps[run.at]
    started = replace(current, state=StepState.RUNNING, started_at=current.started_at or at)
    if needs_person(step, run.mode) and not _approved(run, current):
        task = _task(run, step, owner, at)
        waiting = replace(started, state=StepState.WAITING, task=task.id)
        why = Message("run.waits_for_person", {"person": task.assignee, "step": step.id})
        return Begun(replace(_with(run, waiting), status=RunStatus.WAITING, why=why), task=task)
    if step.kind is StepKind.VERIFY:
        waiting = replace(started, state=StepState.WAITING)
        return Begun(replace(_with(run, waiting), status=RunStatus.WAITING, why=Message("run.waits_for_data", {})))
    return Begun(_with(run, started), perform=True)


def _approved(run: Run, step: StepRun) -> bool:
    return step.actor is not None and step.state is StepState.RUNNING


def _task(run: Run, step: StepDefinition, owner: str, at: datetime) -> Task:
    approval = step.kind is StepKind.APPROVAL or step.grade is Grade.CRITICAL
    return Task(
        id=derived_id("task", run.id, step.id, run.steps[run.at].attempts),
        kind=TaskKind.APPROVAL if approval else TaskKind.TASK,
        title=step.title,
        assignee=owner if step.to == "owner" else step.to,
        created_at=at,
        due_at=at + step.within,
        state=TaskState.OPEN,
        incident=run.incident,
        run=run.id,
        step=step.id,
    )


def _with(run: Run, step: StepRun) -> Run:
    return replace(run, steps=(*run.steps[: run.at], step, *run.steps[run.at + 1 :]))


def waits_for_data(run: Run) -> bool:
    """It stands at a verify step, and not for want of somebody's yes."""
    step = definition_at(run)
    if step is None or step.kind is not StepKind.VERIFY:
        return False
    here = run.steps[run.at]
    return here.state is StepState.WAITING and (here.task is None or here.actor is not None)


def effect_key(run: Run) -> str:
    """The idempotency key of the present step's outward effect: a new one for each attempt."""
    step = run.steps[run.at]
    return derived_id("effect", run.id, step.id, step.attempts)


def finish_step(run: Run, output: Message | None, actor: str | None, at: datetime) -> Run:
    """The present step is done; the run goes on to the next one."""
    done = replace(run.steps[run.at], state=StepState.DONE, ended_at=at, output=output, actor=actor)
    return replace(_with(run, done), at=run.at + 1, status=RunStatus.RUNNING, why=None)


def skip_rest(run: Run, reason: Message, at: datetime) -> Run:
    """Nothing more to do here: the steps that were not begun are skipped and the run has succeeded."""
    steps = tuple(
        replace(s, state=StepState.SKIPPED, ended_at=at) if s.state is StepState.PENDING else s for s in run.steps
    )
    return replace(run, steps=steps, at=len(steps), status=RunStatus.SUCCEEDED, ended_at=at, why=reason)


def approve_step(run: Run, actor: str) -> Run:
    """A critical step may now run, under the name of who said yes."""
    allowed = replace(run.steps[run.at], state=StepState.RUNNING, actor=actor)
    return replace(_with(run, allowed), status=RunStatus.RUNNING, why=None)


def reject_step(run: Run, actor: str, reason: str, at: datetime) -> Run:
    """A no is an answer, not a failure: the step is cancelled, the run waits for a person's next move."""
    output = Message("step.rejected", {"reason": reason})
    cancelled = replace(run.steps[run.at], state=StepState.CANCELLED, ended_at=at, actor=actor, output=output)
    return replace(_with(run, cancelled), status=RunStatus.PAUSED, why=Message("run.rejected", {"person": actor}))


def fail_step(run: Run, problem: str, at: datetime) -> Run:
    """A failed step pauses the run; a person retries, skips or aborts."""
    failed = replace(
        run.steps[run.at],
        state=StepState.FAILED,
        ended_at=at,
        output=Message("step.failed", {"problem": problem[:300]}),
    )
    return replace(
        _with(run, failed), status=RunStatus.PAUSED, why=Message("run.step_failed", {"problem": problem[:300]})
    )


def controlled(run: Run, action: str, mode: Mode | None, at: datetime) -> Run:
    """A person's hand on the wheel: pause, resume, skip, retry, abort, mode. Raises Conflict or InvalidInput."""
    if run.status not in LIVE:
        raise Conflict(f"the run is {run.status.value}", fix="nothing more can be changed in it")
    if action == "mode":
        if mode is None:
            raise InvalidInput("which mode?", fix="give manual, assisted or automatic")
        return replace(run, mode=mode)
    if action == "pause":
        if run.status is RunStatus.PAUSED:
            raise Conflict("the run is paused already", fix="resume it")
        return replace(run, status=RunStatus.PAUSED, why=Message("run.paused_by_person", {}))
    if action == "abort":
        return replace(_closed_steps(run, at), status=RunStatus.CANCELLED, ended_at=at, why=Message("run.aborted", {}))
    if action == "skip":
        if run.at >= len(run.steps):
            raise Conflict("no step is left to skip", fix="resume it, and it ends")
        skipped = replace(run.steps[run.at], state=StepState.SKIPPED, ended_at=at)
        return replace(_with(run, skipped), at=run.at + 1, status=RunStatus.RUNNING, why=None)
    if action in ("resume", "retry"):
        return _tried_again(run, action)
    raise InvalidInput(f"unknown control {action!r}", fix="use pause, resume, skip, retry, abort or mode")


def _tried_again(run: Run, action: str) -> Run:
    if run.status is not RunStatus.PAUSED:
        raise Conflict("the run is not paused", fix="reload it")
    current = run.steps[run.at] if run.at < len(run.steps) else None
    # Nothing went wrong here: a new attempt would do an outward effect twice, or ask twice for the same yes.
    if current is None or current.state in (StepState.PENDING, StepState.RUNNING):
        return replace(run, status=RunStatus.RUNNING, why=None)
    if action == "resume" and current.state is StepState.WAITING:
        return replace(run, status=RunStatus.WAITING, why=None)
    again = StepRun(current.id, attempts=current.attempts + 1)
    return replace(_with(run, again), status=RunStatus.RUNNING, why=None)


def held(before: Run, after: Run) -> Run:
    """A paused run takes in what comes, an answer or an outcome, but stands still until somebody resumes it."""
    if before.status is RunStatus.PAUSED and after.status is RunStatus.RUNNING:
        return replace(after, status=RunStatus.PAUSED, why=before.why)
    return after


def _closed_steps(run: Run, at: datetime) -> Run:
    over = (StepState.DONE, StepState.SKIPPED)
    steps = tuple(s if s.state in over else replace(s, state=StepState.CANCELLED, ended_at=at) for s in run.steps)
    return replace(run, steps=steps)


_STAND_IN = {Role.OWNER, Role.STEWARD, Role.ADMINISTRATOR}


def may_decide(approval: Task, person: Person | None) -> bool:
    """The named approver may; so may an owner, steward or administrator, who stands in and is recorded as such."""
    return person is not None and (person.id == approval.assignee or bool(_STAND_IN.intersection(person.roles)))


def checked_answer(step: StepDefinition, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with exactly the form's fields. Raises InvalidInput naming the first field that does not fit."""
    known = {f.name: f for f in step.form}
    for name in answer:
        if name not in known:
            raise InvalidInput(f"the form has no field {name!r}", fix=f"fields: {', '.join(known) or 'none'}")
    out: dict[str, Any] = {}
    for name, field in known.items():
        value = answer.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required:
                raise InvalidInput(f"{name} is needed", fix="fill it in")
            continue
        out[name] = _typed(name, field.type, field.options, value)
    return out


def _typed(name: str, type_: str, options: tuple[str, ...], value: Any) -> Any:
    if type_ == "choice" and value not in options:
        raise InvalidInput(f"{name}: {value!r} is no choice", fix=f"one of {', '.join(options)}")
    if type_ == "number" and not _is_number(value):
        raise InvalidInput(f"{name} wants a number", fix="write digits")
    if type_ == "boolean" and not isinstance(value, bool):
        raise InvalidInput(f"{name} wants yes or no", fix="choose one")
    if type_ == "text":
        return str(value)[:2000]
    return value


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def stops(step: StepDefinition, answer: Mapping[str, Any]) -> bool:
    """The person saw nothing to do. A yes or no is compared as YAML writes it, "true" or "false"."""
    if step.stop_on is None:
        return False
    given = answer.get(step.stop_on[0])
    return (str(given).lower() if isinstance(given, bool) else str(given)) == step.stop_on[1]
