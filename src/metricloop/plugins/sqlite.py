"""Source `sqlite`: a SQLite file, opened for reading only. Times must be ISO 8601 text; SQLite has no time type."""

from __future__ import annotations

import sqlite3
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from metricloop.plugins.pool import Pool
from metricloop.plugins.server import Limits
from metricloop.plugins.statements import one_select
from metricloop.sdk import Context, SourceFailed, SourcePlugin

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_STEPS = 10_000  # virtual machine steps between two looks at the time-out


_TABLES = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY 1"
)


class SqliteOptions(Limits):
    path: str = Field(description="the file, relative to the project's folder")


class _Session:
    """A connection with the moment until which its statement may run."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.deadline = 0.0
        connection.set_authorizer(_allow)
        connection.set_progress_handler(lambda: int(time.monotonic() > self.deadline), _STEPS)


class SqliteSource:
    """A few connections. An authoriser refuses everything but reading, also ATTACH and PRAGMA.

    A file that was replaced by another, as nightly exports are, is opened anew.
    """

    dialect = "sqlite"

    def __init__(self, options: SqliteOptions, context: Context) -> None:
        self._path = (context.folder / options.path).resolve()
        self._timeout_s = options.timeout_s
        self._lock = threading.Lock()
        self._opened: tuple[int, int] | None = None
        self._pool: Pool[_Session] = Pool(
            options.connections, self._connect, lambda session: session.connection.close(), options.timeout_s
        )

    def columns(self, table: str) -> Mapping[str, str]:
        schema, _, name = table.rpartition(".")
        rows = self._ask(f"PRAGMA {_quoted(schema or 'main')}.table_info({_quoted(name)})")[1]
        found = [(str(row[1]), str(row[2])) for row in rows]
        if not found:
            raise SourceFailed(
                f"no table {table!r}",
                retryable=False,
                where=str(self._path),
                fix="correct the table of the dataset",
            )
        place = ".".join(_quoted(part) for part in (schema or "main", name))
        return {column: self._kind(place, column, kind) for column, kind in found}

    def tables(self) -> Sequence[str]:
        return [str(name) for (name,) in self._ask(_TABLES)[1]]

    def describe(self, sql: str) -> Mapping[str, str]:
        one_select(sql, self.dialect, str(self._path))
        names = self._ask(f"SELECT * FROM ({sql}) LIMIT 0")[0]
        return {name: self._kind(f"({sql})", name, "") for name in names}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        one_select(sql, self.dialect, str(self._path))
        return self._ask(sql)[1]

    def close(self) -> None:
        self._pool.close()

    def _kind(self, place: str, column: str, declared: str) -> str:
        """SQLite lets any value into any column, so the first one decides whether it can be a time."""
        name = _quoted(column)
        sql = f"SELECT typeof({name}), DATETIME({name}) IS NOT NULL FROM {place} WHERE {name} IS NOT NULL LIMIT 1"
        rows = self._ask(sql)[1]
        if not rows:
            return declared or "unknown"
        stored, is_time = str(rows[0][0]), bool(rows[0][1])
        says_time = declared.lower().startswith(("timestamp", "datetime", "date"))
        if stored == "text" and is_time:
            return declared if says_time else "TEXT (time)"
        return stored.upper() if says_time or not declared else declared

    def _ask(self, sql: str) -> tuple[list[str], list[Any]]:
        """The names of the columns, and the rows, of the file that stands at the path now."""
        present = self._identity()
        with self._lock:
            if self._opened != present:
                self._pool.close()
            self._opened = present
        return self._pool.ask(lambda session: self._run(session, sql))

    def _run(self, session: _Session, sql: str) -> tuple[list[str], list[Any]]:
        session.deadline = time.monotonic() + self._timeout_s
        try:
            cursor = session.connection.execute(sql)
            return [str(field[0]) for field in cursor.description or ()], cursor.fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> SourceFailed:
        where = str(self._path)
        text = str(error)
        if text == "interrupted":
            return SourceFailed(
                f"no answer within {self._timeout_s:g} s",
                retryable=True,
                where=where,
                fix="raise timeout_s, or index the time column",
            )
        if "not authorized" in text or "prohibited" in text or "one statement" in text:
            return SourceFailed("only one SELECT is allowed", retryable=False, where=where, fix="read, never write")
        locked = "locked" in text
        fix = "try again later" if locked else "check the file, and the column and table names"
        return SourceFailed(text, retryable=locked, where=where, fix=fix)

    def _identity(self) -> tuple[int, int]:
        """Which file stands at the path now: an open connection would go on reading one that is gone."""
        if not self._path.is_file():
            raise SourceFailed(
                "there is no such file", retryable=False, where=str(self._path), fix="correct path in its options"
            )
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _connect(self) -> _Session:
        uri = f"{self._path.as_uri()}?mode=ro"
        try:
            connection = sqlite3.connect(uri, uri=True, timeout=10, check_same_thread=False)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA case_sensitive_like = ON")  # as every other engine has it
            connection.create_function("metricloop_hash", 1, _hash, deterministic=True)  # SQLite has none of its own
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return _Session(connection)


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _allow(action: int, first: str | None, second: str | None, schema: str | None, trigger: str | None) -> int:
    if action in _READING or (action == sqlite3.SQLITE_PRAGMA and first == "table_info"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


PLUGIN = SourcePlugin("sqlite", SqliteOptions, "A SQLite file, read only", build=SqliteSource)
