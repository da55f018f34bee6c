"""A place to play jobs in: the same moves for the simulated queue and the durable one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from metricloop.jobs.ports import Job, Jobs, Queue
from metricloop.jobs.simulated import SimulatedJobs
from metricloop.kernel.clock import Clock


class Stage:
    """Notes which jobs ran and when; `fails` says how often each still fails."""

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self.jobs = jobs
        self.clock = clock
        self.ran: list[str] = []
        self.times: dict[str, datetime] = {}
        self.fails: dict[str, int] = {}
        self._lock = threading.Lock()
        jobs.handle("note", self.note)

    def note(self, argument: str) -> None:
        with self._lock:
            self.ran.append(argument)
            self.times[argument] = self.clock.now()
            left = self.fails.get(argument, 0)
            self.fails[argument] = left - 1
        if left > 0:
            raise ConnectionError(f"{argument} cannot be reached")

    def until(self, true: Callable[[], bool]) -> None:
        """Let time pass until it is true; half a minute of patience."""
        for _ in range(600):
            if true():
                return
            if isinstance(self.jobs, SimulatedJobs):
                self.jobs.run_until(self.clock.now() + timedelta(seconds=1))
            else:
                time.sleep(0.05)
        raise AssertionError("it did not happen")

    def until_ran(self, argument: str) -> None:
        self.until(lambda: argument in self.ran)

    def let_others_run(self) -> None:
        """Time for whatever is wrongly lined up: jobs that come after it in both queues have run."""
        for queue in Queue:
            name = f"after everything in {queue} {len(self.ran)}"
            self.jobs.enqueue(Job("note", name, name, queue=queue))
            self.until_ran(name)
