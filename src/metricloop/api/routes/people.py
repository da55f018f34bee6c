"""People, teams, and what was sent to whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Annotated

from fastapi import APIRouter, Query

from metricloop.access.model import Person
from metricloop.api.auth import Reader, Running
from metricloop.api.reads.sight import IncidentSight
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.incidents import NotificationRow
from metricloop.api.schemas.session import Contact, PersonRow, TeamRow
from metricloop.api.schemas.shared import LocalText
from metricloop.api.views.incidents import notification
from metricloop.api.views.words import Viewpoint, local

router = APIRouter(tags=["people"])


@router.get("/people")
def people(caller: Reader, system: Running) -> list[PersonRow]:
    """Everybody, with roles, contacts, and what they answer for."""
    with look(system, caller) as (unit, view):
        owned = Counter(incident.owner for incident in unit.incidents.live())
    owns: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for each in view.project.assignment.responsibilities:
        owns[each.person].append(each.slice.as_dict())
    return [_row(person, owned[person.id], owns[person.id]) for person in _by_name(view)]


def _by_name(view: Viewpoint) -> list[Person]:
    return sorted(view.people.values(), key=lambda person: (person.name.casefold(), person.id))


def _row(person: Person, incidents: int, owns: list[dict[str, str]]) -> PersonRow:
    return PersonRow(
        id=person.id,
        name=person.name,
        language="zh" if person.language == "zh" else "en",
        roles=[role.value for role in person.roles],
        teams=list(person.teams),
        contacts=[Contact(channel=c.channel, address=c.address, verified=c.verified) for c in person.contacts],
        scripted=person.scripted,
        open_incidents=incidents,
        owns=owns,
    )


@router.get("/teams")
def teams(caller: Reader, system: Running) -> list[TeamRow]:
    """Teams that people name as theirs, and those that are defined."""
    with look(system, caller) as (_, view):
        everybody = _by_name(view)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for person in everybody:
        for team in person.teams:
            members[team].append(person.id)
    names = sorted({*members, *view.project.teams})
    return [TeamRow(id=team, label=_label(team, view), members=members[team]) for team in names]


def _label(team: str, view: Viewpoint) -> LocalText:
    known = view.project.teams.get(team)
    return local(known.label) if known and (known.label.zh or known.label.en) else LocalText(en=team)


@router.get("/notifications")
def notifications(
    caller: Reader,
    system: Running,
    person: Annotated[str | None, Query(max_length=200)] = None,
    incident: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> list[NotificationRow]:
    """What was sent, newest first, with each attempt's outcome."""
    with look(system, caller) as (unit, view):
        sent = unit.outbox.find(incident=incident, person=caller.person.id if person == "me" else person)
        sent = IncidentSight(unit, view).notifications(sent)
        return [notification(each, unit.outbox.attempts(each.id), view) for each in sent]
