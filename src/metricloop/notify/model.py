"""The outbox row is the intent; delivery attempts are what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metricloop.kernel.message import Message


class DeliveryState(StrEnum):
    """accepted (by the provider), delivered, read: three things. failed: will not be tried again."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one person by one channel. `id` goes to the provider too, so that a repeat is recognised."""

    id: str
    incident: int | None
    person: str
    channel: str
    address: str
    message: Message
    created_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One try and the provider's answer, word for word as far as it is short."""

    notification: str
    number: int
    at: datetime
    outcome: DeliveryState
    provider_code: str
    provider_message: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a channel gets to send: rendered in the reader's language."""

    id: str
    address: str
    subject: str
    body: str
    link: str
    at: datetime
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """A channel's answer. HTTP 200 with an error in the body is a failure, and the channel must say so."""

    outcome: DeliveryState
    provider_code: str = ""
    provider_message: str = ""
    retryable: bool = False
    retry_after_s: float | None = None
