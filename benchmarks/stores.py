"""The store: points written and read per second, small units of work per second, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psycopg

from benchmarks.tables import markdown
from metricloop.kernel.events import Event
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.store import Store, open_store

POSTGRESQL = os.environ.get("METRICLOOP_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
_BEGIN = datetime(2013, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_SLICES = (TOTAL, *(Slice.of({"dest": f"D{i:03}"}) for i in range(119)))
_MONTH = 31 * 24


def report() -> str:
    sqlite, postgresql = _rates_sqlite(), _rates_postgresql()
    rows = [[name, _told(sqlite, name), _told(postgresql, name)] for name in sqlite]
    note = (
        f"A point is one hour of one slice, numerator and denominator; an hour here has {len(_SLICES)} slices. A small "
        "unit tells one event and commits; a look reads the waiting events and the next timer."
    )
    return markdown("Store, per second", ("what", "SQLite", "PostgreSQL"), rows, note)


def _told(column: dict[str, float] | None, name: str) -> str:
    return "no server" if column is None else f"{column[name]:,.0f}"


def _rates_sqlite() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return _rates(str(Path(folder) / "bench.db"))


def _rates_postgresql() -> dict[str, float] | None:
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError:
        return None
    with _schema() as url:
        return _rates(url)


@contextmanager
def _schema() -> Iterator[str]:
    name = f"metricloop_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        try:
            yield f"{POSTGRESQL}{'&' if '?' in POSTGRESQL else '?'}options={quote(f'-csearch_path={name}')}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


def _rates(url: str) -> dict[str, float]:
    store = open_store(url)
    try:
        store.migrate()
        return {
            "points written, an hour at a time": _repeated(240, lambda i: _write(store, "hours", i, 1)) * len(_SLICES),
            "points written, a month at once": _repeated(3, lambda i: _write(store, "m", i * _MONTH, _MONTH))
            * _month(),
            "points read, an hour at a time": _repeated(240, lambda i: _read(store, "m", i, 1)) * len(_SLICES),
            "points read, a month at once": _repeated(3, lambda i: _read(store, "m", i * _MONTH, _MONTH)) * _month(),
            "points read, a month of packed days": _packed(store) * _month(),
            "small units of work": _repeated(400, lambda i: _tell(store, i)),
            "looks": _repeated(1000, lambda _: _look(store)),
        }
    finally:
        store.close()


def _month() -> int:
    return _MONTH * len(_SLICES)


def _repeated(times: int, what: Callable[[int], None]) -> float:
    """How often a second."""
    began = time.perf_counter()
    for i in range(times):
        what(i)
    return times / (time.perf_counter() - began)


def _write(store: Store, metric: str, first: int, hours: int) -> None:
    starts = tuple(_BEGIN + (first + i) * _HOUR for i in range(hours))
    counts = np.random.default_rng(first).poisson(20.0, (2, hours, len(_SLICES))).astype(np.float64)
    with store.unit() as unit:
        unit.points.put(metric, Panel(_SLICES, starts, counts[0], counts[1], starts))


def _read(store: Store, metric: str, first: int, hours: int) -> None:
    begin = _BEGIN + first * _HOUR
    with store.unit(write=False) as unit:
        unit.points.read(metric, begin, begin + hours * _HOUR)


def _packed(store: Store) -> float:
    store.compact(_BEGIN + 4 * _MONTH * _HOUR)
    return _repeated(3, lambda i: _read(store, "m", i * _MONTH, _MONTH))


def _tell(store: Store, number: int) -> None:
    with store.unit() as unit:
        unit.events.tell(Event(f"bench:{number}", "bench.told", str(number), _BEGIN))


def _look(store: Store) -> None:
    with store.unit(write=False) as unit:
        unit.events.unhandled(1)
        unit.events.next_timer()
