"""Whom to tell, how often to try again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from metricloop.access.model import Contact, Person
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.notify.model import DeliveryResult, DeliveryState, Notification

# Standard Webhooks' schedule, without its random part: ids make repeats harmless and replays stay exact.
RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
)
# No provider may put a message off for longer than this, whatever it asks for.
_LONGEST_WAIT = timedelta(days=1)


def intents(
    person: Person, message: Message, incident: int | None, cause: str, at: datetime, channels: Mapping[str, object]
) -> list[Notification]:
    """One notification per configured contact of the person; `cause` makes the id, so one cause tells once."""
    return [
        Notification(
            id=derived_id("notification", cause, person.id, contact.channel, contact.address),
            incident=incident,
            person=person.id,
            channel=contact.channel,
            address=contact.address,
            message=message,
            created_at=at,
            next_attempt_at=at,
        )
        for contact in contacts(person)
        if contact.channel in channels
    ]


def contacts(person: Person) -> tuple[Contact, ...]:
    """The verified ones; where none is verified, all of them: better tried than silent."""
    return tuple(c for c in person.contacts if c.verified) or person.contacts


def next_attempt(tried: int, result: DeliveryResult, now: datetime) -> datetime | None:
    """When to try again after `tried` attempts; None: never (done, refused for good, or out of tries)."""
    if result.outcome is not DeliveryState.FAILED or not result.retryable or tried > len(RETRIES):
        return None
    asked = result.retry_after_s or 0.0
    longest = _LONGEST_WAIT.total_seconds()
    # min and max let no NaN through: it compares false, so the schedule's own wait stands.
    return now + timedelta(seconds=min(max(RETRIES[tried - 1].total_seconds(), asked), longest))


def state_after(result: DeliveryResult, again: datetime | None) -> DeliveryState:
    """What the notification is after an attempt: still pending while another try is due."""
    return DeliveryState.PENDING if again is not None else result.outcome
