"""Late rows, updates and deleted rows: how many stored numbers are wrong after each way to find them, and how long each
takes. On PostgreSQL, whose fact table has indexes on its two times.
"""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import psycopg

from benchmarks.tables import markdown
from metricloop.collect.compile import compile_reading
from metricloop.collect.model import Reading
from metricloop.collect.reconcile import Reconciled, compare, keep_compared, look_to_compare
from metricloop.collect.restate import measures_of, read_cubes
from metricloop.collect.rules import Window, panel_of
from metricloop.collect.use_cases import collect_due
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Direction, Governance, Metric, MetricType, Source
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store import Store, open_store

POSTGRESQL = os.environ.get("METRICLOOP_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
DAYS, LATE, UPDATED, DELETED = 60, 5_000, 500, 200
END = datetime(2026, 3, 2, 12, tzinfo=UTC)
START = END - timedelta(days=DAYS)
_H = timedelta(hours=1)
_MEASURES = (Measure("orders", Agg.COUNT), Measure("amount", Agg.SUM, "amount"))
PLAIN = Dataset(
    "orders", "shop", "orders", "created_at", ZoneInfo("Asia/Shanghai"), _H, ("warehouse", "carrier"), _MEASURES
)
_GOVERNED = Governance("nobody", "L1", "count", Direction.UP)
METRICS = tuple(
    Metric(
        name, MetricType.SIMPLE, "orders", name, None, Text(), Text(), (Grain.HOUR,), _GOVERNED, PLAIN.dimensions
    )
    for name in ("orders", "amount")
)  # fmt: skip
WAYS: Mapping[str, Dataset] = {
    "the new hours alone": PLAIN,
    "an overlap of 48 h": replace(PLAIN, overlap=timedelta(hours=48)),
    "updated_column": replace(PLAIN, overlap=timedelta(hours=2), updated_column="updated_at"),
}


_ORDERS = """
INSERT INTO orders SELECT i, at, at, 'W' || i %% 4, 'C' || i %% 5, i %% 97
FROM (
  SELECT i, %s::timestamptz + (i * %s / %s::float8) * interval '1 second' AS at FROM generate_series(0, %s - 1) AS i
) AS made"""
# Most of them are late by days, some by weeks.
_LATE_ORDERS = """
INSERT INTO orders SELECT 10000000000 + i,
  %s::timestamptz + power(i * 7919 %% 5000 / %s::float8, 0.2) * %s * interval '1 second', %s,
  'W' || i %% 4, 'C' || i %% 5, 11
FROM generate_series(1, %s) AS i"""


@dataclass(frozen=True, slots=True)
class Found:
    """stale: stored numbers (hour, slice, metric) that are not what the table says. touched: hours read again."""

    way: str
    stale: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Late:
    found: tuple[Found, ...]
    reconciled: Reconciled
    increment_rows: int
    table_rows: int
    hours_rows: int


def report() -> str:
    try:
        late = measure(5_000_000)
    except psycopg.OperationalError:
        return markdown("Late data", ("way", "stale numbers", "s"), [], "no PostgreSQL server")
    rows = [[each.way, f"{each.stale:,}", f"{each.seconds:.2f}"] for each in late.found]
    note = (
        f"{LATE:,} late rows, {UPDATED} updates and {DELETED} deleted rows, over {DAYS} days of "
        f"{late.table_rows:,} orders. "
        f"The increment of two hours touches {late.increment_rows:,} rows of the table; those hours hold "
        f"{late.hours_rows:,}. The night read {late.reconciled.again} of {late.reconciled.buckets} hours again."
    )
    return markdown("Late data", ("way", "stale numbers", "s"), rows, note)


def measure(orders: int) -> Late:
    """Each way on a store of its own, over the same table; then the night on the first of them."""
    with tempfile.TemporaryDirectory() as place, _table(orders) as (connection, address):
        folder = Path(place)
        (folder / "address").write_text(address)
        source = Source("shop", "postgres", Text(), {"url": f"file:{folder / 'address'}"})
        sources = Sources(load_registry(), Context(folder, SystemClock()))
        try:
            stores = {way: _collected(folder / f"{at}.db", sources, source, WAYS[way]) for at, way in enumerate(WAYS)}
            _disturb(connection)
            later = END + 3 * _H
            found = []
            for way, store in stores.items():
                began = time.perf_counter()
                with store.unit() as unit:
                    collect_due(unit, sources, WAYS[way], source, METRICS, later, examiner=sources)
                spent = time.perf_counter() - began
                found.append(Found(way, stale(store, sources, source), spent))
            night = next(iter(stores.values()))
            began = time.perf_counter()
            done = _reconcile(night, sources, source, later)
            spent = time.perf_counter() - began
            found.append(Found("the night", stale(night, sources, source), spent))
            touched, hours = _increment(connection, source)
            for store in stores.values():
                store.close()
        finally:
            sources.close()
        return Late(tuple(found), done, touched, _count(connection, "true"), hours)


@contextmanager
def _table(orders: int) -> Iterator[tuple[psycopg.Connection, str]]:
    schema = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        try:
            connection.execute(f"SET search_path = {schema}".encode())
            connection.execute(
                "CREATE TABLE orders (id bigint, created_at timestamptz, updated_at timestamptz, warehouse text, "
                "carrier text, amount numeric)"
            )
            connection.execute(_ORDERS, (START, (END + 3 * _H - START).total_seconds(), orders, orders))
            connection.execute("CREATE INDEX by_time ON orders (created_at)")
            connection.execute("CREATE INDEX by_update ON orders (updated_at)")
            connection.execute("ANALYZE orders")
            yield connection, psycopg.conninfo.make_conninfo(POSTGRESQL, options=f"-c search_path={schema}")
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


def _collected(path: Path, sources: Sources, source: Source, dataset: Dataset) -> Store:
    """Two months of history, and one night over it."""
    store = open_store(path, scratch=True)
    store.migrate()
    with store.unit() as unit:
        collect_due(unit, sources, dataset, source, METRICS, END, since=START, examiner=sources)
    _reconcile(store, sources, source, END)
    return store


def _reconcile(store: Store, sources: Sources, source: Source, now: datetime) -> Reconciled:
    with store.unit(write=False) as look:
        asked = look_to_compare(look, PLAIN, source, METRICS, now, days=DAYS + 1)
    assert asked is not None
    compared = compare(sources, asked, sources)
    with store.unit() as unit:
        return keep_compared(unit, compared)


def _disturb(connection: psycopg.Connection) -> None:
    """What happened to the past meanwhile. A deleted row leaves nothing that could say when."""
    now, span = END + _H, (END - 2 * _H - START).total_seconds()
    connection.execute(_LATE_ORDERS, (START, LATE, span, now, LATE))
    picked = "SELECT id FROM orders WHERE created_at < %s AND id < 10000000000 ORDER BY md5(id::text || %s) LIMIT %s"
    changed = f"UPDATE orders SET amount = amount + 1000, updated_at = %s WHERE id IN ({picked})"
    connection.execute(changed.encode(), (now, END - 2 * _H, "updated", UPDATED))
    gone = f"DELETE FROM orders WHERE id IN ({picked})"
    connection.execute(gone.encode(), (END - 2 * _H, "deleted", DELETED))
    connection.execute("ANALYZE orders")


def stale(store: Store, sources: Sources, source: Source) -> int:
    """How many stored numbers differ from what the table says now."""
    window = Window(START, END - _H)
    wrong = 0
    with store.unit(write=False) as unit:
        known = unit.points.axis("orders")
        for cube in read_cubes(sources, PLAIN, source, METRICS, window, known):
            for metric in METRICS:
                fresh = panel_of(cube, metric, END)
                stored = unit.points.read(metric.name, cube.hours[0], cube.hours[-1] + _H, cube.slices)
                wrong += int((~np.isclose(fresh.numerator, stored.numerator)).sum())
    return wrong


def _increment(connection: psycopg.Connection, source: Source) -> tuple[int, int]:
    """Rows of the table that a reading of two hours touches, and how many there are in those hours."""
    reading = Reading(source, PLAIN, measures_of(METRICS), ("carrier",), END, END + 2 * _H)
    asked = f"EXPLAIN (ANALYZE, FORMAT JSON) {compile_reading(reading, 'postgres')}"
    (answer,) = connection.execute(asked.encode()).fetchone() or ([],)
    return _scanned(answer[0]["Plan"]), _count(connection, f"created_at >= '{END}' AND created_at < '{END + 2 * _H}'")


def _scanned(plan: Mapping[str, object]) -> int:
    inner = plan.get("Plans")
    if isinstance(inner, list):
        return max(_scanned(each) for each in inner)
    removed = plan.get("Rows Removed by Filter", 0)
    return int(str(plan["Actual Rows"]).split(".", maxsplit=1)[0]) + int(str(removed).split(".", maxsplit=1)[0])


def _count(connection: psycopg.Connection, condition: str) -> int:
    (found,) = connection.execute(f"SELECT count(*) FROM orders WHERE {condition}".encode()).fetchone() or (0,)
    return int(found)
