"""Write intents into the outbox; deliver them; keep what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from metricloop.kernel.events import Event, Timer
from metricloop.kernel.message import Message
from metricloop.notify.model import DeliveryAttempt, DeliveryResult, DeliveryState, Notification, Parcel
from metricloop.notify.ports import Channels, NotifyUnit
from metricloop.notify.rules import intents, next_attempt, state_after
from metricloop.notify.words import sentence

DELIVER = "notification.deliver"


def tell(
    unit: NotifyUnit,
    person_id: str,
    message: Message,
    *,
    incident: int | None,
    cause: str,
    channels: Mapping[str, object],
    at: datetime,
) -> None:
    """Write what is to be told to a person, once per cause. A person without any channel is told of as unreachable."""
    person = unit.people.get(person_id)
    rows = intents(person, message, incident, cause, at, channels) if person else []
    for row in rows:
        if unit.outbox.get(row.id) is not None:
            continue  # told before; perhaps delivered
        unit.outbox.add(row)
        unit.events.set_timer(Timer(f"{DELIVER}:{row.id}", DELIVER, row.id, at))
    if not rows:
        unit.events.tell(Event(f"person.unreachable:{person_id}:{cause}", "person.unreachable", person_id, at))


def parcel_of(notification: Notification, language: str, base_url: str, headline: Message | None) -> Parcel:
    """The notification in the reader's words, with a link to where it is handled."""
    subject = sentence(notification.message, language)
    body = f"{sentence(headline, language)}\n{subject}" if headline else subject
    place = f"/incidents/{notification.incident}" if notification.incident is not None else "/"
    return Parcel(
        id=notification.id,
        address=notification.address,
        subject=subject,
        body=body,
        link=f"{base_url}{place}",
        at=notification.created_at,
        data={"incident": notification.incident, "code": notification.message.code, "person": notification.person},
    )


def send(channels: Channels, notification: Notification, parcel: Parcel) -> DeliveryResult:
    """Hand it to the channel. Outside any transaction: a provider may be slow."""
    return channels.send(notification.channel, parcel)


def keep_attempt(unit: NotifyUnit, id: str, result: DeliveryResult, *, at: datetime) -> None:
    """Write down what the provider said and, where it makes sense, when to try again."""
    notification = unit.outbox.get(id)
    if notification is None or notification.state is not DeliveryState.PENDING:
        return
    number = notification.attempts + 1
    again = next_attempt(number, result, at)
    unit.outbox.attempt(
        DeliveryAttempt(
            notification=id,
            number=number,
            at=at,
            outcome=result.outcome,
            provider_code=result.provider_code,
            provider_message=result.provider_message[:500],
            retry_after_s=result.retry_after_s,
        )
    )
    state = state_after(result, again)
    unit.outbox.save(replace(notification, attempts=number, state=state, next_attempt_at=again))
    if again is not None:
        unit.events.set_timer(Timer(f"{DELIVER}:{id}", DELIVER, id, again))
    elif state is DeliveryState.FAILED:
        unit.events.tell(Event(f"notification.failed:{id}", "notification.failed", id, at))
