"""Time comes through the `Clock` port only; nothing else reads the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from metricloop.kernel.errors import Bug


class Clock(Protocol):
    """Says what time it is, in UTC.

    `reach` gives the time to write down for work that was due at `at` and is being done now: a simulated clock moves to
    `at`, so that history happens at its own time; a wall clock answers `now()`. No clock ever moves backwards.
    """

    def now(self) -> datetime: ...

    def reach(self, at: datetime) -> datetime: ...


class SimulatedClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = utc(start)

    def now(self) -> datetime:
        return self._now

    def reach(self, at: datetime) -> datetime:
        self._now = max(self._now, utc(at))
        return self._now


def utc(at: datetime) -> datetime:
    """The same instant in UTC. Raises Bug on a naive time, whose instant nobody can know."""
    if at.tzinfo is None:
        raise Bug(f"a time without zone: {at.isoformat()}")
    return at.astimezone(UTC)
