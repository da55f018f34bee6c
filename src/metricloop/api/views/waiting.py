"""At which station of the loop an incident stands, since when, until when, and what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from metricloop.act.model import Run, RunStatus, Task, TaskKind, TaskState
from metricloop.api.views.words import as_param
from metricloop.assign.model import Assignment
from metricloop.attribute.model import Attribution
from metricloop.define.project import Project
from metricloop.kernel.message import Message, Param
from metricloop.triage.model import Incident, IncidentState
from metricloop.verify.model import Outcome, Watch

ATTRIBUTE_WITHIN = timedelta(hours=1)
VERIFY_WITHIN = timedelta(days=3)
REVIEW_WITHIN = timedelta(days=5)
TUNE_WITHIN = timedelta(days=7)
COLLECT_GRACE = timedelta(hours=2)
DETECT_WITHIN = timedelta(hours=2)

ENDED = frozenset(
    {IncidentState.CLOSED, IncidentState.MERGED, IncidentState.FALSE_ALARM, IncidentState.EXPECTED}
)  # fmt: skip
_UNDER_WAY = (RunStatus.RUNNING, RunStatus.WAITING, RunStatus.PAUSED)
_OPEN = (TaskState.OPEN, TaskState.ESCALATED)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read about one incident. `runs` oldest first; `tasks` all, or the open ones where that is enough."""

    incident: Incident
    attribution: Attribution | None = None
    assignment: Assignment | None = None
    watch: Watch | None = None
    runs: Sequence[Run] = ()
    tasks: Sequence[Task] = ()

    @property
    def run(self) -> Run | None:
        """The run that is under way, else the newest."""
        under_way = [run for run in self.runs if run.status in _UNDER_WAY]
        candidates = under_way or list(self.runs)
        return candidates[-1] if candidates else None


@dataclass(frozen=True, slots=True)
class Wait:
    """One incident's place in the loop. `next`: what it waits for."""

    station: str
    since: datetime
    due_at: datetime
    next: Message
    person: str | None


def wait_of(facts: Facts, project: Project) -> Wait | None:
    """Where the incident stands; None once it has ended."""
    match facts.incident.state:
        case IncidentState.OPEN if facts.incident.verdict is None and facts.attribution is None:
            opened = facts.incident.opened_at
            return Wait("attribute", opened, opened + ATTRIBUTE_WITHIN, Message("next.attribute"), None)
        case IncidentState.OPEN:
            return _assign(facts, project)
        case IncidentState.ACKNOWLEDGED | IncidentState.IN_PROGRESS | IncidentState.REOPENED:
            return _act(facts, project)
        case IncidentState.RESOLVED:
            return _verify(facts)
        case IncidentState.VERIFIED:
            return _review(facts)
        case _:
            return None


def _assign(facts: Facts, project: Project) -> Wait:
    incident, given = facts.incident, facts.assignment
    due = given.acknowledge_due_at if given else incident.opened_at + project.assignment.acknowledge_within
    told = Message("next.acknowledge", _owed(incident.owner, due))
    return Wait("assign", incident.opened_at, due, told, incident.owner)


def _act(facts: Facts, project: Project) -> Wait:
    incident, given = facts.incident, facts.assignment
    task = present_task(facts.tasks)
    if task is not None:
        code = "next.approval" if task.kind is TaskKind.APPROVAL else "next.task"
        due = task.due_at or task.created_at + timedelta(hours=4)
        told = Message(code, {"title": as_param(task.title), **_owed(task.assignee, due)})
        return Wait("act", task.created_at, due, told, task.assignee)
    resolve_due = given.resolve_due_at if given else incident.opened_at + project.assignment.resolve_within
    since = incident.acknowledged_at or _reopened_at(facts) or incident.opened_at
    due = max(resolve_due, since + project.assignment.acknowledge_within)
    step = _present_step(facts.run)
    if step is not None:
        title, since, within = step
        due = since + within
        told = Message("next.step", {"title": title, **_owed(incident.owner, due)})
        return Wait("act", since, due, told, incident.owner)
    return Wait("act", since, due, Message("next.resolve", _owed(incident.owner, due)), incident.owner)


def _present_step(run: Run | None) -> tuple[dict[str, str], datetime, timedelta] | None:
    if run is None or run.status not in _UNDER_WAY or run.at >= len(run.steps):
        return None
    definition = run.playbook.steps[run.at]
    return as_param(definition.title), run.steps[run.at].started_at or run.started_at, definition.within


def _reopened_at(facts: Facts) -> datetime | None:
    watch = facts.watch
    return watch.decided_at if watch is not None and watch.outcome is Outcome.REOPENED else None


def _verify(facts: Facts) -> Wait:
    incident, watch = facts.incident, facts.watch
    since = incident.resolved_at or incident.last_anomalous_at
    due = watch.deadline_at if watch else since + VERIFY_WITHIN
    params: dict[str, Param] = {"deadline_at": due.isoformat()}
    if watch is not None:
        params |= {"back": watch.back, "needed": watch.needed}
    code = "next.verify_undecided" if watch is not None and watch.outcome is Outcome.CANNOT_TELL else "next.verify"
    return Wait("verify", since, due, Message(code, params), incident.owner)


def _review(facts: Facts) -> Wait:
    since = facts.incident.verified_at or facts.incident.last_anomalous_at
    due = since + REVIEW_WITHIN
    return Wait("review", since, due, Message("next.review", _owed(facts.incident.owner, due)), facts.incident.owner)


def present_task(tasks: Sequence[Task]) -> Task | None:
    """The open step of a run that is due first. Reviews and proposals stand at stations of their own."""
    steps = [t for t in tasks if t.state in _OPEN and t.kind in (TaskKind.TASK, TaskKind.APPROVAL)]
    return min(steps, key=lambda task: (task.due_at or task.created_at, task.id), default=None)


def _owed(person: str | None, due: datetime) -> dict[str, Param]:
    return {"person": person, "due_at": due.isoformat()}
