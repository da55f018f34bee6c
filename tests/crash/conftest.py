from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.crash.record import Record, record
from tests.crash.runs import Site
from tests.crash.world import World, make_world
from tests.jobs.databases import postgres_database
from tests.store.databases import backends

SEEDS = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`seed` runs over METRICLOOP_CRASH_SEEDS of them (default 3), or is the one in METRICLOOP_CRASH_SEED."""
    if "seed" in metafunc.fixturenames:
        only = os.environ.get("METRICLOOP_CRASH_SEED")
        count = int(os.environ.get("METRICLOOP_CRASH_SEEDS", SEEDS))
        metafunc.parametrize("seed", [int(only)] if only else range(1, count + 1))
    if "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", backends())
    if "server" in metafunc.fixturenames:
        metafunc.parametrize("server", [kind for kind in backends() if kind == "postgresql"])


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Ten days of it."""
    return make_world(tmp_path_factory.mktemp("world") / "project", hours=240)


@pytest.fixture(scope="session")
def undisturbed(world: World, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A life without any trouble, on SQLite: the measure for all the others, also those on PostgreSQL."""
    site = Site(world, tmp_path_factory.mktemp("undisturbed"))
    site.live()
    return site


@pytest.fixture(scope="session")
def reference(undisturbed: Site) -> Record:
    return record(undisturbed.database, undisturbed.outside)


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes an installation on the given kind of database, with a database of its own."""
    with ExitStack() as stack:

        def make(world: World, backend: str = "sqlite") -> Site:
            url = stack.enter_context(postgres_database()) if backend == "postgresql" else None
            return Site(world, tmp_path / "home", url)

        yield make
