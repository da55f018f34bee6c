"""A watch over an incident's recovery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metricloop.kernel.message import Message


class Outcome(StrEnum):
    WAITING = "waiting"
    VERIFIED = "verified"
    REOPENED = "reopened"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Watch:
    """How many buckets are back in band since `since`, of how many needed; `deadline_at` ends in "cannot tell"."""

    incident: int
    since: datetime
    needed: int
    back: int
    outcome: Outcome
    decided_at: datetime | None
    deadline_at: datetime
    message: Message
