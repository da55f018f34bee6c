"""Which workers live: the engine hands over the jobs of a dead one only if somebody says that it is dead."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy import Column as Col
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

DEAD_AFTER = 10.0  # seconds without a beat; there are five in that time
LEASE = "lease"  # the row whose holder may take over jobs; not a worker
FORGOTTEN_AFTER = 86_400.0
# Seconds since 1970 by the database's own clock, for the machines' clocks may differ.
NOW = {
    "postgresql": "extract(epoch from clock_timestamp())::float8",
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
}


class Heartbeats:
    """One row per worker that says when it was last seen.

    Created by the worker itself like the engine's own tables: nothing in it is worth a migration or a back-up. It
    cannot tell a dead worker from one that was stopped for ten seconds; the loop's transactions bear two of them for a
    while.
    """

    def __init__(self, url: URL, schema: str, worker: str, dead_after: float = DEAD_AFTER) -> None:
        self.worker = worker
        self.dead_after = dead_after
        self._engine = connect(url)
        self._schema = schema if self._engine.dialect.name == "postgresql" else None
        self._now: ColumnElement[float] = literal_column(NOW[self._engine.dialect.name], Float)
        self._rows = Table(
            "job_workers",
            MetaData(schema=self._schema),
            Col("id", String, primary_key=True),
            Col("host", String, nullable=False),
            Col("pid", Integer, nullable=False),
            Col("seen_at", Float, nullable=False),
        )

    def join(self) -> None:
        """Create what is missing and beat for the first time."""
        with self._engine.begin() as tx:
            if self._schema:
                # Two workers that start together must not both create the schema.
                tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(self._schema))))
                tx.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{self._schema}"'))
            self._rows.create(tx, checkfirst=True)
        self._add(LEASE, 0.0)
        self.beat()

    def beat(self) -> None:
        with self._engine.begin() as tx:
            seen = update(self._rows).where(self._rows.c.id == self.worker).values(seen_at=self._now)
            known = tx.execute(seen).rowcount
        if not known:
            self._add(self.worker, self._now)

    def leave(self) -> None:
        """This worker ends on purpose: what it left undone is free at once."""
        with self._engine.begin() as tx:
            tx.execute(delete(self._rows).where(self._rows.c.id == self.worker))
        self._engine.dispose()

    def lead(self) -> bool:
        """Whether this worker alone may take over jobs for the next moment.

        Two that took over the same job one after the other would interrupt the first one's run.
        """
        rows = self._rows
        with self._engine.begin() as tx:
            free = update(rows).where(rows.c.id == LEASE, rows.c.seen_at < self._now - self.dead_after / 4)
            return tx.execute(free.values(seen_at=self._now)).rowcount == 1

    def dead(self, workers: Iterable[str]) -> frozenset[str]:
        """Those of the workers that live no more."""
        with self._engine.connect() as tx:
            alive = frozenset(self._alive(tx))
        return frozenset(workers) - alive

    def forget(self) -> None:
        """Drop rows of workers that ended long ago without saying so."""
        with self._engine.begin() as tx:
            old = self._rows.c.seen_at < self._now - FORGOTTEN_AFTER
            tx.execute(delete(self._rows).where(old, self._rows.c.id != LEASE))

    def _alive(self, tx: Connection) -> Iterable[str]:
        rows = self._rows.c
        for row in tx.execute(select(rows.id, rows.host, rows.pid).where(rows.seen_at >= self._now - self.dead_after)):
            if row.id == self.worker or self._schema or not is_gone(row.host, row.pid):
                yield row.id

    def _add(self, name: str, seen_at: float | ColumnElement[float]) -> None:
        try:
            with self._engine.begin() as tx:
                row = {"id": name, "host": socket.gethostname(), "pid": os.getpid(), "seen_at": seen_at}
                tx.execute(insert(self._rows).values(row))
        except IntegrityError:
            return  # another worker has just added the lease


def is_gone(host: str, pid: int) -> bool:
    """Whether that process of this machine has surely ended. A file's database need not wait for missed beats then.

    Not asked on Windows, where the question would end the process.
    """
    if host != socket.gethostname() or os.name == "nt":
        return False
    if pid == os.getpid():
        return True  # a former process had our number, as process 1 of a restarted container
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def connect(url: URL) -> Engine:
    """A small pool of connections; SQLite with write-ahead log, so that readers never wait for the writer."""
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_size=1, max_overflow=2, pool_pre_ping=True)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    return engine
