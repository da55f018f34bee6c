"""A store: one database, opened, brought up to date, backed up, closed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from metricloop.kernel.errors import InvalidInput
from metricloop.store.failures import explain
from metricloop.store.migrations.upgrade import upgrade
from metricloop.store.repositories.axes import AxisMemory
from metricloop.store.repositories.labels import LabelMemory
from metricloop.store.transactions import Transactions
from metricloop.store.unit import Unit

_FORMS = "write sqlite:///PATH, a plain path, or postgresql://USER:PASSWORD@HOST/NAME"


class Store:
    """All the state of one installation. `unit` opens units of work; threads may share a store, processes may not.

    Opening does not migrate: call `migrate` once at start.
    """

    def __init__(self, url: URL, *, scratch: bool) -> None:
        self._url = url
        self._transactions = Transactions(url, scratch=scratch)
        self._axes = AxisMemory()
        self._labels = LabelMemory()

    @property
    def url(self) -> str:
        """With the password, for other engines that work on the same database. Never show it."""
        return self._url.render_as_string(hide_password=False)

    @property
    def engine(self) -> Engine:
        """The engine that writes. On SQLite it has one connection: whoever takes it, keeps all units waiting."""
        return self._transactions.writer

    def unit(self, *, write: bool = True) -> Unit:
        """A new unit of work, to be entered with `with`. One opened with write=False refuses to write (Bug)."""
        return Unit(self._transactions, self._axes, self._labels, write=write)

    def migrate(self) -> None:
        """Bring the tables up to date; nothing happens when they are. StoreFailed for those of a later program."""
        upgrade(self.engine)

    def compact(self, before: datetime) -> int:
        """Pack the hours of all days that end at or before `before`, a transaction each; says how many days."""
        with self.unit(write=False) as look:
            days = look.points.uncompacted(before)
        for metric, day in days:
            with self.unit() as unit:
                unit.points.compact(metric, day)
        return len(days)

    def backup(self, path: Path) -> None:
        """Copy the whole database to a new SQLite file while others read and write it; SQLite only."""
        if self._url.get_backend_name() != "sqlite" or self._url.database is None:
            raise InvalidInput("only SQLite is backed up from here", fix="use pg_dump of your PostgreSQL")
        if path.exists():
            raise InvalidInput(f"{path} exists already", fix="name a new file for the backup")
        try:
            with closing(sqlite3.connect(self._url.database)) as source, closing(sqlite3.connect(path)) as copy:
                source.backup(copy)
        except sqlite3.Error as error:
            raise explain(error, self._url.set(database=str(path)), read_only=False) from error

    def close(self) -> None:
        self._transactions.close()


def open_store(url: str | Path, *, scratch: bool = False) -> Store:
    """Open the database at `url`: `sqlite:///PATH`, a plain path, or `postgresql://...`.

    scratch: a power cut may lose the last commits or the whole file; for replays whose store is thrown away.
    Raises InvalidInput for another kind of address; a file or server that does not answer shows at first use.
    """
    return Store(_parsed(str(url)), scratch=scratch)


def _parsed(text: str) -> URL:
    if "://" not in text:
        return URL.create("sqlite", database=text) if text else _refuse("the address of the database is empty")
    try:
        url = make_url(text)
    except ArgumentError:
        return _refuse("the address of the database cannot be understood")
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        return _refuse(f"{url.drivername} is not a database this program keeps its state in")
    if not url.database or url.database == ":memory:":
        return _refuse("a database in memory is gone when the process ends")
    return url


def _refuse(problem: str) -> URL:
    raise InvalidInput(problem, fix=_FORMS)
