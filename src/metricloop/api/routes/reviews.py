"""Reviews of incidents, and the knowledge that published ones make."""

from __future__ import annotations

from fastapi import APIRouter

from metricloop.access.model import Caller
from metricloop.api.auth import Reader, Reviewer, Running
from metricloop.api.commands import do
from metricloop.api.ports import System
from metricloop.api.reads.sight import IncidentSight, require_seen
from metricloop.api.reads.viewpoint import look
from metricloop.api.routes.incidents import Number, page
from metricloop.api.schemas.incidents import IncidentPage, ReviewBody, ReviewPage
from metricloop.api.views.incidents import review_page
from metricloop.kernel.errors import NotFound
from metricloop.review import use_cases as reviews

router = APIRouter(tags=["reviews"])


@router.get("/incidents/{id}/review")
def review(id: Number, caller: Reader, system: Running) -> ReviewPage:
    """The review of an incident; there is none before its recovery is verified."""
    return _page(system, caller, id)


def _page(system: System, caller: Caller, number: int) -> ReviewPage:
    with look(system, caller) as (unit, view):
        sight = IncidentSight(unit, view)
        incident = sight.require(number)
        found = unit.reviews.get(number) if sight.whole(incident) else None  # it tells what all rows did
    if found is None:
        raise NotFound(f"incident {number} has no review yet", fix="it is drafted when the recovery is verified")
    return review_page(found, incident, view)


@router.put("/incidents/{id}/review")
def save_review(id: Number, body: ReviewBody, caller: Reviewer, system: Running) -> ReviewPage:
    """Keep cause and lesson without publishing them."""
    require_seen(system, caller, id)
    do(
        system,
        lambda unit, at: reviews.write(unit, id, cause=body.cause, lesson=body.lesson, person=caller.person.id, at=at),
    )
    return _page(system, caller, id)


@router.post("/incidents/{id}/review/publish")
def publish_review(id: Number, body: ReviewBody, caller: Reviewer, system: Running) -> IncidentPage:
    """Finish the review: it becomes knowledge, and the incident may close."""
    require_seen(system, caller, id)
    do(
        system,
        lambda unit, at: reviews.publish(
            unit, id, cause=body.cause, lesson=body.lesson, person=caller.person.id, at=at
        ),
    )
    return page(system, caller, id)


@router.get("/knowledge")
def knowledge(caller: Reader, system: Running) -> list[ReviewPage]:
    """Published reviews, newest first."""
    with look(system, caller) as (unit, view):
        found = unit.reviews.published()
        numbers = [each.incident for each in found]
        incidents, _ = unit.incidents.find(numbers=numbers, limit=len(numbers) or 1)
        sight = IncidentSight(unit, view)
        by_number = {incident.number: incident for incident in incidents if sight.whole(incident)}
    return [review_page(r, by_number[r.incident], view) for r in found if r.incident in by_number]
