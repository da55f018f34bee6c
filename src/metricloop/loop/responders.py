"""Scripted responders: they play the people in a replay, so that the whole way round the loop is seen.

They are marked as scripted wherever a person is shown. They decide by simple rules from what a real person would see,
never from the future, and nothing of the loop itself depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from metricloop.act import use_cases as act
from metricloop.act.model import RunStatus, Task, TaskKind, TaskState
from metricloop.act.rules import definition_at
from metricloop.define.model import Kind
from metricloop.define.project import Project
from metricloop.detect import use_cases as detect
from metricloop.detect.model import Verdict
from metricloop.kernel.events import Event, Timer
from metricloop.loop.ports import LoopUnit
from metricloop.loop.routes import Route
from metricloop.loop.site import Site
from metricloop.review import use_cases as review
from metricloop.triage import use_cases as triage
from metricloop.triage.model import Incident, IncidentKind, IncidentState, Trigger
from metricloop.triage.rules import allowed
from metricloop.tune import use_cases as tune
from metricloop.tune.model import ProposalState

Write = Callable[[LoopUnit], None]

_ACKNOWLEDGE = timedelta(minutes=20)
_TASK = timedelta(minutes=45)
_APPROVE = timedelta(minutes=20)
_RESOLVE = timedelta(hours=1)
_RETRY = timedelta(hours=6)
_LABEL = timedelta(hours=1)
_REVIEW = timedelta(hours=2)
_DECIDE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Responders:
    """hold_from: incidents opened from then on are left to the visitor, the newest `leave_open` of them."""

    hold_from: datetime | None = None
    leave_open: int = 0

    def routes(self) -> Mapping[str, Sequence[Route]]:
        return {
            "incident.assigned": (self._on_assigned,),
            "incident.reopened": (self._on_assigned, _later("responder.resolve", _RETRY)),
            "task.opened": (self._on_task,),
            "incident.ended": (_later("responder.resolve", _RESOLVE),),
            "run.succeeded": (self._on_run_succeeded,),
            "incident.verified": (_later("responder.label", _LABEL), _later("responder.review", _REVIEW)),
            "proposal.made": (_later("responder.decide", _DECIDE),),
        }

    def timers(self) -> Mapping[str, Route]:
        return {
            "responder.acknowledge": _acknowledge,
            "responder.task": _do_task,
            "responder.resolve": self._resolve,
            "responder.label": _label,
            "responder.review": _review,
            "responder.decide": _decide,
        }

    def _on_assigned(self, site: Site, event: Event) -> Write:
        def write(unit: LoopUnit) -> None:
            for number in self._released(unit, int(event.subject)):
                key = f"responder.acknowledge:{number}"
                unit.events.set_timer(Timer(key, "responder.acknowledge", str(number), event.at + _ACKNOWLEDGE))
                for task in unit.tasks.find(incident=number, states=[TaskState.OPEN]):
                    _set_task_timer(unit, task, event.at)

        return write

    def _released(self, unit: LoopUnit, number: int) -> list[int]:
        """The incidents somebody scripted now cares for: this one, or the oldest held one that it pushes out."""
        incident = triage.get(unit, number)
        if not self._held(incident):
            return [number]
        held = [i.number for i in unit.incidents.live() if self._held(i) and i.state is IncidentState.OPEN]
        return held[: -self.leave_open] if self.leave_open else held

    def _held(self, incident: Incident) -> bool:
        return self.hold_from is not None and incident.opened_at >= self.hold_from

    def _on_task(self, site: Site, event: Event) -> Write:
        def write(unit: LoopUnit) -> None:
            task = unit.tasks.get(event.subject)
            if task is None or task.incident is None:
                return
            incident = triage.get(unit, task.incident)
            if not self._held(incident) or incident.state is not IncidentState.OPEN:
                _set_task_timer(unit, task, event.at)

        return write

    def _on_run_succeeded(self, site: Site, event: Event) -> Write:
        def write(unit: LoopUnit) -> None:
            run = unit.runs.get(event.subject)
            if run is not None:
                key = f"responder.resolve:{run.incident}"
                unit.events.set_timer(Timer(key, "responder.resolve", str(run.incident), event.at + _RESOLVE))

        return write

    def _resolve(self, site: Site, event: Event) -> Write:
        """Once the data is back and nothing waits for a person, somebody says it is mended."""
        number = int(event.subject)

        def write(unit: LoopUnit) -> None:
            incident = triage.get(unit, number)
            untouched = self._held(incident) and incident.state is IncidentState.OPEN
            if untouched or incident.ended_at is None or Trigger.RESOLVE not in allowed(incident.state):
                return
            if _person_is_busy(unit, number):
                key = f"responder.resolve:{number}"
                unit.events.set_timer(Timer(key, "responder.resolve", str(number), event.at + _RESOLVE))
                return
            triage.resolve(unit, number, person=_owner(site.project, incident), at=event.at)

        return write


def _later(kind: str, wait: timedelta) -> Route:
    def route(site: Site, event: Event) -> Write:
        return lambda unit: unit.events.set_timer(
            Timer(f"{kind}:{event.subject}", kind, event.subject, event.at + wait)
        )

    return route


def _set_task_timer(unit: LoopUnit, task: Task, at: datetime) -> None:
    wait = _APPROVE if task.kind is TaskKind.APPROVAL else _TASK
    unit.events.set_timer(Timer(f"responder.task:{task.id}", "responder.task", task.id, at + wait))


def _owner(project: Project, incident: Incident) -> str:
    return incident.owner or project.assignment.fallback


def _person_is_busy(unit: LoopUnit, number: int) -> bool:
    open_tasks = unit.tasks.find(incident=number, states=[TaskState.OPEN, TaskState.ESCALATED])
    working = any(r.status is RunStatus.RUNNING for r in unit.runs.of_incident(number))
    return bool(open_tasks) or working


def _acknowledge(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        incident = triage.get(unit, number)
        if Trigger.ACKNOWLEDGE in allowed(incident.state):
            triage.acknowledge(unit, number, person=_owner(site.project, incident), at=event.at)

    return write


def _do_task(site: Site, event: Event) -> Write:
    def write(unit: LoopUnit) -> None:
        task = unit.tasks.get(event.subject)
        if task is None or task.state not in (TaskState.OPEN, TaskState.ESCALATED):
            return
        if task.kind is TaskKind.APPROVAL:
            act.decide(unit, task.id, approve=True, reason="scripted", person=task.assignee, at=event.at)
        else:
            answer = _answer(unit, task)
            act.complete_task(unit, task.id, answer=answer, note="scripted", person=task.assignee, at=event.at)

    return write


def _answer(unit: LoopUnit, task: Task) -> dict[str, str]:
    """A local cause that still lasts is acted on; what has passed, or hits everybody alike, is not."""
    run = unit.runs.get(task.run) if task.run else None
    step = definition_at(run) if run else None
    if step is None or task.incident is None:
        return {}
    incident = triage.get(unit, task.incident)
    acts = bool(incident.localisable) and incident.ended_at is None
    answer: dict[str, str] = {}
    for field in step.form:
        if field.type == "choice" and field.options:
            first, last = field.options[0], field.options[-1]
            answer[field.name] = first if acts else last
        elif field.required and field.type == "text":
            answer[field.name] = "scripted"
    return answer


def _label(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        incident = triage.get(unit, number)
        if incident.kind is IncidentKind.DATA or any(x.withdrawn_at is None for x in unit.labels.of_incident(number)):
            return
        detect.add_label(
            unit,
            incident=number,
            metric=incident.metric,
            slice_=incident.slice,
            grain=incident.grain,
            start=incident.started_at,
            end=incident.last_anomalous_at,
            verdict=_verdict(site.project, incident),
            note="scripted",
            person=_owner(site.project, incident),
            at=event.at,
        )

    return write


def _verdict(project: Project, incident: Incident) -> Verdict:
    """A small, lone deviation was not worth the trouble; anything else was."""
    gate = project.monitor(incident.monitor).gates.minimum_impact
    small = len(incident.anomalies) == 1 and abs(incident.impact) < 1.6 * gate
    return Verdict.FALSE_ALARM if small else Verdict.TRUE


def _review(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        drafted = unit.reviews.get(number)
        incident = triage.get(unit, number)
        if drafted is None or drafted.published_at is not None or incident.state is not IncidentState.VERIFIED:
            return
        found = unit.attributions.get(number)
        where = str(found.causes[0].slice) if found and found.localisable else "no single slice"
        cause = f"Scripted review: the evidence points to {where}."
        review.publish(unit, number, cause=cause, lesson="", person=_owner(site.project, incident), at=event.at)

    return write


def _decide(site: Site, event: Event) -> Write:
    """A proposal that only takes away what people called false is accepted."""

    def write(unit: LoopUnit) -> None:
        proposal = unit.proposals.get(event.subject)
        if proposal is None or proposal.state is not ProposalState.OPEN:
            return
        person = site.project.metric(site.project.monitor(proposal.monitor).metric).governance.owner
        before, after = proposal.backtest.before, proposal.backtest.after
        live = site.project.version
        current = live(Kind.MONITOR, proposal.monitor) == proposal.monitor_version
        if current and after.false < before.false and after.missed <= before.missed:
            tune.accept(unit, proposal.id, reason="scripted", person=person, at=event.at)
        else:
            tune.reject(unit, proposal.id, reason="scripted", person=person, at=event.at)

    return write
