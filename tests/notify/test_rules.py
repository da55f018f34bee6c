"""Whom to tell by which channel, and when to try again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.access.model import Contact, Person
from metricloop.kernel.message import Message
from metricloop.notify.model import DeliveryResult, DeliveryState, Notification
from metricloop.notify.rules import RETRIES, contacts, intents, next_attempt, state_after

AT = datetime(2013, 4, 16, 17, tzinfo=UTC)
TOLD = Message("notify.assigned", {"number": 7})
MAIL, DESK = Contact("mail", "a@example.org"), Contact("desk", "a")
REFUSED = DeliveryResult(DeliveryState.FAILED, "400", "no such address", retryable=False)
BUSY = DeliveryResult(DeliveryState.FAILED, "503", "busy", retryable=True)


def person(*found: Contact) -> Person:
    return Person("ada", "Ada", contacts=found)


def told(who: Person, cause: str = "incident.assigned:1", *channels: str) -> list[Notification]:
    return intents(who, TOLD, 7, cause, AT, dict.fromkeys(channels or ("mail", "desk")))


def test_every_contact_on_a_configured_channel_is_told() -> None:
    assert [(n.channel, n.address) for n in told(person(MAIL, DESK))] == [("mail", "a@example.org"), ("desk", "a")]
    assert [n.channel for n in told(person(MAIL, DESK), "x", "desk")] == ["desk"]
    assert told(person()) == []
    assert told(person(MAIL), "x", "desk") == []


def test_one_cause_tells_once_and_another_tells_again() -> None:
    assert [n.id for n in told(person(MAIL))] == [n.id for n in told(person(MAIL))]
    assert told(person(MAIL))[0].id != told(person(MAIL), "incident.escalated:1")[0].id


def test_each_contact_has_its_own_id() -> None:
    ids = [n.id for n in told(person(MAIL, DESK, Contact("desk", "b")))]
    assert len(set(ids)) == 3


def test_a_message_waits_to_be_sent_at_once() -> None:
    made = told(person(MAIL))[0]
    assert (made.state, made.attempts, made.next_attempt_at) == (DeliveryState.PENDING, 0, AT)


def test_an_unverified_contact_is_used_only_where_none_is_verified() -> None:
    sure = Contact("desk", "b", verified=True)
    assert contacts(person(MAIL, sure)) == (sure,)
    assert contacts(person(MAIL, DESK)) == (MAIL, DESK)
    assert contacts(person()) == ()


@pytest.mark.parametrize(("tried", "wait"), list(enumerate(RETRIES, start=1)))
def test_a_failed_try_is_repeated_after_a_growing_wait(tried: int, wait: timedelta) -> None:
    assert next_attempt(tried, BUSY, AT) == AT + wait


def test_after_the_last_try_it_has_failed() -> None:
    tried = len(RETRIES) + 1
    again = next_attempt(tried, BUSY, AT)
    assert again is None
    assert state_after(BUSY, again) is DeliveryState.FAILED


def test_what_was_refused_for_good_is_not_tried_again() -> None:
    assert next_attempt(1, REFUSED, AT) is None


@pytest.mark.parametrize("outcome", [DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.READ])
def test_what_arrived_is_not_sent_again(outcome: DeliveryState) -> None:
    result = DeliveryResult(outcome, retryable=True, retry_after_s=5)
    assert next_attempt(1, result, AT) is None
    assert state_after(result, None) is outcome


@pytest.mark.parametrize(
    ("tried", "asked_s", "wait"),
    [(1, 120.0, timedelta(minutes=2)), (2, 1.0, timedelta(minutes=5)), (1, 0.0, timedelta(seconds=5))],
)
def test_a_provider_may_ask_for_a_longer_wait_never_for_a_shorter_one(
    tried: int, asked_s: float, wait: timedelta
) -> None:
    busy = DeliveryResult(DeliveryState.FAILED, "429", "slow down", retryable=True, retry_after_s=asked_s)
    assert next_attempt(tried, busy, AT) == AT + wait


@given(st.floats())
def test_a_provider_cannot_put_a_message_off_for_ever(asked_s: float) -> None:
    busy = DeliveryResult(DeliveryState.FAILED, "429", "slow down", retryable=True, retry_after_s=asked_s)
    again = next_attempt(1, busy, AT)
    assert again is not None
    assert AT + RETRIES[0] <= again <= AT + timedelta(days=1)


def test_while_another_try_is_due_it_is_pending() -> None:
    assert state_after(BUSY, AT) is DeliveryState.PENDING
