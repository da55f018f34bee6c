"""Incidents, timelines, attributions, assignments, watches, reviews."""

from __future__ import annotations

import dataclasses

import pytest

from metricloop.assign.model import Assignment
from metricloop.kernel.errors import Bug, Conflict
from metricloop.kernel.message import Message
from metricloop.review.model import Review
from metricloop.store import Store
from metricloop.triage.model import Incident, IncidentState, TimelineEntry
from metricloop.verify.model import Outcome, Watch
from tests.store.nouns import AT, HOUR, attribution, incident


def opened(store: Store, count: int = 1) -> None:
    with store.unit() as unit:
        for number in range(1, count + 1):
            assert unit.incidents.next_number() == number
            unit.incidents.add(incident(number))


def test_a_save_against_an_older_revision_is_refused(store: Store) -> None:
    opened(store)
    with store.unit() as unit:
        first = unit.incidents.save(incident(severity="S1"))
        assert first == incident(severity="S1", revision=1)
        with pytest.raises(Conflict, match="changed meanwhile"):
            unit.incidents.save(incident(severity="S4"))
        assert unit.incidents.get(1) == first


@pytest.mark.parametrize("again", [incident(1, key="other"), incident(2, key="key-1")], ids=["number", "key"])
def test_the_same_cause_does_not_open_a_second_incident(store: Store, again: Incident) -> None:
    opened(store)
    with store.unit() as unit:
        with pytest.raises(Conflict, match="exists already"):
            unit.incidents.add(again)
        assert unit.incidents.find()[1] == 1


def test_live_are_those_that_somebody_must_still_look_at(store: Store) -> None:
    opened(store, len(IncidentState))
    with store.unit() as unit:
        for number, state in enumerate(IncidentState, 1):
            unit.incidents.save(incident(number, state=state))
        over = {IncidentState.CLOSED, IncidentState.MERGED, IncidentState.FALSE_ALARM, IncidentState.EXPECTED}
        assert {each.state for each in unit.incidents.live()} == set(IncidentState) - over


def test_touching_means_sharing_an_instant(store: Store) -> None:
    opened(store, 2)
    with store.unit() as unit:
        unit.incidents.save(incident(1, ended_at=AT + 3 * HOUR))

        def touching(start: int, end: int) -> list[int]:
            return [each.number for each in unit.incidents.touching(AT + start * HOUR, AT + end * HOUR)]

        assert touching(-5, 0) == []
        assert touching(-5, 1) == [1, 2]
        assert touching(3, 9) == [2], "an incident that has not ended reaches on"


def test_an_anomaly_belongs_to_the_incident_its_own_was_merged_into(store: Store) -> None:
    opened(store, 2)
    with store.unit() as unit:
        unit.incidents.save(incident(1, anomalies=("a1", "a2")))
        unit.incidents.save(incident(2, state=IncidentState.MERGED))
        assert [found and found.number for found in map(unit.incidents.of_anomaly, ("a1", "a2", "a3"))] == [1, 1, None]


def test_an_anomaly_that_left_is_no_longer_found(store: Store) -> None:
    opened(store)
    with store.unit() as unit:
        unit.incidents.save(incident(anomalies=(), metrics=("flights",)))
        assert unit.incidents.of_anomaly("a1") is None
        assert unit.incidents.find(metric="cancellations")[1] == 0
        assert unit.incidents.find(metric="flights")[1] == 1


def test_incidents_are_found_by_page_newest_first(store: Store) -> None:
    opened(store, 5)
    with store.unit() as unit:
        unit.incidents.save(incident(2, owner="ann", state=IncidentState.CLOSED))
        page, total = unit.incidents.find(limit=2, offset=1)
        assert ([each.number for each in page], total) == ([4, 3], 5)
        assert [each.number for each in unit.incidents.find(owner="ann")[0]] == [2]
        assert unit.incidents.find(states=[IncidentState.OPEN], owner="ann") == ((), 0)
        assert [each.number for each in unit.incidents.find(metric="cancellations", numbers=[1, 9, 5])[0]] == [5, 1]
        assert unit.incidents.find(numbers=[]) == ((), 0)


def test_a_timeline_keeps_the_order_of_what_happened_at_one_instant(store: Store) -> None:
    opened(store)
    entries = [TimelineEntry(key, 1, AT, key, None, Message(key)) for key in ("opened", "assigned", "notified")]
    early = TimelineEntry("detected", 1, AT - HOUR, "detected", "ann", Message("detected", {"n": 1}))
    with store.unit() as unit:
        for entry in (*entries, early, entries[0]):
            unit.incidents.note(entry)
        assert unit.incidents.timeline(1) == (early, *entries)
        assert unit.incidents.timeline(2) == ()


def test_the_newest_attribution_is_the_one_that_counts(store: Store) -> None:
    opened(store)
    with store.unit() as unit:
        assert unit.attributions.get(1) is None
        for made_at in (AT + HOUR, AT):
            unit.attributions.put(attribution(1, made_at))
        assert unit.attributions.get(1) == attribution(1, AT + HOUR)


def test_assignments_at_one_instant_keep_their_order(store: Store) -> None:
    opened(store)
    made = [
        Assignment(id, 1, who, AT, None, Message("by.slice"), AT + HOUR, AT + 9 * HOUR)
        for id, who in (("z", "ann"), ("a", "bob"))
    ]
    with store.unit() as unit:
        for each in (*made, made[0]):
            unit.assignments.add(each)
        assert unit.assignments.of(1) == tuple(made)
        assert unit.assignments.latest(1) == made[1]
        assert unit.assignments.latest(2) is None


def test_watches_wait_until_they_are_decided(store: Store) -> None:
    opened(store, 2)
    watch = Watch(2, AT, 3, 1, Outcome.WAITING, None, AT + 48 * HOUR, Message("watch.waiting"))
    with store.unit() as unit:
        for each in (watch, dataclasses.replace(watch, incident=1)):
            unit.watches.put(each)
        assert [each.incident for each in unit.watches.waiting()] == [1, 2]
        unit.watches.put(dataclasses.replace(watch, outcome=Outcome.CANNOT_TELL, decided_at=AT))
        assert [each.incident for each in unit.watches.waiting()] == [1]


def test_published_reviews_are_found_newest_first(store: Store) -> None:
    opened(store, 3)
    with store.unit() as unit:
        for number, published in ((1, AT), (2, None), (3, AT + HOUR)):
            unit.reviews.put(Review(number, AT, (Message("a"), Message("b")), -5.5, published_at=published))
        assert [each.incident for each in unit.reviews.published()] == [3, 1]
        assert [each.incident for each in unit.reviews.published(limit=1)] == [3]
        assert unit.reviews.get(4) is None


def test_nothing_hangs_on_an_incident_that_does_not_exist(store: Store) -> None:
    with pytest.raises(Bug, match="forbids"), store.unit() as unit:
        unit.attributions.put(attribution(77))
    with store.unit(write=False) as unit:
        assert unit.attributions.get(77) is None


def test_what_belongs_to_an_incident_may_be_written_before_it(store: Store) -> None:
    with store.unit() as unit:
        unit.attributions.put(attribution(1))
        unit.incidents.add(incident(1))
    with store.unit(write=False) as unit:
        assert unit.attributions.get(1) == attribution(1)
