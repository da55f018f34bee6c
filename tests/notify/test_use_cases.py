"""Intents first, outcomes second: the outbox on a real store."""

from __future__ import annotations

from dataclasses import replace

from metricloop.access.model import Contact, Person
from metricloop.kernel.message import Message
from metricloop.notify import use_cases as notify
from metricloop.notify.model import DeliveryResult, DeliveryState, Notification
from metricloop.notify.rules import RETRIES
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import HOUR

TOLD = Message("notify.assigned", {"number": 1, "severity": "S2", "due": "soon"})
BUSY = DeliveryResult(DeliveryState.FAILED, "503", "busy " * 200, retryable=True)
DONE = DeliveryResult(DeliveryState.DELIVERED, "200", "ok")


def tell(desk: Desk, person: str = "wei_lan", cause: str = "incident.assigned:x") -> None:
    with desk.unit() as unit:
        notify.tell(unit, person, TOLD, incident=1, cause=cause, channels={"outbox": 1, "console": 1}, at=OPENED)


def outbox(desk: Desk) -> list[Notification]:
    with desk.unit() as unit:
        return sorted(unit.outbox.find(), key=lambda n: n.channel)


def keep(desk: Desk, id: str, result: DeliveryResult) -> Notification:
    with desk.unit() as unit:
        notify.keep_attempt(unit, id, result, at=OPENED)
        found = unit.outbox.get(id)
        assert found is not None
        return found


def test_what_is_to_be_told_waits_in_the_outbox_with_a_due_time(desk: Desk) -> None:
    tell(desk)
    rows = outbox(desk)
    assert [(n.channel, n.state) for n in rows] == [
        ("console", DeliveryState.PENDING),
        ("outbox", DeliveryState.PENDING),
    ]
    assert desk.timers() == {f"notification.deliver:{n.id}": OPENED for n in rows}


def test_one_cause_is_told_once_even_after_it_arrived(desk: Desk) -> None:
    tell(desk)
    for row in outbox(desk):
        keep(desk, row.id, DONE)
    with desk.unit() as unit:
        for key in desk.timers():
            unit.events.cancel_timer(key)
    tell(desk)
    assert [n.state for n in outbox(desk)] == [DeliveryState.DELIVERED] * 2
    assert desk.timers() == {}
    tell(desk, cause="incident.reopened:y")
    assert len(outbox(desk)) == 4


def test_somebody_who_cannot_be_reached_is_told_of_once(desk: Desk) -> None:
    with desk.unit() as unit:
        unit.people.put(Person("mute", "Mute", contacts=(Contact("pigeon", "roof"),)))
    for _ in range(2):
        tell(desk, "mute")
    tell(desk, "nobody")
    assert [e.subject for e in desk.told("person.unreachable")] == ["mute", "nobody"]
    assert outbox(desk) == []


def test_a_failed_try_is_kept_word_for_word_and_tried_again(desk: Desk) -> None:
    tell(desk)
    id = outbox(desk)[0].id
    after = keep(desk, id, BUSY)
    assert (after.state, after.attempts, after.next_attempt_at) == (DeliveryState.PENDING, 1, OPENED + RETRIES[0])
    assert desk.timers()[f"notification.deliver:{id}"] == OPENED + RETRIES[0]
    with desk.unit() as unit:
        (tried,) = unit.outbox.attempts(id)
    assert (tried.number, tried.provider_code, len(tried.provider_message)) == (1, "503", 500)


def test_after_the_last_try_it_has_failed_and_that_is_told(desk: Desk) -> None:
    tell(desk)
    id = outbox(desk)[0].id
    for _ in range(len(RETRIES) + 1):
        after = keep(desk, id, BUSY)
    assert (after.state, after.attempts) == (DeliveryState.FAILED, len(RETRIES) + 1)
    assert [e.subject for e in desk.told("notification.failed")] == [id]


def test_an_outcome_that_comes_twice_is_kept_once(desk: Desk) -> None:
    tell(desk)
    id = outbox(desk)[0].id
    keep(desk, id, DONE)
    assert keep(desk, id, BUSY).state is DeliveryState.DELIVERED
    with desk.unit() as unit:
        assert len(unit.outbox.attempts(id)) == 1
        notify.keep_attempt(unit, "gone", DONE, at=OPENED)


def test_a_parcel_is_in_the_readers_words_with_a_link(desk: Desk) -> None:
    tell(desk)
    row = outbox(desk)[0]
    headline = Message("headline.global", {"metric": "on_time_rate", "actual": 0.4, "expected": 0.8})
    parcel = notify.parcel_of(row, "zh", "http://shop", headline)
    assert (parcel.id, parcel.address, parcel.link) == (row.id, "wei_lan", "http://shop/incidents/1")
    assert "由你负责" in parcel.subject and parcel.body.startswith("on_time_rate 各处同向变动：0.4")
    alone = notify.parcel_of(replace(row, incident=None), "en", "http://shop", None)
    assert (alone.body, alone.link) == (alone.subject, "http://shop/")


def test_due_notifications_are_the_pending_ones_whose_time_has_come(desk: Desk) -> None:
    tell(desk)
    first, second = outbox(desk)
    keep(desk, first.id, DONE)
    keep(desk, second.id, BUSY)
    with desk.unit() as unit:
        assert unit.outbox.due(OPENED) == ()
        assert [n.id for n in unit.outbox.due(OPENED + HOUR)] == [second.id]
