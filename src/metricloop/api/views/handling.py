"""Tasks, approvals and runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from metricloop.act.model import Run, StepRun, Task, TaskState
from metricloop.api.schemas import incidents as shapes
from metricloop.api.schemas import shared
from metricloop.api.schemas.shared import LocalText
from metricloop.api.views.words import Viewpoint, as_param, local, seconds
from metricloop.define.playbooks import Field, Playbook, StepDefinition
from metricloop.kernel.message import Message
from metricloop.triage.model import Incident

_OPEN = (TaskState.OPEN, TaskState.ESCALATED)


def task_row(task: Task, incidents: Mapping[int, Incident], view: Viewpoint) -> shapes.TaskRow:
    """One line of a list of tasks. `incidents`: those the tasks belong to, by number."""
    incident = incidents.get(task.incident) if task.incident is not None else None
    return shapes.TaskRow(
        id=task.id,
        kind=task.kind.value,
        title=local(task.title),
        incident_id=task.incident,
        incident_headline=view.message(incident.headline) if incident else None,
        run_id=task.run,
        proposal_id=task.proposal,
        assignee=view.person(task.assignee),
        created_at=task.created_at,
        due_at=task.due_at,
        state=task.state.value,
        overdue=task.state in _OPEN and task.due_at is not None and view.now > task.due_at,
    )


def task_page(task: Task, run: Run | None, incidents: Mapping[int, Incident], view: Viewpoint) -> shapes.TaskPage:
    """A task with the words of its step. One without a run (review, proposal) has no form and no effect."""
    step = _step_of(task, run)
    nothing = LocalText()
    return shapes.TaskPage(
        **dict(task_row(task, incidents, view)),
        help=local(step.help) if step else nothing,
        effect=local(step.effect) if step else nothing,
        undo=local(step.undo) if step else nothing,
        form=[_field(field) for field in step.form] if step else [],
        answer={name: value for name, value in task.answer.items() if isinstance(value, str | int | float | bool)},
        done_by=view.actor(task.done_by) if task.done_at else None,
        done_at=task.done_at,
    )


def _step_of(task: Task, run: Run | None) -> StepDefinition | None:
    if run is None:
        return None
    return next((step for step in run.playbook.steps if step.id == task.step), None)


def _field(field: Field) -> shapes.FormField:
    return shapes.FormField.model_validate(
        {
            "name": field.name,
            "label": local(field.label),
            "type": field.type,
            "required": field.required,
            "options": list(field.options),
        }
    )


def in_words(said: Message, playbook: Playbook | None, view: Viewpoint) -> shared.Message:
    """The message with the playbook's and the step's own words for their ids: `playbook` is replaced, `title` added."""
    params = dict(said.params)
    if playbook is not None:
        step = next((each for each in playbook.steps if each.id == params.get("step")), None)
        if step is not None:
            params.setdefault("title", as_param(step.title))
        if params.get("playbook") == playbook.name and (playbook.label.zh or playbook.label.en):
            params["playbook"] = as_param(playbook.label)
    return view.message(replace(said, params=params))


def run_row(run: Run, view: Viewpoint) -> shapes.RunRow:
    """A run with all its steps, in the words of the playbook version it runs."""
    return shapes.RunRow(
        id=run.id,
        incident_id=run.incident,
        playbook=run.playbook.name,
        playbook_label=local(run.playbook.label),
        playbook_version=run.playbook_version,
        mode=run.mode.value,
        status=run.status.value,
        step=run.steps[run.at].id if run.at < len(run.steps) and run.ended_at is None else None,
        started_at=run.started_at,
        age_s=seconds((run.ended_at or view.now) - run.started_at),
        target_s=seconds(run.playbook.target),
        why=in_words(run.why, run.playbook, view) if run.why else None,
        steps=[_step(s, d, run.playbook, view) for s, d in zip(run.steps, run.playbook.steps, strict=False)],
    )


def _step(step: StepRun, definition: StepDefinition, playbook: Playbook, view: Viewpoint) -> shapes.StepRow:
    return shapes.StepRow(
        id=step.id,
        title=local(definition.title),
        kind=definition.kind.value,
        grade=definition.grade.value,
        state=step.state.value,
        started_at=step.started_at,
        ended_at=step.ended_at,
        actor=view.actor(step.actor) if step.ended_at or step.actor else None,
        output=in_words(step.output, playbook, view) if step.output else None,
        task_id=step.task,
    )
