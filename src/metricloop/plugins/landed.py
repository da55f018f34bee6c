"""Landed records as tables that SQL can ask: those of a window are loaded into DuckDB, and read as files are.

Every table has two columns of ours: `_received_at` (when this content came, so that late data is found) and `_key`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metricloop.sdk import Declared, LandedTable, SourceFailed
from metricloop.sdk.host import LandedRow

MOST_ROWS = 5_000_000
TIMEOUT_S = 120.0
# A DATE, or a time without zone, may be meant in any zone; the query itself cuts exactly.
_ANY_ZONE = timedelta(days=1)
RECEIVED = "_received_at"
OURS: Mapping[str, str] = {RECEIVED: "TIMESTAMP", "_key": "VARCHAR"}


class Shelf(Protocol):
    """Where the landed rows of one source are found."""

    def revision(self) -> int:
        """Another number whenever rows may have changed."""
        ...

    def rows(self, table: str, limit: int, start: datetime | None, end: datetime | None) -> Sequence[LandedRow]: ...

    def rows_received(self, table: str, limit: int, since: datetime) -> Sequence[LandedRow]: ...


class Window:
    """Which rows of one table are wanted, by its time column or by when they came (RECEIVED, which has no end).

    Other tables of the same question are wanted whole.
    """

    def __init__(self, table: str, time_column: str, start: datetime, end: datetime) -> None:
        self.table = table
        self.time_column = time_column
        self.start = start
        self.end = end


Bounds = tuple[str, datetime | None, datetime | None]  # "at" or "received", from, to


class LandedTables:
    """An OpenSource. Keeps the last loaded window while nothing lands, because a window is asked for several times."""

    dialect = "duckdb"

    def __init__(self, declared: Declared, shelf: Shelf) -> None:
        self._declared = declared
        self._shelf = shelf
        self._lock = threading.RLock()
        self._kept: tuple[object, duckdb.DuckDBPyConnection] | None = None

    def tables(self) -> Sequence[str]:
        return sorted(self._declared.tables)

    def columns(self, table: str) -> Mapping[str, str]:
        return {**self._table(table).columns, **OURS}

    def describe(self, sql: str) -> Mapping[str, str]:
        """Columns of a SELECT with their types."""
        with self._lock:
            connection = self._loaded(())
            found = self._run(connection, f"DESCRIBE {_checked(connection, sql)}")
        return {str(row[0]): str(row[1]) for row in found}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        """Rows of one SELECT over all that has landed."""
        return self.read_window(sql, None)

    def read_window(self, sql: str, window: Window | None) -> Sequence[Sequence[object]]:
        """Rows of one SELECT that asks for nothing outside the window."""
        with self._lock:
            wanted = tuple((name, self._bounds(name, window)) for name in self._named(sql))
            connection = self._loaded(wanted)
            return self._run(connection, _checked(connection, sql))

    def close(self) -> None:
        with self._lock:
            if self._kept is not None:
                self._kept[1].close()
            self._kept = None

    def _table(self, name: str) -> LandedTable:
        tables = self._declared.tables
        if name not in tables:
            known = ", ".join(sorted(tables)) or "none"
            raise SourceFailed(f"no table {name!r}", retryable=False, fix=f"known tables: {known}")
        return tables[name]

    def _named(self, sql: str) -> list[str]:
        """The declared tables that a statement names."""
        try:
            trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
        except (SqlglotError, RecursionError) as error:
            raise SourceFailed(
                f"the query cannot be read: {str(error)[:200]}", retryable=False, fix="write one SELECT"
            ) from error
        named = {found.name.lower() for tree in trees for found in tree.find_all(exp.Table)}
        return [name for name in self.tables() if name.lower() in named]

    def _bounds(self, name: str, window: Window | None) -> Bounds:
        if window is not None and window.table == name and window.time_column == RECEIVED:
            return "received", window.start, None
        if window is None or window.table != name or window.time_column != self._table(name).time:
            return "at", None, None
        return "at", window.start - _ANY_ZONE, window.end + _ANY_ZONE

    def _loaded(self, wanted: Sequence[tuple[str, Bounds]]) -> duckdb.DuckDBPyConnection:
        state = (self._shelf.revision(), tuple(wanted))
        if self._kept is None or self._kept[0] != state:
            self.close()
            self._kept = (state, self._load(dict(wanted)))
        return self._kept[1]

    def _load(self, wanted: Mapping[str, Bounds]) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:")
        try:
            connection.execute("SET TimeZone = 'UTC'")
            for name, table in self._declared.tables.items():
                rows = self._rows(name, *wanted[name]) if name in wanted else ()
                _fill(connection, name, table, rows)
            connection.execute("SET threads = 1")  # sums of floats in one order: the same input, the same bytes
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
        except SourceFailed:
            connection.close()
            raise
        except duckdb.Error as error:
            connection.close()
            raise SourceFailed(
                f"what has landed does not fit the columns: {_first(error)}",
                retryable=False,
                fix="give a column whose type has changed another name, or its old type",
            ) from error
        return connection

    def _rows(self, name: str, by: str, start: datetime | None, end: datetime | None) -> Sequence[LandedRow]:
        if by == "received" and start is not None:
            rows = self._shelf.rows_received(name, MOST_ROWS + 1, start)
        else:
            rows = self._shelf.rows(name, MOST_ROWS + 1, start, end)
        if len(rows) > MOST_ROWS:
            raise SourceFailed(
                f"more than {MOST_ROWS} rows of {name} at once",
                retryable=False,
                fix="declare the table's time column, name it in the dataset, or keep fewer days",
            )
        return rows

    def _run(self, connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
        timer = threading.Timer(TIMEOUT_S, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return connection.execute(sql).fetchall()
        except duckdb.InterruptException as error:
            raise SourceFailed(f"no answer within {TIMEOUT_S:g} s", retryable=True, fix="read less at once") from error
        except duckdb.Error as error:
            raise SourceFailed(
                _first(error), retryable=False, fix="check the column and table names against the source's tables"
            ) from error
        finally:
            timer.cancel()


def _checked(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise SourceFailed(_first(error), retryable=False, fix="write one SELECT") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise SourceFailed("only one SELECT is allowed", retryable=False, fix="read, never write, a source")
    return sql


def _fill(connection: duckdb.DuckDBPyConnection, name: str, table: LandedTable, rows: Sequence[LandedRow]) -> None:
    """Make the table. The JSON goes in as text and is taken apart by the engine: a row at a time would take minutes."""
    columns = {**table.columns, **OURS}
    head = ", ".join(f"{_quoted(column)} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE TABLE {_quoted(name)} ({head})")
    if not rows:
        return
    # By way of text: a cast of text says what it cannot read, where one inside from_json would silently give NULL.
    casts = ", ".join(f"CAST(body.{_quoted(column)} AS {kind})" for column, kind in table.columns.items())
    given = {
        "spec": json.dumps(dict.fromkeys(table.columns, "VARCHAR")),
        "bodies": [row.body for row in rows],
        "received": [row.received_at.astimezone(UTC).replace(tzinfo=None).isoformat() for row in rows],
        "keys": [row.key for row in rows],
    }
    connection.execute(
        f"INSERT INTO {_quoted(name)} SELECT {casts}, CAST(received AS TIMESTAMP), key FROM ("
        "SELECT from_json(unnest($bodies::VARCHAR[]), $spec) AS body, unnest($received::VARCHAR[]) AS received, "
        "unnest($keys::VARCHAR[]) AS key)",
        given,
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first(error: duckdb.Error) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2])
