"""Databases for tests: a fresh SQLite file, a PostgreSQL schema of our own.

PostgreSQL is `METRICLOOP_TEST_POSTGRES`, by default a local server that trusts `postgres`. Where none answers, the
tests run on SQLite alone and say so; with CI=true they fail instead.
"""

from __future__ import annotations

import os
import uuid
import warnings
from functools import cache
from urllib.parse import quote

import psycopg
from sqlalchemy import text

from metricloop.store import Store, open_store
from metricloop.store.tables import metadata

POSTGRESQL = os.environ.get("METRICLOOP_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


@cache
def backends() -> list[str]:
    """The kinds of database to test on."""
    if os.environ.get("CI") == "true" or _answers():
        return ["sqlite", "postgresql"]
    warnings.warn(
        f"NOT TESTED on PostgreSQL: no server answers at {POSTGRESQL}. Start one (Debian: apt-get install postgresql, "
        "then createdb test) or set METRICLOOP_TEST_POSTGRES to the address of a database for tests.",
        stacklevel=2,
    )
    return ["sqlite"]


def _answers() -> bool:
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def new_schema() -> str:
    """The address of a new, empty schema; every table without a schema in its name is made there."""
    name = f"metricloop_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{POSTGRESQL}{'&' if '?' in POSTGRESQL else '?'}options={quote(f'-csearch_path={name}')}"


def drop_schema(url: str) -> None:
    name = url.rpartition("%3D")[2]
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


def empty(url: str) -> None:
    """Delete every row, so that the next test starts from nothing."""
    store = open_store(url)
    with store.engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(text(f"DELETE FROM {table.name}"))
    store.close()


def migrated(url: str) -> Store:
    store = open_store(url, scratch=True)
    store.migrate()
    return store
