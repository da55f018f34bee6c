"""`store` is an empty, migrated store; every test that takes it runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from metricloop.store import Store, open_store
from tests.store.databases import backends, drop_schema, empty, migrated, new_schema


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", backends(), scope="session")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied: migrating for every test would cost more than the tests."""
    path = tmp_path_factory.mktemp("template") / "state.db"
    migrated(str(path)).close()
    return path


@pytest.fixture(scope="session")
def postgresql_schema() -> Iterator[str]:
    """A migrated schema that belongs to this process; its tests run one after the other."""
    url = new_schema()
    migrated(url).close()
    yield url
    drop_schema(url)


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if backend == "postgresql":
        schema: str = request.getfixturevalue("postgresql_schema")
        empty(schema)
        return schema
    return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'state.db')}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, scratch=True)
    yield opened
    opened.close()
