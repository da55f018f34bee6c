"""Reading a fact of five million orders: metricloop beside Ibis and MetricFlow, in one run, by turns.

Ratios count, and seconds of the processor more than seconds of the clock: a machine is rarely idle. Neither peer is
among metricloop's packages; METRICLOOP_BENCH_PEERS names the Python of an environment that has them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

import psycopg
import pymysql

from benchmarks.orders import WINDOWS, Place, in_mariadb, in_postgresql, write_parquet
from benchmarks.processor import answering, seconds
from benchmarks.tables import markdown
from benchmarks.worker import Cell

ROWS = int(os.environ.get("METRICLOOP_BENCH_ROWS", "5000000"))
TIMES = {"60 days": int(os.environ.get("METRICLOOP_BENCH_TIMES", "3")), "2 hours": 20}
PEERS = os.environ.get("METRICLOOP_BENCH_PEERS", "")
_OURS = "metricloop"
_CONTENDERS = {
    "duckdb": (_OURS, "ibis", "ibis_rows", "metricflow"),
    "postgres": (_OURS, "ibis", "ibis_rows", "metricflow"),
    "mysql": (_OURS, "ibis"),  # which MetricFlow does not know; and a turn takes long
}
_CALLED = {"duckdb": "Parquet in DuckDB", "postgres": "PostgreSQL", "mysql": "MariaDB"}
ENGINES = os.environ.get("METRICLOOP_BENCH_SOURCES", ",".join(_CONTENDERS)).split(",")
_ROOT = Path(__file__).resolve().parents[1]
_HEAD = ("source, window", "reader", "client CPU s", "server CPU s", "wall s", "CPU ours/theirs", "wall ours/theirs")
# Processes of their own that help with one query could not be told from those of others.
_SETTINGS = {"PGOPTIONS": "-c max_parallel_workers_per_gather=0", "PYTHONWARNINGS": "ignore"}
_HINT = (
    "Not measured: {missing}. Both peers come by `python -m venv PEERS && PEERS/bin/pip install -r "
    "benchmarks/peers.txt`, then METRICLOOP_BENCH_PEERS=PEERS/bin/python; Ibis on MariaDB needs mysqlclient, which is "
    "built from source (on Debian: apt-get install libmariadb-dev)."
)


@dataclass(frozen=True, slots=True)
class Spent:
    """The best of several turns, each number for itself: seconds."""

    client: float
    server: float
    wall: float
    rows: int

    @property
    def processor(self) -> float:
        return self.client + self.server


class Reader:
    """A contender in a process of its own, warm after its first turn."""

    def __init__(self, name: str, place: Place) -> None:
        self.name = name
        self._place = place
        task = json.dumps({"engine": place.engine, "address": place.address, "schema": place.schema})
        names = {"METRICLOOP_BENCH_TASK": task, "METRICLOOP_BENCH_ADDRESS": place.address}
        self._process = subprocess.Popen(
            [sys.executable if name == _OURS else PEERS, "-m", "benchmarks.worker", name],
            cwd=_ROOT,
            env={**os.environ, **_SETTINGS, **names},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def opened(self) -> bool:
        """False when it could not start; it has said why on stderr."""
        return bool(self._line())

    def read(self, window: str, keep: Path | None = None) -> Spent:
        start, end = WINDOWS[window]
        servers = answering(self._place, self._process.pid)
        before = seconds(servers)
        asked = {"start": start.isoformat(), "end": end.isoformat(), "keep": str(keep) if keep else None}
        assert self._process.stdin is not None, "piped"
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        found = json.loads(self._line())
        return Spent(found["cpu"], seconds(servers) - before, found["wall"], found["rows"])

    def close(self) -> None:
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None, "piped"
        return self._process.stdout.readline()


def report() -> str:
    rows: list[list[str]] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        parquet = Path(os.environ.get("METRICLOOP_BENCH_FOLDER", folder)) / str(ROWS) / "orders.parquet"
        parquet.parent.mkdir(parents=True, exist_ok=True)
        if not parquet.exists():  # a folder of one's own keeps it for the next run
            write_parquet(parquet, ROWS)
        for engine in ENGINES:
            place = _placed(engine, parquet, stack)
            if place is None:
                notes.append(f"{_CALLED[engine]}: no server.")
                continue
            sys.stderr.write(f"  {_CALLED[engine]}\n")
            with _readers(place) as readers:
                rows += _compared(place, readers, Path(folder), notes)
            stack.pop_all().close()
    return markdown(f"Reading {ROWS:,} orders", _HEAD, rows, "\n".join([_NOTE, *(f"- {note}" for note in notes)]))


_NOTE = (
    "fulfilment_rate by hour, warehouse and carrier: the least of several turns, the readers one after the other in "
    "each, every one in a process of its own whose connection is open. CPU: seconds of the processor, of the reader's "
    "process and of what answers it in the server. metricloop gives rows of numbers in order, Ibis an Arrow table "
    "(ibis_rows: made into such rows), MetricFlow the rows of its SQL's cursor, in no order. Of Parquet, metricloop "
    "holds a copy in memory (made when it reads for the first time, below), its peers read the file. PostgreSQL works "
    "without parallel workers. MetricFlow knows no MariaDB.\n"
)


def _placed(engine: str, parquet: Path, stack: ExitStack) -> Place | None:
    try:
        if engine == "postgres":
            return stack.enter_context(in_postgresql(parquet))
        if engine == "mysql":
            return stack.enter_context(in_mariadb(parquet))
    except (psycopg.OperationalError, pymysql.err.OperationalError):
        return None
    return Place("duckdb", str(parquet.parent))


@contextmanager
def _readers(place: Place) -> Iterator[list[Reader]]:
    names = [name for name in _CONTENDERS[place.engine] if name == _OURS or PEERS]
    readers = [Reader(name, place) for name in names]
    try:
        yield [reader for reader in readers if reader.opened()]
    finally:
        for reader in readers:
            reader.close()


def _compared(place: Place, readers: Sequence[Reader], folder: Path, notes: list[str]) -> list[list[str]]:
    called = _CALLED[place.engine]
    missing = set(_CONTENDERS[place.engine]) - {reader.name for reader in readers}
    if missing:
        notes.append(f"{called}: " + _HINT.format(missing=", ".join(sorted(missing))))
    kept = {reader.name: folder / f"{place.engine}.{reader.name}.json" for reader in readers}
    first = {reader.name: reader.read("60 days", kept[reader.name]) for reader in readers}
    notes += [f"{called}, {told}" for told in _differences(kept)]
    if place.engine == "duckdb":
        notes.append(f"{called}: the first reading of all by metricloop, with loading, {_seconds(first[_OURS])}.")
    rows: list[list[str]] = []
    for window, times in TIMES.items():
        turns: dict[str, list[Spent]] = {reader.name: [] for reader in readers}
        for turn in range(times):
            for reader in readers if turn % 2 else list(reversed(readers)):
                turns[reader.name].append(reader.read(window))
        best = {name: _best(found) for name, found in turns.items()}
        told = [_row(f"{called}, {window}", name, best) for name in best]
        sys.stderr.write("".join(f"    {' | '.join(row)}\n" for row in told))  # a long run may be cut short
        rows += told
    return rows


def _seconds(spent: Spent) -> str:
    return f"{spent.processor:.2f} s of the processor, {spent.wall:.2f} s by the clock"


def _best(turns: Sequence[Spent]) -> Spent:
    """Ticks of a server are hundredths of a second: of short readings the mean."""
    server = min(turn.server for turn in turns)
    if server < 0.1:
        server = sum(turn.server for turn in turns) / len(turns)
    return Spent(min(turn.client for turn in turns), server, min(turn.wall for turn in turns), turns[0].rows)


def _row(what: str, name: str, best: Mapping[str, Spent]) -> list[str]:
    ours, spent = best[_OURS], best[name]
    cells = [f"{what} ({spent.rows:,} rows)", name, f"{spent.client:.4f}", f"{spent.server:.4f}", f"{spent.wall:.4f}"]
    if name == _OURS:
        return [*cells, "", ""]
    return [*cells, f"{ours.processor / spent.processor:.2f}", f"{ours.wall / spent.wall:.2f}"]


def _differences(kept: Mapping[str, Path]) -> list[str]:
    """Cell by cell, beside ours."""
    ours = _cells(kept[_OURS])
    told = []
    for name, path in kept.items():
        theirs = _cells(path)
        if name == _OURS:
            continue
        absent = len(ours.keys() ^ theirs.keys())
        apart = sum(not _same(ours[cell], theirs[cell]) for cell in ours.keys() & theirs.keys())
        unknown = sum(rate is None for rate in theirs.values())
        told.append(
            f"{name}: {len(theirs):,} cells, {apart} with another rate than ours, {absent} that only one of the two "
            f"has, {unknown} without a rate (nothing shipped; ours: {sum(rate is None for rate in ours.values())})."
        )
    return told


def _cells(path: Path) -> dict[tuple[Any, ...], float | None]:
    found: list[Cell] = json.loads(path.read_text(encoding="utf-8"))
    return {(hour, warehouse, carrier): rate for hour, warehouse, carrier, rate in found}


def _same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else isclose(one, other, rel_tol=1e-12)
