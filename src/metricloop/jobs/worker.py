"""The worker: watches what is due and has the loop do it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from metricloop.jobs.ports import Job, Jobs, Queue, Retry
from metricloop.kernel.clock import Clock
from metricloop.kernel.errors import Bug, MetricloopError

log = logging.getLogger(__name__)

ADVANCE = "advance"
LOOK = 0.5  # seconds between two looks at most
# A job ends after so long even if more is due, so that another worker can have the turn and a stop is never far.
TURN = 10.0
RETRY = Retry(first=timedelta(seconds=1), most=timedelta(minutes=1))


class Loop(Protocol):
    """What the worker needs of the loop. Both may be called again after a crash at any moment."""

    def next_due(self) -> datetime | None:
        """The earliest moment at which something is due; None when nothing ever is."""
        ...

    def run_until(self, at: datetime) -> None:
        """Do everything due up to `at`, in order of due time."""
        ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the loop stands still: since when (by its own clock), how often it was tried, and what to do."""

    at: datetime
    code: str
    problem: str
    fix: str
    attempts: int


class Worker:
    """A ticker thread that enqueues a nudge when something is due, and the handler that follows it.

    A failing loop is retried for ever with growing waits: it is the system's heart, so it neither ends the process nor
    is given up. `last_error` shows it until a turn has gone well, or nothing is due. `each_tick` is called at every
    look, from the ticker's thread and outside any transaction (the demo's clock saves its position there).
    """

    def __init__(self, loop: Loop, jobs: Jobs, clock: Clock, each_tick: Callable[[], None] = lambda: None) -> None:
        self._loop = loop
        self._jobs = jobs
        self._clock = clock
        self._each_tick = each_tick
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._turn = threading.Lock()
        self._retry_at = 0.0
        self._thread: threading.Thread | None = None
        self.last_error: Trouble | None = None

    def start(self) -> None:
        """Begin to look; takes what an earlier process left behind."""
        self._stopping.clear()
        self._jobs.handle(ADVANCE, self.advance)
        self._jobs.start()
        self._thread = threading.Thread(target=self._tick_on, name="worker-ticker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the step that is being done; what is left is done after the next start."""
        self._stopping.set()
        self._woken.set()
        if self._thread:
            self._thread.join(timeout=2)
        self._jobs.stop()

    def wake(self) -> None:
        """Look at once: somebody has just changed something. Safe from any thread."""
        self._woken.set()

    def advance(self, argument: str = "") -> None:
        """Do what is due now, unless it is being done. `argument` tells only a reader of the queue what it was for."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            self._catch_up()
        except Exception as error:
            log.exception("the loop failed; it is tried again")
            self._failed(error)
        else:
            self.last_error = None
        finally:
            self._turn.release()
            self._woken.set()

    def _catch_up(self) -> None:
        # Due time by due time, so that a stop or the end of the turn need not wait for a whole year to be caught up.
        until = time.monotonic() + TURN
        before: datetime | None = None
        while not self._stopping.is_set() and time.monotonic() < until:
            due = self._loop.next_due()
            if due is None or due > self._clock.now() or due == before:
                return
            self._loop.run_until(due)
            before = due

    def _tick_on(self) -> None:
        while not self._stopping.is_set():
            try:
                self._tick()
            except Exception as error:
                log.exception("the worker cannot look at what is due; it tries again")
                self._failed(error)
            self._woken.wait(LOOK)
            self._woken.clear()

    def _tick(self) -> None:
        self._each_tick()
        if self._turn.locked() or time.monotonic() < self._retry_at:
            return
        due = self._loop.next_due()
        if due is None or due > self._clock.now():
            self.last_error = None  # what failed was a look, and nothing is left to do
            return
        # The same nudge from two workers is one job. By the second, so that a lost one is made good in the next.
        key = f"{ADVANCE}:{due.isoformat()}:{int(time.time())}"
        self._jobs.enqueue(Job(ADVANCE, key, due.isoformat(), queue=Queue.ADVANCE))

    def _failed(self, error: Exception) -> None:
        attempts = self.last_error.attempts + 1 if self.last_error else 1
        self._retry_at = time.monotonic() + RETRY.wait_after(attempts).total_seconds()
        known = error if isinstance(error, MetricloopError) else Bug(f"{type(error).__name__}: {error}")
        self.last_error = Trouble(self._clock.now(), known.code, known.problem, known.fix, attempts)
