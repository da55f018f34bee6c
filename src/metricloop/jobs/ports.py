"""The `Jobs` port: short work to be done later, elsewhere or again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

Handler = Callable[[str], None]


class Queue(StrEnum):
    """Which line a job stands in.

    `ADVANCE` runs one job at a time over all machines: two loops would only wait for each other. `OUTWARD` runs
    several, so that a slow receiver outside does not hold up the others.
    """

    ADVANCE = "advance"
    OUTWARD = "outward"


@dataclass(frozen=True, slots=True)
class Job:
    """Call the handler `name` with `argument`, `delay` from now. One `key` is one job, however often it is enqueued."""

    name: str
    key: str
    argument: str = ""
    delay: timedelta | None = None
    queue: Queue = Queue.OUTWARD


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that failed as often as it may. Nothing retries it any more; somebody has to look."""

    name: str
    key: str
    argument: str
    problem: str
    attempts: int
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a failing job is tried, and how long it waits between: first, first*2, first*4, ... at most `most`."""

    attempts: int = 5
    first: timedelta = timedelta(seconds=1)
    most: timedelta = timedelta(minutes=5)

    def wait_after(self, attempt: int) -> timedelta:
        """The wait after the failure of this attempt (the first attempt is 1)."""
        return min(self.first * int(2 ** min(attempt - 1, 16)), self.most)


class Jobs(Protocol):
    """A queue that outlives the process (durable) or stands beside a simulated clock (replay, tests).

    At least once: a job interrupted in the middle runs again from its start, so handlers tolerate repeats. It does not
    keep results, has no order between queues, and forgets the keys of finished jobs after a while (a day or more).
    """

    def handle(self, name: str, handler: Handler) -> None:
        """Name who does jobs of this name. Before `start`."""
        ...

    def enqueue(self, job: Job) -> None:
        """Line the job up. Does nothing when a job of this key has been lined up before, done or not."""
        ...

    def start(self) -> None:
        """Begin to run jobs: also those that an earlier process left behind."""
        ...

    def stop(self) -> None:
        """Take no new job and wait shortly for the running ones; what is left runs after the next start."""
        ...

    def dead(self, limit: int = 100) -> Sequence[DeadJob]:
        """Jobs that failed for good, newest first."""
        ...
