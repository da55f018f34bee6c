"""A verified incident gets a drafted review; a person publishes it; then it may close. On a real store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.review import use_cases as review
from metricloop.review.model import Review
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentState, Trigger
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import HOUR


def verified(desk: Desk, monitor: str = "on_time_daily", at: timedelta = timedelta(0)) -> None:
    """Mended and seen in the data; `on_time_daily` asks for a review, `on_time_hourly` does not."""
    if not desk.told("incident"):
        desk.open_incident(monitor=monitor)
    with desk.unit() as unit:
        triage.resolve(unit, 1, person="wei_lan", at=OPENED + at)
        triage.move(unit, 1, Trigger.VERIFY, at=OPENED + at, by=None)
        review.draft_review(unit, desk.project, 1, at=OPENED + at)


def drafted(desk: Desk) -> Review:
    with desk.unit() as unit:
        found = unit.reviews.get(1)
        assert found is not None
        return found


def publish(desk: Desk, at: timedelta = HOUR, cause: str = "a computer was down") -> None:
    with desk.unit() as unit:
        review.publish(unit, 1, cause=cause, lesson="a spare one", person="wei_lan", at=OPENED + at)


def may_close(desk: Desk) -> bool:
    with desk.unit() as unit:
        return review.may_close(unit, desk.project, 1)


def test_a_draft_waits_for_a_person_where_one_is_asked_for(desk: Desk) -> None:
    verified(desk)
    assert drafted(desk).summary[0].code == "review.happened"
    assert not may_close(desk)
    assert desk.timers() == {}
    publish(desk)
    assert may_close(desk)
    assert (drafted(desk).cause, drafted(desk).by) == ("a computer was down", "wei_lan")
    assert len(desk.told("review.published")) == 1
    assert desk.audit_holds()


def test_where_none_is_asked_for_it_closes_by_itself_after_a_day(desk: Desk) -> None:
    verified(desk, "on_time_hourly")
    assert may_close(desk)
    assert desk.timers() == {"incident.close_quietly:1": OPENED + 24 * HOUR}


def test_only_what_is_verified_may_close(desk: Desk) -> None:
    desk.open_incident(monitor="on_time_hourly", state=IncidentState.RESOLVED)
    assert not may_close(desk)


def test_drafting_twice_keeps_a_persons_words_and_the_publication(desk: Desk) -> None:
    verified(desk)
    publish(desk)
    with desk.unit() as unit:
        review.draft_review(unit, desk.project, 1, at=OPENED + 2 * HOUR)
    assert drafted(desk).published_at == OPENED + HOUR
    assert len(desk.told("review.drafted")) == 1


def test_what_was_reopened_is_reviewed_again_with_the_words_kept(desk: Desk) -> None:
    verified(desk)
    publish(desk)
    with desk.unit() as unit:
        triage.reopen(unit, 1, person="wei_lan", at=OPENED + 2 * HOUR, note="late again")
    verified(desk, at=3 * HOUR)
    again = drafted(desk)
    assert (again.published_at, again.cause) == (None, "a computer was down")
    assert not may_close(desk)
    publish(desk, 4 * HOUR)
    assert may_close(desk)
    assert len(desk.told("review.published")) == 2


def test_words_are_kept_before_they_are_published(desk: Desk) -> None:
    verified(desk)
    with desk.unit() as unit:
        review.write(unit, 1, cause="c" * 5000, lesson="", person="wei_lan", at=OPENED)
    assert (len(drafted(desk).cause), drafted(desk).published_at) == (4000, None)


def test_a_review_without_cause_is_not_published(desk: Desk) -> None:
    verified(desk)
    with pytest.raises(InvalidInput, match="confirmed cause"):
        publish(desk, cause=" ")
    assert drafted(desk).published_at is None


def test_what_has_no_draft_cannot_be_published(desk: Desk) -> None:
    desk.open_incident()
    with pytest.raises(NotFound, match="no review yet"):
        publish(desk)


def test_an_incident_that_does_not_exist_is_not_drafted(desk: Desk) -> None:
    with desk.unit() as unit:
        review.draft_review(unit, desk.project, 99, at=OPENED)
    assert desk.told() == []
