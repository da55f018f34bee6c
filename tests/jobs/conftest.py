from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from metricloop.jobs.clocks import SystemClock
from metricloop.jobs.durable import DurableJobs, jobs_url
from metricloop.jobs.ports import Retry
from metricloop.jobs.simulated import SimulatedJobs
from metricloop.kernel.clock import SimulatedClock
from tests.jobs.databases import postgres_database
from tests.jobs.stage import Stage

RETRY = Retry(attempts=3, first=timedelta(milliseconds=200))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'state.db'}"
    else:
        with postgres_database() as url:
            yield url


@pytest.fixture(params=["simulated", "sqlite", "postgres"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Running jobs, on each implementation of the port in turn."""
    if request.param == "simulated":
        clock = SimulatedClock(datetime(2013, 4, 16, tzinfo=UTC))
        yield from played(Stage(SimulatedJobs(clock, RETRY), clock))
    elif request.param == "sqlite":
        yield from played(durable(f"sqlite:///{tmp_path / 'state.db'}"))
    else:
        with postgres_database() as url:
            yield from played(durable(url))


def durable(url: str) -> Stage:
    return Stage(DurableJobs(jobs_url(url), RETRY), SystemClock())


def played(stage: Stage) -> Iterator[Stage]:
    stage.jobs.start()
    yield stage
    stage.jobs.stop()
