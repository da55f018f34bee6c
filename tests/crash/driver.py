"""The running system in a process of its own, which may be killed at any moment and started again.

`python -m tests.crash.driver PROJECT DATABASE SINCE START END DATASET SPEED` lives through [START, END) by the demo's
clock with scripted responders, and ends when nothing is due any more. METRICLOOP_DIE=moment:n makes it kill itself at
the n-th such moment (moment:n:STOP: fall asleep until it is woken by a signal):

* begin, statement, commit: of writing transactions; one has just begun, a row is about to be written, all is written
  and not yet kept;
* checkpoint: a detector's state is about to be written;
* outward: a message or an effect has just left, its outcome is not written down.

How many of each there were is said on standard output in the end. METRICLOOP_PAGES=n: the disk is full when the SQLite
file has n pages, until a file `room` is made in the working folder.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import psycopg
from sqlalchemy import event

from metricloop.bootstrap.demo import keep_clock, resumed_clock
from metricloop.bootstrap.serving import RunningSystem, prepare, state_folder
from metricloop.kernel.errors import StoreFailed
from metricloop.kernel.grain import HOUR
from metricloop.loop.responders import Responders
from metricloop.store.database import Store, open_store

_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Settings:
    project: Path
    database: str
    speed: float
    base_url: str = "http://127.0.0.1:8321"


class Moments:
    """Counts the moments at which a process may die, and dies at the one that was asked for."""

    def __init__(self, store: Store, folder: Path, die_at: str) -> None:
        self.seen: Counter[str] = Counter()
        self._folder = folder
        self._moment, number, how = [*die_at.split(":"), "", ""][:3]
        self._number = int(number or 0)
        self._signal = signal.SIGSTOP if how == "STOP" else signal.SIGKILL
        self._outside = self._sent()
        event.listen(store.engine, "connect", self._listen)
        event.listen(store.engine, "begin", self._begun)
        event.listen(store.engine, "commit", lambda connection: self._reached("commit"))

    def _listen(self, connection: Any, _: Any) -> None:
        """To every statement, as the database's own driver has it."""
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(self._writing)
        else:
            connection.cursor_factory = type("Heard", (_Heard,), {"told": staticmethod(self._writing)})

    def _begun(self, connection: Any) -> None:
        sent = self._sent()
        if sent != self._outside:
            self._outside = sent
            self._reached("outward")
        self._reached("begin")

    def _writing(self, statement: str) -> None:
        if statement.startswith(_WRITES):
            if " detector_states " in statement:
                self._reached("checkpoint")
            self._reached("statement")

    def _reached(self, moment: str) -> None:
        self.seen[moment] += 1
        if moment == self._moment and self.seen[moment] == self._number:
            os.kill(os.getpid(), self._signal)

    def _sent(self) -> int:
        """How much has been written outside; only the loop writes there, right before a transaction."""
        return sum(path.stat().st_size for path in self._folder.glob("*/*.jsonl"))


def fill_disk(store: Store, pages: int) -> None:
    """Let the SQLite file grow to so many pages only, as if there were no room for more."""

    def limit(connection: Any) -> None:
        most = 2**30 if Path("room").exists() else pages
        connection.connection.driver_connection.execute(f"PRAGMA max_page_count = {most}")

    event.listen(store.engine, "begin", limit)


class _Heard(psycopg.Cursor[Any]):
    """A cursor that tells of each statement before it goes out."""

    told: Callable[[str], None]

    def execute(self, query: Any, *given: Any, **options: Any) -> Self:
        self.told(str(query))
        return super().execute(query, *given, **options)

    def executemany(self, query: Any, *given: Any, **options: Any) -> None:
        self.told(str(query))
        super().executemany(query, *given, **options)


def main(project: str, database: str, since: str, start: str, end: str, dataset: str, speed: str) -> None:
    settings = Settings(Path(project), database, float(speed))
    store = open_store(database)
    moments = Moments(store, state_folder(database), os.environ.get("METRICLOOP_DIE", ""))
    if os.environ.get("METRICLOOP_PAGES"):
        fill_disk(store, int(os.environ["METRICLOOP_PAGES"]))
    prepare(store, settings.project, at=datetime.fromisoformat(since))
    with store.unit(write=False) as unit:
        begun = unit.collections.get(dataset) is not None
    if not begun:
        keep_clock(store, datetime.fromisoformat(start))
    clock = resumed_clock(store, settings.speed, datetime.fromisoformat(end))
    system = RunningSystem(
        store, settings, clock, since=datetime.fromisoformat(since), responders=Responders(leave_open=0)
    )
    system.start()
    _say({"running": os.getpid()})
    troubles = set()
    while not _done(system, dataset, datetime.fromisoformat(end)):
        time.sleep(0.1)
        trouble = system.trouble()
        if trouble and trouble.problem not in troubles:
            troubles.add(trouble.problem)
            _say({"trouble": trouble.problem, "code": trouble.code, "fix": trouble.fix})
    system.stop()
    _say({"moments": moments.seen})


def _done(system: RunningSystem, dataset: str, end: datetime) -> bool:
    """Everything that fell due before the end has been done."""
    if system.clock.now() < end:
        return False
    try:
        lateness = system.project().datasets[dataset].lateness
        with system.open_unit(write=False) as unit:
            state, timer = unit.collections.get(dataset), unit.events.next_timer()
            if unit.events.unhandled(1) or state is None or state.until is None:
                return False
    except StoreFailed:  # this look's connection was cut
        return False
    return state.until + HOUR + lateness > end and (timer is None or timer.due_at > end)


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
