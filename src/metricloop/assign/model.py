"""An assignment and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from metricloop.kernel.message import Message


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who owns an incident from `at` on, why, and by when they must acknowledge and resolve (frozen at opening)."""

    id: str
    incident: int
    person: str
    at: datetime
    by: str | None
    reason: Message
    acknowledge_due_at: datetime
    resolve_due_at: datetime
