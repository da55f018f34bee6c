"""What a driver complains about -> the error a caller can act on: where, what, how to fix.

Knows the codes of SQLite (primary and extended result codes) and of PostgreSQL (SQLSTATE), never the texts, except for
a missing table, for which SQLite has no code.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from pydantic_core import PydanticSerializationError
from sqlalchemy import URL

from metricloop.kernel.errors import Bug, Conflict, InvalidInput, MetricloopError, StoreFailed

_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_MOVED_ON = {"23505", "40001", "40P01"}  # unique violation, serialisation failure, deadlock: look again and repeat


def explain(error: BaseException, url: URL, *, read_only: bool) -> MetricloopError:
    """The error to raise instead of a driver's. `read_only`: it came from a unit of work opened to read."""
    if isinstance(error, MetricloopError):
        return error
    if isinstance(error, sqlite3.Error):
        return _explain_sqlite(error, url, read_only)
    if isinstance(error, UnicodeError | OverflowError | PydanticSerializationError):
        return InvalidInput(f"the database cannot hold a value: {_first_line(error)}")
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate is not None or type(error).__module__.startswith("psycopg"):
        return _explain_postgresql(error, sqlstate or "", url, read_only)
    return Bug(f"the store cannot write or read a value: {error!r}")


def _explain_sqlite(error: sqlite3.Error, url: URL, read_only: bool) -> MetricloopError:
    extended = getattr(error, "sqlite_errorcode", 0)
    code, path = extended & 0xFF, Path(url.database or "")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return _refused(error) if extended not in _UNIQUE else _moved_on(error)
    if code == sqlite3.SQLITE_READONLY and read_only:
        return _written_in_read_only(error)
    if "no such table" in str(error) or "no such column" in str(error):
        return _not_migrated(str(path))
    file_problems = {
        sqlite3.SQLITE_FULL: ("the disk is full", _move(path)),
        sqlite3.SQLITE_IOERR: (f"the disk failed ({error})", f"check the disk and its space; {_move(path)}"),
        sqlite3.SQLITE_CANTOPEN: ("cannot open the file", _may_open(path)),
        sqlite3.SQLITE_READONLY: ("the file may not be written", _may_open(path)),
        sqlite3.SQLITE_PERM: ("the file may not be opened", _may_open(path)),
        sqlite3.SQLITE_BUSY: (
            "another process has been writing for longer than the time-out",
            "end the other metricloop or the database tool that holds the file, then try again",
        ),
        sqlite3.SQLITE_NOTADB: ("the file is not a SQLite database", "name another file with --database"),
        sqlite3.SQLITE_CORRUPT: ("the file is damaged", "restore the last backup: metricloop restore"),
    }
    if code in file_problems:
        problem, fix = file_problems[code]
        return StoreFailed(problem, fix=fix, where=str(path))
    if isinstance(error, sqlite3.DataError):
        return InvalidInput(f"the database cannot hold a value: {error}")
    return Bug(f"SQLite refused a statement: {error}")


def _explain_postgresql(error: BaseException, sqlstate: str, url: URL, read_only: bool) -> MetricloopError:
    where = url.render_as_string(hide_password=True)
    if sqlstate in _MOVED_ON:
        return _moved_on(error)
    if sqlstate.startswith("23"):
        return _refused(error)
    if sqlstate == "25006" and read_only:
        return _written_in_read_only(error)
    if sqlstate in {"42P01", "42703", "3F000"}:
        return _not_migrated(where)
    if sqlstate == "53100":
        return StoreFailed("the disk of the database server is full", fix="free some space there", where=where)
    if type(error).__name__ == "DataError" or sqlstate.startswith("22"):
        return InvalidInput(f"the database cannot hold a value: {error}", where=where)
    if sqlstate.startswith("42") and sqlstate != "42501":
        return Bug(f"PostgreSQL refused a statement: {error}", where=where)
    return StoreFailed(
        f"the database server does not serve us: {_first_line(error)}",
        fix="check that the server runs, and address, user, password, database and rights in --database",
        where=where,
    )


def no_connection_free(url: URL) -> StoreFailed:
    return StoreFailed(
        "no connection to the database became free in time",
        fix="something holds a unit of work open for very long; look for a stuck job, or restart",
        where=url.render_as_string(hide_password=True),
    )


def _moved_on(error: BaseException) -> Conflict:
    return Conflict(f"somebody else wrote the same meanwhile ({_first_line(error)})", fix="look again and repeat")


def _refused(error: BaseException) -> Bug:
    return Bug(f"a rule of the database forbids this state: {_first_line(error)}")


def _written_in_read_only(error: BaseException) -> Bug:
    return Bug(f"something is written in a unit of work that was opened to read: {_first_line(error)}")


def _not_migrated(where: str) -> StoreFailed:
    return StoreFailed(
        "the database does not have the tables of this version", fix="start metricloop once: it migrates", where=where
    )


def _may_open(path: Path) -> str:
    if not path.parent.is_dir():
        return f"create the folder {path.parent}, or name another file with --database"
    return f"see that this user may write {path} and into its folder, or name another file with --database"


def _move(path: Path) -> str:
    folder = path.parent if path.parent.is_dir() else Path()
    free = shutil.disk_usage(folder).free // (1 << 20)
    return (
        f"{free} MB are free in {folder.resolve()}; make room, or stop metricloop, move {path.name}* to a larger disk "
        "and start it with --database and the new place"
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
