"""The `Jobs` port in this process, by the simulated clock: replay and tests."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from metricloop.jobs.ports import DeadJob, Handler, Job, Retry
from metricloop.kernel.clock import Clock
from metricloop.kernel.errors import Bug

log = logging.getLogger(__name__)


@dataclass(order=True, slots=True)
class Due:
    """A job and when it is due. `order` keeps jobs of one moment in the order they came."""

    at: datetime
    order: int
    job: Job = field(compare=False)
    attempt: int = field(compare=False, default=1)


class SimulatedJobs:
    """Runs jobs when somebody moves the clock by `run_until`. Nothing outlives the process, nothing is parallel."""

    def __init__(self, clock: Clock, retry: Retry | None = None) -> None:
        self._clock = clock
        self._retry = retry or Retry()
        self._handlers: dict[str, Handler] = {}
        self._due: list[Due] = []
        self._keys: set[str] = set()
        self._dead: list[DeadJob] = []
        self._count = 0
        self._started = False

    def handle(self, name: str, handler: Handler) -> None:
        self._handlers[name] = handler

    def enqueue(self, job: Job) -> None:
        if job.name not in self._handlers:
            raise Bug(f"nobody handles jobs named {job.name!r}")
        if job.key not in self._keys:
            self._keys.add(job.key)
            self._line_up(job, self._clock.now() + (job.delay or timedelta()), 1)

    def start(self) -> None:
        self._started = True

    def stop(self) -> None:
        self._started = False

    def dead(self, limit: int = 100) -> Sequence[DeadJob]:
        return self._dead[::-1][:limit]

    def next_due(self) -> datetime | None:
        """When the earliest job is due."""
        return self._due[0].at if self._due else None

    def run_until(self, at: datetime) -> None:
        """Run everything due up to `at`, in order, each at its own time; then it is `at`."""
        while self._started and self._due and self._due[0].at <= at:
            due = heapq.heappop(self._due)
            self._clock.reach(due.at)
            self._run(due)
        self._clock.reach(at)

    def _line_up(self, job: Job, at: datetime, attempt: int) -> None:
        self._count += 1
        heapq.heappush(self._due, Due(at, self._count, job, attempt))

    def _run(self, due: Due) -> None:
        job, now = due.job, self._clock.now()
        try:
            self._handlers[job.name](job.argument)
        except Exception as error:
            log.exception("job %s failed at attempt %d", job.key, due.attempt)
            if due.attempt < self._retry.attempts:
                self._line_up(job, now + self._retry.wait_after(due.attempt), due.attempt + 1)
            else:
                self._dead.append(DeadJob(job.name, job.key, job.argument, str(error), due.attempt, now))
