"""What every implementation of the jobs port does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from metricloop.jobs.ports import Job, Queue
from metricloop.kernel.errors import Bug
from tests.jobs.stage import Stage


@pytest.mark.parametrize("queue", list(Queue))
def test_a_job_runs_once_per_key(stage: Stage, queue: Queue) -> None:
    for _ in range(3):
        stage.jobs.enqueue(Job("note", "key", "once", queue=queue))
    stage.until_ran("once")
    stage.jobs.enqueue(Job("note", "key", "once", queue=queue))
    stage.let_others_run()
    assert stage.ran.count("once") == 1


def test_different_keys_are_different_jobs(stage: Stage) -> None:
    for key in ("a", "b", "c"):
        stage.jobs.enqueue(Job("note", key, key))
    stage.until(lambda: sorted(stage.ran) == ["a", "b", "c"])


def test_a_delayed_job_runs_after_its_delay(stage: Stage) -> None:
    before = stage.clock.now()
    stage.jobs.enqueue(Job("note", "later", "later", delay=timedelta(seconds=1.5)))
    stage.jobs.enqueue(Job("note", "now", "now"))
    stage.until_ran("later")
    assert stage.ran == ["now", "later"]
    assert stage.times["later"] - before >= timedelta(seconds=1.5)


def test_a_failing_job_is_tried_again(stage: Stage) -> None:
    stage.fails["flaky"] = 2
    stage.jobs.enqueue(Job("note", "flaky", "flaky"))
    stage.until(lambda: stage.ran.count("flaky") == 3)
    stage.let_others_run()
    assert stage.ran.count("flaky") == 3
    assert not stage.jobs.dead()


def test_a_job_that_fails_for_good_is_reported(stage: Stage) -> None:
    stage.fails["doomed"] = 99
    stage.jobs.enqueue(Job("note", "webhook:7", "doomed"))
    stage.until(lambda: bool(stage.jobs.dead()))
    (dead,) = stage.jobs.dead()
    assert (dead.name, dead.key, dead.argument, dead.attempts) == ("note", "webhook:7", "doomed", 3)
    assert "cannot be reached" in dead.problem
    assert stage.ran.count("doomed") == 3


def test_a_failing_job_does_not_hold_up_the_others(stage: Stage) -> None:
    stage.fails["doomed"] = 99
    stage.jobs.enqueue(Job("note", "doomed", "doomed", queue=Queue.ADVANCE))
    stage.jobs.enqueue(Job("note", "healthy", "healthy", queue=Queue.ADVANCE))
    stage.until_ran("healthy")


def test_a_handler_may_line_up_the_next_job(stage: Stage) -> None:
    stage.jobs.stop()
    stage.jobs.handle("first", lambda _: stage.jobs.enqueue(Job("note", "second", "second")))
    stage.jobs.start()
    stage.jobs.enqueue(Job("first", "first"))
    stage.until_ran("second")


def test_a_stop_keeps_what_waits(stage: Stage) -> None:
    stage.jobs.enqueue(Job("note", "waiting", "waiting", delay=timedelta(seconds=1)))
    stage.jobs.stop()
    assert stage.ran == []
    stage.jobs.start()
    stage.until(lambda: stage.ran == ["waiting"])


def test_a_job_that_nobody_handles_is_refused(stage: Stage) -> None:
    with pytest.raises(Bug, match="typo"):
        stage.jobs.enqueue(Job("typo", "key"))
