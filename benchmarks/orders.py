"""A made-up fact of orders, the same from the same seed, in Parquet, PostgreSQL and MariaDB.

60 days across the changes of the clocks in America and Europe, busy and quiet hours, large and small warehouses, and
NULLs in each column that may have them. The databases get an index on the time, as such a table has.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import numpy as np
import psycopg
import pymysql

POSTGRESQL = os.environ.get("METRICLOOP_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
MARIADB = os.environ.get("METRICLOOP_TEST_MARIADB", "mysql://root@127.0.0.1:3306/test")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = 60 * 24
END = BEGIN + timedelta(hours=HOURS)
WINDOWS = {"60 days": (BEGIN, END), "2 hours": (END - timedelta(hours=2), END)}
_WAREHOUSES = tuple(f"W{i:02}" for i in range(1, 13))
_CARRIERS = ("DHL", "UPS", "FedEx", "GLS", "SF", "YTO")
_STATES = ("fulfilled", "open", "cancelled")
_SEED = 20260301
_COLUMNS = (
    "order_id BIGINT PRIMARY KEY, created_at {time} NOT NULL, updated_at {time} NOT NULL, warehouse VARCHAR(16), "
    "carrier VARCHAR(16), status VARCHAR(16), qty INTEGER, amount DECIMAL(12, 2)"
)
_AT = f"TIMESTAMP '{BEGIN:%Y-%m-%d %H:%M:%S}' + to_seconds(second"
# A code past the end of its list is NULL.
_ROWS = f"""
SELECT row_id AS order_id, {_AT}) AS created_at, {_AT} + more) AS updated_at,
  {list(_WAREHOUSES)}[warehouse + 1] AS warehouse, {list(_CARRIERS)}[carrier + 1] AS carrier,
  {list(_STATES)}[state + 1] AS status, CAST(qty AS INTEGER) AS qty, CAST(cents / 100.0 AS DECIMAL(12, 2)) AS amount
FROM drawn
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the fact is. engine: duckdb, postgres or mysql. address: of the server; of DuckDB the folder of
    orders.parquet. schema: what the table stands in, on a server."""

    engine: str
    address: str
    schema: str = ""


def write_parquet(path: Path, rows: int) -> None:
    """The fact in order of time."""
    with duckdb.connect() as connection:
        connection.register("drawn", _drawn(rows))
        connection.execute(f"COPY ({_ROWS}) TO '{path}' (FORMAT parquet)")


def _drawn(rows: int) -> dict[str, Any]:
    draw = np.random.default_rng(_SEED)
    hour = np.arange(HOURS)
    busy = (1.0 + 0.9 * np.sin(2 * np.pi * (hour % 24) / 24)) * np.where(hour // 24 % 7 < 5, 1.0, 0.4)
    second = np.sort(draw.choice(HOURS, rows, p=busy / busy.sum()) * 3600 + draw.integers(0, 3600, rows))
    return {
        "row_id": np.arange(1, rows + 1),
        "second": second,
        "more": draw.integers(0, 86_400, rows),
        "warehouse": draw.choice(13, rows, p=_shares(12)),
        "carrier": draw.choice(7, rows, p=_shares(6)),
        "state": draw.choice(4, rows, p=[0.80, 0.13, 0.06, 0.01]),
        "qty": draw.integers(1, 20, rows),
        "cents": draw.integers(100, 100_000, rows),
    }


def _shares(known: int) -> list[float]:
    """Each half as large again as the next; the last one is the NULLs'."""
    sizes = np.append(1.5 ** -np.arange(known), 0.02)
    return [float(share) for share in sizes / sizes.sum()]


@contextmanager
def in_postgresql(parquet: Path) -> Iterator[Place]:
    """Raises psycopg.OperationalError where there is no server."""
    schema = f"metricloop_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        try:
            connection.execute(f"CREATE TABLE {schema}.orders ({_COLUMNS.format(time='TIMESTAMP')})".encode())
            with (
                connection.cursor().copy(f"COPY {schema}.orders FROM STDIN (FORMAT csv)".encode()) as copy,
                _csv(parquet, "").open("rb") as file,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)
            connection.execute(f"CREATE INDEX ON {schema}.orders (created_at)".encode())
            connection.execute(f"VACUUM ANALYZE {schema}.orders".encode())
            yield Place("postgres", POSTGRESQL, schema)
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@contextmanager
def in_mariadb(parquet: Path) -> Iterator[Place]:
    """Raises pymysql.OperationalError where there is no server."""
    schema = f"metricloop_bench_{uuid.uuid4().hex[:12]}"
    with closing(pymysql.connect(**mariadb_options(), local_infile=True, autocommit=True)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {schema}")
        try:
            cursor.execute(f"CREATE TABLE {schema}.orders ({_COLUMNS.format(time='DATETIME')})")
            cursor.execute(
                f"LOAD DATA LOCAL INFILE '{_csv(parquet, chr(92) + 'N')}' INTO TABLE {schema}.orders "
                "FIELDS TERMINATED BY ','"
            )
            cursor.execute(f"CREATE INDEX created_at ON {schema}.orders (created_at)")
            cursor.execute(f"ANALYZE TABLE {schema}.orders")
            yield Place("mysql", MARIADB, schema)
        finally:
            cursor.execute(f"DROP DATABASE {schema}")


def mariadb_options() -> Mapping[str, Any]:
    parts = urlsplit(MARIADB)
    return {
        "host": parts.hostname or "127.0.0.1",
        "port": parts.port or 3306,
        "user": unquote(parts.username or "root"),
        "password": unquote(parts.password or ""),
    }


def _csv(parquet: Path, null: str) -> Path:
    path = parquet.with_suffix(f".{len(null)}.csv")
    if not path.exists():
        duckdb.execute(f"COPY (FROM '{parquet}') TO '{path}' (FORMAT csv, HEADER false, NULLSTR '{null}')")
    return path
