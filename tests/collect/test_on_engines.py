"""What only an engine can tell: whether an index serves, and that text is never taken for a number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from metricloop.collect.compile import compile_reading
from metricloop.collect.model import Reading
from metricloop.collect.probes import compile_changed
from metricloop.define.dataset import Agg, Measure
from metricloop.define.model import Source
from metricloop.kernel.errors import SourceFailed
from metricloop.kernel.message import Text
from tests.collect.engines import POSTGRES, postgres_schema
from tests.collect.flights import FLIGHTS, hour, open_sources, reading
from tests.missing import missing

MEASURES = (
    Measure("plain", Agg.SUM, "distance"),
    Measure("reckoned", Agg.SUM, "distance * 2 - 1"),
    Measure("chosen", Agg.SUM, "CASE WHEN carrier = 'AA' THEN distance ELSE 0 END"),
    Measure("kept", Agg.SUM, "distance", "carrier = 'UA'"),
    Measure("most", Agg.MAX, "distance"),
    Measure("middle", Agg.MEDIAN, "distance"),
    Measure("usual", Agg.AVERAGE, "distance"),
    Measure("rows", Agg.COUNT, "distance"),
)
DATASET = replace(FLIGHTS, measures=MEASURES, updated_column="updated_at")
DAY = (hour(3, 1), hour(3, 2))


def asked(name: str, source: Source | None = None) -> Reading:
    plain = reading(*DAY, measures=(name,))
    return replace(plain, dataset=DATASET, buckets=(DAY,), source=source or plain.source)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(tmp_path_factory.mktemp("sqlite") / "flights.db")
    opened.execute("CREATE TABLE flights (time_hour TEXT, updated_at TEXT, carrier TEXT, distance INTEGER)")
    opened.execute("CREATE INDEX by_time ON flights (time_hour)")
    opened.execute("CREATE INDEX by_update ON flights (updated_at)")
    opened.execute("INSERT INTO flights VALUES ('2013-03-01T10:00:00Z', '2013-03-01T10:00:00Z', 'AA', 'twelve')")
    opened.commit()
    yield opened
    opened.close()


def test_sqlite_finds_times_of_any_form_by_the_index(connection: sqlite3.Connection) -> None:
    hours, buckets = replace(asked("rows"), buckets=None), asked("rows")
    for sql, index in (
        (compile_reading(hours, "sqlite"), "by_time (time_hour>? AND time_hour<?)"),
        (compile_reading(buckets, "sqlite"), "by_time (time_hour>? AND time_hour<?)"),
        (compile_changed(DATASET, hour(3, 1), "sqlite"), "by_update (updated_at>?)"),
    ):
        plan = " ".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert index in plan


@pytest.mark.parametrize("measure", [measure.name for measure in MEASURES])
def test_a_text_among_numbers_is_an_error_and_no_zero(measure: str, connection: sqlite3.Connection) -> None:
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    source = Source("flights", "sqlite", Text(), {"path": path})
    with open_sources(Path("/")) as sources:
        if measure in ("rows", "kept"):  # it is counted, and the filter leaves it out
            (row,) = sources.read(asked(measure, source))
            assert row.measures == ((1.0,) if measure == "rows" else (0.0,))
            return
        with pytest.raises(SourceFailed, match="text twelve") as caught:
            sources.read(asked(measure, source))
    assert not caught.value.retryable


def test_postgres_reads_the_window_by_the_index() -> None:
    if not POSTGRES:
        missing("METRICLOOP_TEST_POSTGRES names no PostgreSQL", "Start one and set it to postgresql://...")
    with postgres_schema() as (opened, schema):
        opened.execute(f"SET search_path = {schema}".encode())
        opened.execute(b"CREATE TABLE flights (time_hour timestamptz, carrier text, distance int)")
        opened.execute(
            b"INSERT INTO flights SELECT timestamptz '2013-01-01' + i * interval '3 min', 'AA', i "
            b"FROM generate_series(1, 60000) AS g(i)"
        )
        opened.execute(b"CREATE INDEX by_time ON flights (time_hour)")
        opened.execute(b"ANALYZE flights")
        for one in (replace(asked("rows"), buckets=None), asked("middle")):
            assert "by_time" in _plan(opened, compile_reading(one, "postgres"))


def _plan(connection: psycopg.Connection, sql: str) -> str:
    return " ".join(str(row[0]) for row in connection.execute(f"EXPLAIN {sql}".encode()))
