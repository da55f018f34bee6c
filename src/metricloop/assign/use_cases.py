"""Give an incident its owner, hand it over, and escalate when nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from metricloop.assign.model import Assignment
from metricloop.assign.ports import AssignUnit
from metricloop.assign.rules import Choice, choose, choose_for_data
from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.kernel.events import Event, Timer
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice
from metricloop.triage.model import Incident, IncidentKind, IncidentState
from metricloop.triage.rules import ENDED, line


def assign_incident(unit: AssignUnit, project: Project, number: int, causes: Sequence[Slice], *, at: datetime) -> None:
    """Find the owner by cause and slice. Once attribution knows better, an incident that nobody has touched moves on.

    Sets the clock for acknowledging (frozen at the first assignment). Tells incident.assigned.
    """
    incident = _get(unit, number)
    if incident.state in ENDED:
        return  # merged or judged away meanwhile
    choice = _choice(project, incident, causes)
    before = unit.assignments.latest(number)
    if before is not None and (before.person == choice.person or incident.state is not IncidentState.OPEN):
        return
    if before is not None and before.by is not None:
        return
    first = before or Assignment(
        id="",
        incident=number,
        person=choice.person,
        at=at,
        by=None,
        reason=choice.reason,
        acknowledge_due_at=at + project.assignment.acknowledge_within,
        resolve_due_at=at + project.assignment.resolve_within,
    )
    _give(unit, incident, first, choice.person, choice.reason, by=None, at=at)
    if before is None:
        for level, step in enumerate(project.assignment.escalation, start=1):
            key = f"escalate:{number}:{level}"
            unit.events.set_timer(
                Timer(key, "incident.escalate", str(number), at + step.wait, {"person": step.person, "level": level})
            )


def _choice(project: Project, incident: Incident, causes: Sequence[Slice]) -> Choice:
    if incident.kind is IncidentKind.BUSINESS:
        return choose(project.assignment, incident.metric, causes, incident.slice)
    dataset = project.datasets.get(incident.dataset or "")
    return choose_for_data(project.assignment, dataset.owner if dataset else None)


def take(unit: AssignUnit, number: int, *, person: str, at: datetime) -> Incident:
    """The caller owns it from now on. Neither acknowledges nor resets a clock."""
    return reassign(unit, number, to=person, person=person, at=at)


def reassign(unit: AssignUnit, number: int, *, to: str, person: str, at: datetime, note: str = "") -> Incident:
    """Hand it to somebody else. Neither acknowledges nor resets a clock."""
    incident = _get(unit, number)
    if unit.people.get(to) is None:
        raise NotFound(f"there is no person {to!r}", fix="choose somebody from the list of people")
    if incident.owner == to:
        raise InvalidInput(f"{to} owns incident {number} already", fix="nothing to do")
    before = unit.assignments.latest(number)
    if before is None:
        raise InvalidInput(f"incident {number} has not been assigned yet", fix="wait a moment and reload")
    code = "assignment.taken" if to == person else "assignment.handed_over"
    reason = Message(code, {"by": person, "note": note})
    _give(unit, incident, before, to, reason, by=person, at=at)
    unit.audit.record(
        at=at, actor=person, action="incident.assign", subject_kind="incident", subject_id=str(number),
        before=before.person, after=to,
    )  # fmt: skip
    return _get(unit, number)


def escalate(unit: AssignUnit, number: int, person: str, level: int, *, at: datetime) -> None:
    """The wait is over: if nobody has acknowledged, tell the next person too. The owner stays."""
    incident = _get(unit, number)
    if incident.state not in (IncidentState.OPEN, IncidentState.REOPENED):
        return
    told = Message("timeline.escalated", {"person": person, "level": level})
    unit.incidents.note(line(number, at, "assign", None, told, str(level)))
    unit.events.tell(
        Event(f"incident.escalated:{number}:{level}", "incident.escalated", str(number), at, {"person": person})
    )


def _give(
    unit: AssignUnit, incident: Incident, clocks: Assignment, to: str, reason: Message, *, by: str | None, at: datetime
) -> None:
    count = len(unit.assignments.of(incident.number))
    made = replace(
        clocks, id=derived_id("assignment", incident.number, count, to), person=to, at=at, by=by, reason=reason
    )
    unit.assignments.add(made)
    unit.incidents.save(replace(incident, owner=to))
    told = Message("timeline.assigned", {"person": to, "reason": reason.code, **reason.params})
    unit.incidents.note(line(incident.number, at, "assign", by, told, made.id))
    unit.events.tell(Event(f"incident.assigned:{made.id}", "incident.assigned", str(incident.number), at))


def _get(unit: AssignUnit, number: int) -> Incident:
    incident = unit.incidents.get(number)
    if incident is None:
        raise NotFound(f"there is no incident {number}", fix="look at the list of incidents")
    return incident
