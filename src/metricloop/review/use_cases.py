"""Draft reviews, let people finish them, close what needs nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.kernel.events import Event, Timer
from metricloop.review.model import Review
from metricloop.review.ports import ReviewUnit
from metricloop.review.rules import draft
from metricloop.triage.model import Incident, IncidentKind, IncidentState

CLOSE = "incident.close_quietly"
# How long a verified incident that needs no review stays open for a label or a comment.
QUIET_CLOSE_AFTER = timedelta(hours=24)


def draft_review(unit: ReviewUnit, project: Project, number: int, *, at: datetime) -> None:
    """The incident is verified: draft its review; where the level asks for none, set the time to close by itself.

    One about data has none: what held the dataset stands on its timeline.
    """
    incident = unit.incidents.get(number)
    if incident is None:
        return
    if incident.kind is IncidentKind.DATA:
        _close_later(unit, number, at)
        return
    old = unit.reviews.get(number)
    made = draft(
        incident, unit.incidents.timeline(number), unit.attributions.get(number), unit.labels.of_incident(number), at
    )
    if old is not None:
        made = replace(made, cause=old.cause, lesson=old.lesson)
        if _covers(old, incident):
            made = replace(made, published_at=old.published_at, by=old.by)
    unit.reviews.put(made)
    unit.events.tell(Event(f"review.drafted:{number}:{incident.revision}", "review.drafted", str(number), at))
    if not project.monitor(incident.monitor).review_required:
        _close_later(unit, number, at)


def _close_later(unit: ReviewUnit, number: int, at: datetime) -> None:
    unit.events.set_timer(Timer(f"{CLOSE}:{number}", CLOSE, str(number), at + QUIET_CLOSE_AFTER))


def _covers(review: Review, incident: Incident) -> bool:
    """It was published after the latest recovery. One from before a reopening has to be looked at again."""
    if review.published_at is None or incident.verified_at is None:
        return False
    return review.published_at >= incident.verified_at


def may_close(unit: ReviewUnit, project: Project, number: int) -> bool:
    """True once it is verified and, where a review is required, that is published."""
    incident = unit.incidents.get(number)
    if incident is None or incident.state is not IncidentState.VERIFIED:
        return False
    if incident.kind is IncidentKind.DATA:
        return True
    review = unit.reviews.get(number)
    published = review is not None and review.published_at is not None
    return published or not project.monitor(incident.monitor).review_required


def write(unit: ReviewUnit, number: int, *, cause: str, lesson: str, person: str, at: datetime) -> Review:
    """Keep a person's words; nothing is published yet."""
    review = _get(unit, number)
    kept = replace(review, cause=cause[:4000], lesson=lesson[:4000])
    unit.reviews.put(kept)
    return kept


def publish(unit: ReviewUnit, number: int, *, cause: str, lesson: str, person: str, at: datetime) -> Review:
    """Finish a review: it becomes knowledge. A cause is owed. Tells review.published."""
    if not cause.strip():
        raise InvalidInput("a review needs the confirmed cause", fix="write what it was, or that it stays unknown")
    review = _get(unit, number)
    done = replace(review, cause=cause[:4000], lesson=lesson[:4000], published_at=at, by=person)
    unit.reviews.put(done)
    unit.audit.record(
        at=at, actor=person, action="review.publish", subject_kind="review", subject_id=str(number), after=cause[:200]
    )
    unit.events.tell(Event(f"review.published:{number}:{at.isoformat()}", "review.published", str(number), at))
    return done


def _get(unit: ReviewUnit, number: int) -> Review:
    review = unit.reviews.get(number)
    if review is None:
        raise NotFound(f"incident {number} has no review yet", fix="it is drafted when the recovery is verified")
    return review
