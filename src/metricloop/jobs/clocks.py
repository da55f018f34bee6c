"""The clocks of live systems: the wall clock, and the demo's clock that runs through a stretch of history."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput

Monotonic = Callable[[], float]


class Stamp(NamedTuple):
    """What a reader is told about time: `kind` says whether it is real, `speed` how fast it runs (1 = real time)."""

    now: datetime
    kind: Literal["live", "demo"]
    speed: float


class SystemClock:
    """The computer's own time. Stands still while the computer sets itself back, for no clock moves backwards."""

    def __init__(self) -> None:
        self._last = datetime.now(UTC)

    def now(self) -> datetime:
        self._last = max(self._last, datetime.now(UTC))
        return self._last

    def reach(self, at: datetime) -> datetime:
        return self.now()

    def stamp(self) -> Stamp:
        return Stamp(self.now(), "live", 1.0)


class DemoClock:
    """History as if it were now: `anchor` plus `speed` times the real time since, never beyond `end`.

    Time runs only while the process does: the position is handed to `save` (at most every `every` seconds, when
    somebody calls `keep`, and at `stop`), and the next process starts with it as its anchor. `save` is never called
    from `now`, which may be asked in the middle of a transaction. `reached`: how far an earlier process had come with
    its work, where it was behind; what it left is dated when it was due, as if that process had gone on.
    """

    def __init__(
        self,
        anchor: datetime,
        *,
        speed: float,
        end: datetime,
        reached: datetime | None = None,
        save: Callable[[datetime], None] = lambda position: None,
        every: float = 2.0,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._anchor = utc(anchor)
        self._end = max(utc(end), self._anchor)
        self._speed = valid_speed(speed)
        self._save = save
        self._every = every
        self._monotonic = monotonic
        self._since = self._kept = monotonic()
        self._reached = min(utc(reached), self._anchor) if reached else self._anchor
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._position()

    def reach(self, at: datetime) -> datetime:
        """The later of `at` and what was reached before: work that is caught up is dated when it was due."""
        with self._lock:
            self._reached = max(self._reached, utc(at))
            return self._reached

    def stamp(self) -> Stamp:
        with self._lock:
            return Stamp(self._position(), "demo", self._speed)

    def set_speed(self, speed: float) -> None:
        """Run at this speed from now on, without a jump; 0 pauses. Raises InvalidInput."""
        valid_speed(speed)
        with self._lock:
            self._anchor, self._since = self._position(), self._monotonic()
            self._speed = speed

    def keep(self) -> None:
        """Save the position if that was last done `every` seconds ago."""
        if self._monotonic() - self._kept >= self._every:
            self._keep()

    def stop(self) -> None:
        """Pause and save the position."""
        self.set_speed(0)
        self._keep()

    def _keep(self) -> None:
        self._kept = self._monotonic()
        self._save(self.now())

    def _position(self) -> datetime:
        elapsed = self._monotonic() - self._since
        left = (self._end - self._anchor).total_seconds()
        return self._anchor + timedelta(seconds=min(elapsed * self._speed, left))


def valid_speed(speed: float) -> float:
    """The speed itself. Raises InvalidInput unless it is 0 to 100,000 times real time."""
    if not 0 <= speed <= 100_000:
        raise InvalidInput(f"speed {speed}", fix="give a number from 0 (paused) to 100000 (times real time)")
    return speed
