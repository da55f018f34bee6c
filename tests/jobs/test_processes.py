"""Workers in processes of their own, ended in the rudest way."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from metricloop.jobs.durable import DurableJobs, jobs_url
from metricloop.jobs.ports import Queue
from tests.jobs.databases import postgres_database
from tests.jobs.process import DEAD_AFTER

ROOT = Path(__file__).parents[2]


class Workers:
    """Starts worker processes and ends those that are left."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._all: list[subprocess.Popen[str]] = []

    def start(self, url: str, *jobs: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.jobs.process", url, str(self.log), *jobs]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self._all.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def wait_for(self, *words: str, times: int = 1) -> None:
        for _ in range(600):
            if sum(line[: len(words)] == list(words) for line in self.lines()) >= times:
                return
            time.sleep(0.05)
        raise AssertionError(f"{words} did not come; there is {self.lines()}")

    def end(self) -> None:
        for process in self._all:
            process.kill()
            process.communicate()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    workers = Workers(tmp_path / "log")
    yield workers
    workers.end()


@pytest.fixture
def postgres() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.mark.parametrize("queue", list(Queue))
def test_a_job_interrupted_by_kill_9_runs_after_the_restart(database: str, workers: Workers, queue: Queue) -> None:
    first = workers.start(database, f"hang/{queue}/half-done", f"note/{queue}/waiting")
    workers.wait_for("hangs", "half-done")
    first.kill()
    first.wait()
    workers.start(database)
    workers.wait_for("hangs", "half-done", times=2)
    assert len({pid for word, key, pid in workers.lines() if (word, key) == ("hangs", "half-done")}) == 2


def test_what_waited_behind_an_interrupted_job_runs_after_the_restart(database: str, workers: Workers) -> None:
    first = workers.start(database, "hang/advance/half-done", "note/advance/waiting")
    workers.wait_for("hangs", "half-done")
    first.kill()
    first.wait()
    jobs = DurableJobs(jobs_url(database), dead_after=DEAD_AFTER)
    ran: list[str] = []
    jobs.handle("hang", ran.append)
    jobs.handle("note", ran.append)
    jobs.start()
    for _ in range(600):
        if len(ran) < 2:
            time.sleep(0.05)
    jobs.stop()
    assert sorted(ran) == ["half-done", "waiting"]


def test_two_workers_share_the_keys(postgres: str, workers: Workers) -> None:
    keys = [f"k{number}" for number in range(40)]
    for _ in range(2):
        workers.start(postgres, *(f"note/outward/{key}" for key in keys))
    workers.wait_for("done", times=len(keys))
    assert Counter(key for _, key, _ in workers.lines()) == dict.fromkeys(keys, 1)


def test_two_workers_advance_one_at_a_time(postgres: str, workers: Workers) -> None:
    keys = [f"k{number}" for number in range(10)]
    for _ in range(2):
        workers.start(postgres, *(f"pair/advance/{key}" for key in keys))
    workers.wait_for("end", times=len(keys))
    words = [word for word, _, _ in workers.lines()]
    assert words == ["begin", "end"] * len(keys)


def test_a_living_worker_takes_over_from_a_dead_one(postgres: str, workers: Workers) -> None:
    first = workers.start(postgres, "hang/advance/shared")
    workers.wait_for("hangs", "shared")
    second = workers.start(postgres)
    first.kill()
    workers.wait_for("hangs", "shared", times=2)
    assert [pid for _, _, pid in workers.lines()] == [str(first.pid), str(second.pid)]


def test_a_clean_stop_ends_the_process(database: str, workers: Workers) -> None:
    process = workers.start(database, "note/outward/only")
    workers.wait_for("done", "only")
    process.communicate(timeout=30)
    assert process.returncode == 0
