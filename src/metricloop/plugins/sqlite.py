"""Source `sqlite`: a SQLite file, opened for reading only. Times must be ISO 8601 text; SQLite has no time type."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from metricloop.sdk import Context, Options, SourceFailed, SourcePlugin

_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_STEPS = 10_000  # virtual machine steps between two looks at the time-out


class SqliteOptions(Options):
    path: str = Field(description="the file, relative to the project's folder")
    timeout_s: float = Field(60.0, gt=0, le=3600)


class SqliteSource:
    """One connection; calls take turns. An authoriser refuses everything but reading, also ATTACH and PRAGMA.

    A file that was replaced by another, as nightly exports are, is opened anew.
    """

    dialect = "sqlite"

    def __init__(self, options: SqliteOptions, context: Context) -> None:
        self._path = (context.folder / options.path).resolve()
        self._timeout_s = options.timeout_s
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._deadline = 0.0

    def columns(self, table: str) -> Mapping[str, str]:
        schema, _, name = table.rpartition(".")
        with self._lock:
            rows = self._run(f"PRAGMA {_quoted(schema or 'main')}.table_info({_quoted(name)})")
            found = [(str(row[1]), str(row[2])) for row in rows]
            if not found:
                raise SourceFailed(
                    f"no table {table!r}",
                    retryable=False,
                    where=str(self._path),
                    fix="correct the table of the dataset",
                )
            return {column: self._kind(schema or "main", name, column, kind) for column, kind in found}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        with self._lock:
            return self._run(sql)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _kind(self, schema: str, table: str, column: str, declared: str) -> str:
        """SQLite lets any value into any column, so the first one decides whether it can be a time."""
        place = ".".join(_quoted(part) for part in (schema, table))
        name = _quoted(column)
        sql = f"SELECT typeof({name}), DATETIME({name}) IS NOT NULL FROM {place} WHERE {name} IS NOT NULL LIMIT 1"
        rows = self._run(sql)
        if not rows:
            return declared or "unknown"
        stored, is_time = str(rows[0][0]), bool(rows[0][1])
        says_time = declared.lower().startswith(("timestamp", "datetime", "date"))
        if stored == "text" and is_time:
            return declared if says_time else "TEXT (time)"
        return stored.upper() if says_time or not declared else declared

    def _run(self, sql: str) -> list[Any]:
        connection = self._open()
        self._deadline = time.monotonic() + self._timeout_s
        try:
            return connection.execute(sql).fetchall()
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

    def _open(self) -> sqlite3.Connection:
        present = self._identity()
        if self._connection is not None and self._opened != present:
            self.close()
        if self._connection is None:
            self._connection, self._opened = self._connect(self._path), present
        return self._connection

    def _identity(self) -> tuple[int, int]:
        """Which file stands at the path now: an open connection would go on reading one that is gone."""
        if not self._path.is_file():
            raise SourceFailed(
                "there is no such file", retryable=False, where=str(self._path), fix="correct path in its options"
            )
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _connect(self, path: Path) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10, check_same_thread=False)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA case_sensitive_like = ON")  # as every other engine has it
        except sqlite3.Error as error:
            raise self._failed(error) from error
        connection.set_authorizer(_allow)
        connection.set_progress_handler(lambda: int(time.monotonic() > self._deadline), _STEPS)
        return connection


def _allow(action: int, first: str | None, second: str | None, schema: str | None, trigger: str | None) -> int:
    if action in _READING or (action == sqlite3.SQLITE_PRAGMA and first == "table_info"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


PLUGIN = SourcePlugin("sqlite", SqliteOptions, "A SQLite file, read only", build=SqliteSource)
