"""What is particular to the durable queue."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from metricloop.jobs.clocks import SystemClock
from metricloop.jobs.durable import SCHEMA, DurableJobs, jobs_url, parsed
from metricloop.jobs.heartbeat import Heartbeats, is_gone
from metricloop.jobs.ports import Job, Queue
from metricloop.jobs.upkeep import drop
from metricloop.kernel.errors import Conflict, InvalidInput, StoreFailed
from tests.jobs.stage import Stage


@pytest.fixture
def stage(database: str) -> Iterator[Stage]:
    stage = Stage(DurableJobs(jobs_url(database)), SystemClock())
    stage.jobs.start()
    yield stage
    stage.jobs.stop()


def test_finished_jobs_are_forgotten_after_their_time(stage: Stage) -> None:
    stage.jobs.enqueue(Job("note", "key", "first"))
    stage.until_ran("first")
    stage.let_others_run()
    drop(status="SUCCESS", queue=Queue.OUTWARD, older=timedelta(seconds=-60))
    stage.jobs.enqueue(Job("note", "key", "second"))
    stage.until_ran("second")


def test_a_second_start_is_refused(stage: Stage) -> None:
    with pytest.raises(Conflict):
        stage.jobs.start()


def test_a_stopped_queue_takes_no_job(database: str) -> None:
    jobs = DurableJobs(jobs_url(database))
    jobs.handle("note", lambda _: None)
    with pytest.raises(Conflict):
        jobs.enqueue(Job("note", "key"))


def test_the_state_database_may_have_a_table_that_the_engine_has_too(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with sqlite3.connect(state) as connection:
        connection.execute("CREATE TABLE notifications (id TEXT PRIMARY KEY)")
    stage = Stage(DurableJobs(jobs_url(f"sqlite:///{state}")), SystemClock())
    stage.jobs.start()
    stage.jobs.enqueue(Job("note", "key", "ran"))
    stage.until_ran("ran")
    stage.jobs.stop()


def test_nothing_is_stored_as_pickle(tmp_path: Path) -> None:
    stage = Stage(DurableJobs(f"sqlite:///{tmp_path / 'jobs'}"), SystemClock())
    stage.jobs.start()
    stage.jobs.enqueue(Job("note", "key", "readable"))
    stage.until_ran("readable")
    stage.jobs.stop()
    with sqlite3.connect(tmp_path / "jobs") as connection:
        stored = connection.execute("SELECT DISTINCT serialization FROM workflow_status").fetchall()
    assert stored == [("portable_json",)]


@pytest.mark.parametrize("url", ["mysql://root@127.0.0.1/test", "sqlite://", "sqlite:///:memory:", "state.db"])
def test_an_unfit_database_is_refused_with_the_fix(url: str) -> None:
    with pytest.raises(InvalidInput, match="sqlite:///FILE or postgresql://"):
        parsed(url)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/state.db", "postgresql://u:secret@127.0.0.1:1/x"])
def test_a_database_out_of_reach_is_one_clear_error_without_the_password(url: str) -> None:
    with pytest.raises(StoreFailed) as caught:
        DurableJobs(jobs_url(url)).start()
    assert "Fix: check that the database can be reached" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.fixture
def hearts(database: str) -> Heartbeats:
    hearts = Heartbeats(make_url(parsed(jobs_url(database))), SCHEMA, "me")
    hearts.join()
    return hearts


def test_who_beats_lives_and_who_left_does_not(hearts: Heartbeats) -> None:
    assert hearts.dead(["me", "stranger"]) == {"stranger"}
    hearts.leave()
    assert hearts.dead(["me"]) == {"me"}


def test_only_one_takes_over_at_a_time(hearts: Heartbeats) -> None:
    assert [hearts.lead() for _ in range(3)] == [True, False, False]


def test_joining_twice_does_no_harm(hearts: Heartbeats) -> None:
    hearts.join()
    assert hearts.dead(["me"]) == frozenset()


def test_a_process_that_ended_is_gone_and_one_that_is_stopped_is_not() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    host = os.uname().nodename
    os.kill(process.pid, signal.SIGSTOP)
    assert not is_gone(host, process.pid)
    process.kill()
    process.communicate()
    assert is_gone(host, process.pid)
    assert not is_gone("another-machine", process.pid)
