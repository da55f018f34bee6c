"""The worker on real queues and a loop that notes what it is told to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from metricloop.jobs.clocks import DemoClock
from metricloop.jobs.durable import DurableJobs, jobs_url
from metricloop.jobs.simulated import SimulatedJobs
from metricloop.jobs.worker import Worker
from metricloop.kernel.clock import SimulatedClock
from metricloop.kernel.errors import SourceFailed

START = datetime(2013, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class HourlyLoop:
    """Something is due every hour, and when a visitor did something. `broken` makes it fail."""

    def __init__(self, last: datetime) -> None:
        self.done: list[datetime] = []
        self.commands: list[datetime] = []
        self.broken: Exception | None = None
        self.at_once = 0
        self._last = last
        self._inside = 0

    def next_due(self) -> datetime | None:
        hourly = self.done[-1] + HOUR if self.done else START
        due = [at for at in (hourly, *self.commands) if at <= self._last]
        return min(due, default=None)

    def run_until(self, at: datetime) -> None:
        if self.broken:
            raise self.broken
        self._inside += 1
        self.at_once = max(self.at_once, self._inside)
        while (due := self.next_due()) is not None and due <= at:
            if due in self.commands:
                self.commands.remove(due)
            else:
                self.done.append(due)
        self._inside -= 1


def hours(count: int) -> list[datetime]:
    return [START + HOUR * number for number in range(count)]


def until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture
def loop() -> HourlyLoop:
    return HourlyLoop(last=START + 5 * HOUR)


@pytest.fixture
def demo() -> DemoClock:
    return DemoClock(START + 3 * HOUR, speed=0, end=START + 48 * HOUR)


@pytest.fixture
def worker(loop: HourlyLoop, demo: DemoClock, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(loop, DurableJobs(jobs_url(f"sqlite:///{tmp_path / 'state.db'}")), demo)
    yield worker
    worker.stop()


def test_what_is_due_is_caught_up_in_order_and_nothing_more(worker: Worker, loop: HourlyLoop) -> None:
    worker.start()
    until(lambda: len(loop.done) == 4)
    assert loop.done == hours(4)


def test_the_loop_follows_the_clock(worker: Worker, loop: HourlyLoop, demo: DemoClock) -> None:
    worker.start()
    demo.set_speed(36_000)
    until(lambda: loop.done == hours(6))


def test_a_command_is_seen_though_the_demo_is_paused(worker: Worker, loop: HourlyLoop, demo: DemoClock) -> None:
    worker.start()
    until(lambda: len(loop.done) == 4)
    for _ in range(2):
        loop.commands.append(demo.now())
        worker.wake()
        until(lambda: not loop.commands)


def test_a_failing_loop_is_shown_and_tried_again_without_ending(worker: Worker, loop: HourlyLoop) -> None:
    loop.broken = SourceFailed("flights.csv is gone", retryable=True, fix="put it back")
    worker.start()
    until(lambda: worker.last_error is not None and worker.last_error.attempts >= 2)
    assert worker.last_error
    assert (worker.last_error.code, worker.last_error.problem) == ("source_failed", "flights.csv is gone")
    assert worker.last_error.fix == "put it back"
    loop.broken = None
    until(lambda: loop.done == hours(4) and worker.last_error is None)


def test_a_look_that_failed_is_no_trouble_once_one_has_gone_well(loop: HourlyLoop, demo: DemoClock) -> None:
    failures = iter([SourceFailed("the database was away", retryable=True)])

    def tick() -> None:
        for failure in failures:
            raise failure

    loop.done = hours(4)  # nothing is due
    jobs = SimulatedJobs(SimulatedClock(START))
    worker = Worker(loop, jobs, demo, each_tick=tick)
    worker.start()
    until(lambda: worker.last_error is not None)
    until(lambda: worker.last_error is None)
    worker.stop()


def test_a_programming_error_in_the_loop_is_shown_as_a_bug(worker: Worker, loop: HourlyLoop) -> None:
    loop.broken = ZeroDivisionError("division by zero")
    worker.start()
    until(lambda: worker.last_error is not None)
    assert worker.last_error
    assert worker.last_error.code == "bug"
    assert "ZeroDivisionError" in worker.last_error.problem


def test_it_continues_after_a_restart(worker: Worker, loop: HourlyLoop, demo: DemoClock) -> None:
    worker.start()
    until(lambda: len(loop.done) == 4)
    worker.stop()
    demo.set_speed(36_000)
    until(lambda: demo.now() >= START + 6 * HOUR)
    assert loop.done == hours(4)
    worker.start()
    until(lambda: loop.done == hours(6))


def test_a_stop_does_not_wait_for_a_year_to_be_caught_up() -> None:
    class EndlessLoop:
        steps = 0

        def next_due(self) -> datetime:
            return START + HOUR * self.steps

        def run_until(self, at: datetime) -> None:
            self.steps += 1
            if self.steps == 10:
                stop[0]()

    clock = SimulatedClock(START + 10_000 * HOUR)
    endless = EndlessLoop()
    year = Worker(endless, SimulatedJobs(clock), clock)
    stop = [year.stop]
    year.advance()
    assert endless.steps == 10


def test_a_loop_that_stays_where_it_is_does_not_spin() -> None:
    class StuckLoop:
        calls = 0

        def next_due(self) -> datetime:
            return START

        def run_until(self, at: datetime) -> None:
            self.calls += 1

    clock = SimulatedClock(START)
    stuck = StuckLoop()
    Worker(stuck, SimulatedJobs(clock), clock).advance()
    assert stuck.calls == 1


def test_only_one_advances_at_a_time(loop: HourlyLoop) -> None:
    clock = SimulatedClock(START + 3 * HOUR)
    worker = Worker(loop, SimulatedJobs(clock), clock)
    threads = [threading.Thread(target=worker.advance) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loop.at_once == 1
    assert loop.done == hours(4)


def test_every_look_calls_each_tick(loop: HourlyLoop, demo: DemoClock, tmp_path: Path) -> None:
    looks: list[datetime] = []
    jobs = DurableJobs(jobs_url(f"sqlite:///{tmp_path / 'state.db'}"))
    worker = Worker(loop, jobs, demo, each_tick=lambda: looks.append(demo.now()))
    worker.start()
    until(lambda: len(looks) >= 3)
    worker.stop()
