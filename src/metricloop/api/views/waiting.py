"""At which station of the loop an incident stands, since when, until when, and what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from metricloop.act.model import Run, RunStatus, StepState, Task, TaskKind, TaskState
from metricloop.api.views.words import as_param
from metricloop.assign.model import Assignment
from metricloop.attribute.model import Attribution
from metricloop.define.project import Project
from metricloop.kernel.message import Message, Param
from metricloop.triage.model import Incident, IncidentKind, IncidentState
from metricloop.verify.model import Outcome, Watch

ATTRIBUTE_WITHIN = timedelta(hours=1)
TASK_WITHIN = timedelta(hours=4)
VERIFY_WITHIN = timedelta(days=3)
REVIEW_WITHIN = timedelta(days=5)
TUNE_WITHIN = timedelta(days=7)
COLLECT_GRACE = timedelta(hours=2)
FAILED_WITHIN = timedelta(minutes=15)  # a source that fails is asked every five minutes; three times is no accident
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
    """One incident's place in the loop. `next`: what it waits for; `stuck`: what to say once `due_at` is over."""

    station: str
    since: datetime
    due_at: datetime
    next: Message
    stuck: Message
    person: str | None


def wait_of(facts: Facts, project: Project, now: datetime) -> Wait | None:
    """Where the incident stands; None once it has ended."""
    match facts.incident.state:
        case IncidentState.OPEN if _unexplained(facts):
            opened = facts.incident.opened_at
            said = Message("next.attribute"), Message("stuck.not_attributed")
            return Wait("attribute", opened, opened + ATTRIBUTE_WITHIN, *said, None)
        case IncidentState.OPEN:
            return _assign(facts, project, now)
        case IncidentState.ACKNOWLEDGED | IncidentState.IN_PROGRESS | IncidentState.REOPENED:
            return _act(facts, project)
        case IncidentState.RESOLVED:
            return _verify(facts)
        case IncidentState.VERIFIED:
            return _review(facts)
        case _:
            return None


def _unexplained(facts: Facts) -> bool:
    """Nobody has said yet which slices moved it; an incident about data has nothing of the kind."""
    incident = facts.incident
    return incident.kind is IncidentKind.BUSINESS and incident.verdict is None and facts.attribution is None


def _assign(facts: Facts, project: Project, now: datetime) -> Wait:
    incident, given = facts.incident, facts.assignment
    opened = incident.opened_at
    due = given.acknowledge_due_at if given else opened + project.assignment.acknowledge_within
    if incident.owner is None:
        return Wait("assign", opened, due, Message("next.assign"), Message("stuck.not_assigned"), None)
    rings = [opened + step.wait for step in project.assignment.escalation] or [due]
    ring = min((at for at in rings if at > now), default=max(rings))
    told = Message("next.acknowledge", _owed(incident.owner, due))
    stuck = Message("stuck.not_acknowledged", {"person": incident.owner, "escalates_at": ring.isoformat()})
    return Wait("assign", opened, due, told, stuck, incident.owner)


def _act(facts: Facts, project: Project) -> Wait:
    task, run = present_task(facts.tasks), facts.run
    if task is not None:
        return _owes(task)
    if run is not None and run.status in _UNDER_WAY and run.at < len(run.steps):
        return _runs(run, facts.incident.owner)
    incident, given = facts.incident, facts.assignment
    since = incident.acknowledged_at or _reopened_at(facts) or incident.opened_at
    within = project.assignment.resolve_within
    due = since + within if incident.reopened else given.resolve_due_at if given else incident.opened_at + within
    told = Message("next.resolve", _owed(incident.owner, due))
    return Wait("act", since, due, told, Message("stuck.not_resolved"), incident.owner)


def _owes(task: Task) -> Wait:
    """It waits for one person's step."""
    word = "approval" if task.kind is TaskKind.APPROVAL else "task"
    due = task.due_at or task.created_at + TASK_WITHIN
    params = {"title": as_param(task.title), **_owed(task.assignee, due)}
    said = Message(f"next.{word}", params), Message(f"stuck.{word}_waiting", params)
    return Wait("act", task.created_at, due, *said, task.assignee)


def _runs(run: Run, owner: str | None) -> Wait:
    """It waits for a step that is no person's, or for one that has failed."""
    definition, step = run.playbook.steps[run.at], run.steps[run.at]
    since = step.started_at or run.started_at
    params: dict[str, Param] = {"title": as_param(definition.title), "person": owner}
    failed = step.state is StepState.FAILED
    said = Message("next.run_failed" if failed else "next.run", params)
    stuck = Message("stuck.step_failed", params) if failed else Message("stuck.not_resolved", params)
    return Wait("act", since, since + (timedelta() if failed else definition.within), said, stuck, owner)


def _reopened_at(facts: Facts) -> datetime | None:
    watch = facts.watch
    return watch.decided_at if watch is not None and watch.outcome is Outcome.REOPENED else None


def _verify(facts: Facts) -> Wait:
    incident, watch = facts.incident, facts.watch
    since = incident.resolved_at or incident.last_anomalous_at
    due = watch.deadline_at if watch else since + VERIFY_WITHIN
    stuck = Message("stuck.not_verified")
    if watch is None:
        return Wait("verify", since, due, Message("next.data"), stuck, incident.owner)
    if watch.outcome is Outcome.CANNOT_TELL:
        return Wait("verify", since, due, Message("next.close", _owed(incident.owner, due)), stuck, incident.owner)
    counts: dict[str, Param] = {"buckets_back": watch.back, "buckets_needed": watch.needed}
    told = Message("next.verify", {**counts, "deadline_at": due.isoformat()})
    return Wait("verify", since, due, told, stuck, incident.owner)


def _review(facts: Facts) -> Wait:
    incident = facts.incident
    since = incident.verified_at or incident.last_anomalous_at
    due = since + REVIEW_WITHIN
    told = Message("next.review", _owed(incident.owner, due))
    return Wait("review", since, due, told, Message("stuck.review_missing"), incident.owner)


def present_task(tasks: Sequence[Task]) -> Task | None:
    """The open step of a run that is due first. Reviews and proposals stand at stations of their own."""
    steps = [t for t in tasks if t.state in _OPEN and t.kind in (TaskKind.TASK, TaskKind.APPROVAL)]
    return min(steps, key=lambda task: (task.due_at or task.created_at, task.id), default=None)


def _owed(person: str | None, due: datetime) -> dict[str, Param]:
    return {"person": person, "due_at": due.isoformat()}
