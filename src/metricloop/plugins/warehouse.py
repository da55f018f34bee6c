"""Source `warehouse`: any database that SQLAlchemy reaches, by an address by reference and the dialect of its SQL.

For some dialects the SQL is generated and was never run: docs/reference/bundled-plugins.md says for which. The driver
is the user's own to install. The real barrier against writing is a role that may only SELECT.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, TypeVar, cast

import sqlalchemy
from pydantic import Field
from sqlalchemy import exc
from sqlalchemy.pool import NullPool

from metricloop.plugins.pool import ConnectionCut, Pool
from metricloop.plugins.server import Limits
from metricloop.plugins.statements import one_select
from metricloop.plugins.warehouse_words import DRIVERS, kind_of, session_of, word_of
from metricloop.sdk import Context, Secret, SourceFailed, SourcePlugin

T = TypeVar("T")
Speaks = Literal[
    "trino", "doris", "starrocks", "spark", "databricks", "hive", "snowflake", "bigquery", "redshift",
    "postgres", "mysql", "sqlite", "duckdb", "clickhouse",
]  # fmt: skip


class WarehouseOptions(Limits):
    """`url` as SQLAlchemy writes addresses, and the dialect; `session` replaces what a session begins with."""

    url: Secret = Field(description="env:NAME or file:PATH of an address such as trino://user@host:8080/hive/sales")
    dialect: Speaks = Field(description="the SQL it speaks")
    session: tuple[str, ...] | None = Field(None, description="statements a session begins with; it must be in UTC")
    schemas: tuple[str, ...] = Field((), description="whose tables are offered beside those of the default one")
    connect: dict[str, Any] = Field(default_factory=dict, description="further arguments of the driver; no secrets")


class WarehouseSource:
    """A few connections. A statement that takes too long is cancelled as far as its driver can."""

    def __init__(self, options: WarehouseOptions, context: Context) -> None:
        self._options = options
        self.dialect = options.dialect
        self._where = options.url.reference
        self._lock = threading.Lock()
        self._engine: sqlalchemy.Engine | None = None
        self._pool: Pool[sqlalchemy.Connection] = Pool(options.connections, self._connect, _close, options.timeout_s)

    def columns(self, table: str) -> Mapping[str, str]:
        schema, _, name = table.rpartition(".")

        def ask(connection: sqlalchemy.Connection) -> Mapping[str, str]:
            try:
                found = sqlalchemy.inspect(connection).get_columns(name, schema=schema or None)
            except exc.NoSuchTableError:
                return {}
            return {str(column["name"]): kind_of(column["type"], connection.dialect) for column in found}

        found = self._inspected(ask)
        if not found:
            raise SourceFailed(
                f"no table {table!r}",
                retryable=False,
                where=self._where,
                fix="write table or schema.table, and let the user see it",
            )
        return found

    def tables(self) -> Sequence[str]:
        def ask(connection: sqlalchemy.Connection) -> Sequence[str]:
            inspector = sqlalchemy.inspect(connection)
            found = []
            for schema in (None, *self._options.schemas):
                names = {*inspector.get_table_names(schema=schema), *inspector.get_view_names(schema=schema)}
                found += [f"{schema}.{name}" if schema else name for name in sorted(names)]
            return found

        return self._inspected(ask)

    def describe(self, sql: str) -> Mapping[str, str]:
        one_select(sql, self.dialect, self._where)
        asked = f"SELECT * FROM ({sql}) AS described LIMIT "
        fields, _ = self._pool.ask(lambda connection: self._run(connection, asked + "0"))
        if all(isinstance(field[1], str) for field in fields):
            return {str(field[0]): str(field[1]).lower() for field in fields}
        # The driver tells no names of types; the first row says what there is.
        _, rows = self._pool.ask(lambda connection: self._run(connection, asked + "1"))
        first = rows[0] if rows else [None] * len(fields)
        return {str(field[0]): word_of(cell) for field, cell in zip(fields, first, strict=True)}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        one_select(sql, self.dialect, self._where)
        return self._pool.ask(lambda connection: self._run(connection, sql))[1]

    def close(self) -> None:
        self._pool.close()
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _run(self, connection: sqlalchemy.Connection, sql: str) -> tuple[Sequence[Any], list[Any]]:
        """By the driver's own cursor, so that no sign in the text is taken for a parameter."""
        raw = connection.connection
        cursor = raw.cursor()
        timer, late = self._timer(cursor, connection)
        try:
            cursor.execute(sql)
            return cursor.description or (), [tuple(row) for row in cursor.fetchall()]
        except Exception as error:  # each driver raises its own kinds
            raise self._query_failed(connection, error, late.is_set()) from error
        finally:
            timer.cancel()
            _end(connection, cursor)

    def _timer(self, cursor: Any, connection: sqlalchemy.Connection) -> tuple[threading.Timer, threading.Event]:
        """Cancels at the time-out, and says then that it did."""
        late = threading.Event()
        driver = connection.connection.driver_connection
        timer = threading.Timer(self._options.timeout_s, _cancel, (cursor, driver, late))
        timer.daemon = True
        timer.start()
        return timer, late

    def _inspected(self, ask: Callable[[sqlalchemy.Connection], T]) -> T:
        def run(connection: sqlalchemy.Connection) -> T:
            timer, late = self._timer(None, connection)
            try:
                return ask(connection)
            except Exception as error:  # each driver raises its own kinds
                raise self._query_failed(connection, error, late.is_set()) from error
            finally:
                timer.cancel()
                _end(connection)

        return self._pool.ask(run)

    def _connect(self) -> sqlalchemy.Connection:
        engine = self._made()
        session = self._options.session
        if session is None:
            session = session_of(self.dialect, self._options.timeout_s)
        try:
            connection = engine.connect()
        except Exception as error:  # each driver raises its own kinds
            raise self._failed(
                error, retryable=isinstance(_driver_error(error), OSError) or _is_operational(error)
            ) from error
        try:
            raw = connection.connection
            for statement in session:
                cursor = raw.cursor()
                cursor.execute(statement)
                cursor.close()
            raw.commit()  # a SET inside a transaction that is rolled back would be undone
        except Exception as error:
            _close(connection)
            raise self._failed(error, retryable=False, fix="correct session of this source") from error
        return connection

    def _made(self) -> sqlalchemy.Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._new_engine()
            return self._engine

    def _new_engine(self) -> sqlalchemy.Engine:
        address = self._options.url.value()
        try:
            return sqlalchemy.create_engine(address, poolclass=NullPool, connect_args=self._options.connect)
        except (exc.NoSuchModuleError, ImportError) as error:
            package = DRIVERS.get(self.dialect, "the SQLAlchemy dialect of your database and its driver")
            raise SourceFailed(
                f"the driver of this address is not installed ({getattr(error, 'name', None) or self.dialect})",
                retryable=False,
                where=self._where,
                fix=f"pip install {package}",
            ) from None
        except (exc.SQLAlchemyError, ValueError, TypeError):
            pass
        # Raised out here, so that no error in the chain repeats the address.
        fix = "write it as SQLAlchemy does: dialect+driver://user:password@host:port/database"
        raise SourceFailed("this is not an address", retryable=False, where=self._where, fix=fix)

    def _query_failed(self, connection: sqlalchemy.Connection, error: Exception, late: bool) -> SourceFailed:
        if late:
            problem, fix = f"no answer within {self._options.timeout_s:g} s", "raise timeout_s, or read less at once"
            return ConnectionCut(problem, where=self._where, fix=fix, again=False)
        driver = _driver_error(error)
        cut = bool(getattr(error, "connection_invalidated", False))
        if not connection.closed and not connection.invalidated:
            cut = cut or connection.dialect.is_disconnect(cast(Any, driver), connection.connection, None)
        if cut or connection.invalidated:
            failed = self._failed(error, retryable=True)
            return ConnectionCut(failed.problem, where=failed.where, fix=failed.fix)
        return self._failed(error, retryable=False, fix="check names of tables and columns, types and rights")

    def _failed(self, error: Exception, *, retryable: bool, fix: str = "") -> SourceFailed:
        lines = [line.strip() for line in str(_driver_error(error)).splitlines() if line.strip()]
        text = " ".join(lines[:2]) or type(error).__name__
        password = sqlalchemy.make_url(self._options.url.value()).password
        if password:
            text = text.replace(str(password), "***")
        fix = fix or "check that the server runs and may be reached from here, user and password"
        return SourceFailed(text, retryable=retryable, where=self._where, fix=fix)


def _driver_error(error: Exception) -> BaseException:
    return (error.orig or error) if isinstance(error, exc.DBAPIError) else error


def _is_operational(error: Exception) -> bool:
    return isinstance(error, exc.OperationalError | exc.InterfaceError)


def _cancel(cursor: Any, connection: Any, late: threading.Event) -> None:
    """Drivers call it differently; one without any ends when its server does, or when its socket is closed."""
    late.set()
    ways = ((cursor, "cancel"), (connection, "cancel"), (connection, "interrupt"), (connection, "close"))
    found = (getattr(owner, name, None) for owner, name in ways)
    call = next((way for way in found if callable(way)), None)
    with suppress(Exception):  # the statement may just have ended; whether it did shows in the waiting thread
        if call is not None:
            call()


def _end(connection: sqlalchemy.Connection, cursor: Any = None) -> None:
    """Whatever was begun is rolled back. A connection where that fails is given up at its next use."""
    try:
        if cursor is not None:
            cursor.close()
        connection.rollback()
        connection.connection.rollback()
    except _errors(connection):
        connection.invalidate()


def _close(connection: sqlalchemy.Connection) -> None:
    try:
        connection.close()
    except _errors(connection):
        connection.invalidate()


def _errors(connection: sqlalchemy.Connection) -> tuple[type[Exception], ...]:
    """What a driver raises on a connection that is gone."""
    return (exc.SQLAlchemyError, OSError, connection.dialect.loaded_dbapi.Error)


PLUGIN = SourcePlugin(
    "warehouse", WarehouseOptions, "Any database that SQLAlchemy reaches; bring its driver", build=WarehouseSource
)
