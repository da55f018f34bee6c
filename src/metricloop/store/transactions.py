"""Engines and transactions: who may write when, on SQLite and PostgreSQL.

SQLite: one writing connection per process, whose transactions begin IMMEDIATE, so that a write never fails half-way
because another process wrote in between; threads queue up for it. Readers have connections of their own that refuse to
write, and see the state as of their first look. PostgreSQL: a pool; readers get a read-only snapshot.
"""

from __future__ import annotations

import sqlite3
import threading
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from metricloop.kernel.errors import Bug
from metricloop.store.failures import explain, no_connection_free
from metricloop.store.statements import explained

_WAIT_S = 30


class Transactions:
    """Begins and ends transactions. Knows nothing of tables."""

    def __init__(self, url: URL, *, scratch: bool) -> None:
        self.url = url
        make = _sqlite_engine if url.get_backend_name() == "sqlite" else _postgresql_engine
        self.writer = make(url, scratch=scratch, write=True)
        self._reader = make(url, scratch=scratch, write=False)
        self._writing: dict[int, Connection] = {}

    def begin(self, *, write: bool) -> Connection:
        """A connection inside a new transaction. Raises Bug where this thread would wait for itself."""
        me = threading.get_ident()
        if write and me in self._writing:
            raise Bug("a unit of work that writes is opened inside another one")
        try:
            connection = (self.writer if write else self._reader).connect()
        except PoolTimeout as error:
            raise no_connection_free(self.url) from error
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        if write:
            self._writing[me] = connection
        return connection

    def end(self, connection: Connection, *, keep: bool) -> None:
        """Commit (`keep`) or roll back, and give the connection back in any case."""
        try:
            if keep and connection.engine is self.writer:
                connection.commit()
        finally:
            for thread in [thread for thread, theirs in self._writing.items() if theirs is connection]:
                del self._writing[thread]
            connection.close()  # rolls back what was not committed

    def close(self) -> None:
        self.writer.dispose()
        self._reader.dispose()


def _sqlite_engine(url: URL, *, scratch: bool, write: bool) -> Engine:
    size = {"pool_size": 1, "max_overflow": 0} if write else {"pool_size": 4, "max_overflow": 60}
    engine = create_engine(url, pool_timeout=_WAIT_S, connect_args={"timeout": _WAIT_S}, **size)
    pragmas = [
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={'OFF' if scratch else 'NORMAL'}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA temp_store=MEMORY",
        "PRAGMA cache_size=-32768",
        f"PRAGMA query_only={'OFF' if write else 'ON'}",
    ]

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        except sqlite3.Error as error:
            raise explained(connection, error) from error

    _explain_errors(engine, read_only=not write)
    return engine


def _postgresql_engine(url: URL, *, scratch: bool, write: bool) -> Engine:
    options: dict[str, Any] = {} if write else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=5, max_overflow=30, pool_timeout=_WAIT_S, execution_options=options
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # A machine that is suspended inside a transaction must not keep its locks from the others for ever.
        connection.execute(f"SET idle_in_transaction_session_timeout = '{_WAIT_S}s'")
        if scratch:
            connection.execute("SET synchronous_commit = off")
        connection.commit()

    _explain_errors(engine, read_only=not write)
    return engine


def _explain_errors(engine: Engine, *, read_only: bool) -> None:
    """Errors become the store's own, whether SQLAlchemy runs a statement or `statements` does."""
    tell = partial(explain, url=engine.url, read_only=read_only)

    @event.listens_for(engine, "handle_error")
    def handle(context: ExceptionContext) -> BaseException | None:
        if context.is_pre_ping and context.is_disconnect:
            return None  # the pool makes a new connection; nobody need hear of it
        return tell(context.original_exception)

    @event.listens_for(engine, "connect")
    def remember(_: Any, record: ConnectionPoolEntry) -> None:
        record.info["explain"] = tell
