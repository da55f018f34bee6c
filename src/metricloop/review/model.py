"""A review: drafted from the record, finished by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from metricloop.kernel.message import Message


@dataclass(frozen=True, slots=True)
class Review:
    """`summary` is drafted from facts alone; `cause` and `lesson` are a person's words.

    Published ones are knowledge.
    """

    incident: int
    drafted_at: datetime
    summary: tuple[Message, ...]
    impact: float
    cause: str = ""
    lesson: str = ""
    published_at: datetime | None = None
    by: str | None = None
