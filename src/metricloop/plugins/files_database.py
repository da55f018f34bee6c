"""The tables of a source `files` in one in-memory DuckDB, kept as the files are."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from metricloop.plugins.file_places import File, Place
from metricloop.plugins.file_tables import FileTable, files_of, load
from metricloop.plugins.file_texts import quoted
from metricloop.sdk import SourceFailed

Connection = duckdb.DuckDBPyConnection
Parts = Mapping[str, tuple[File, ...]]
_BESIDE = "metricloop_loading"
_HELD = "held"


class FilesDatabase:
    """After the first load SQL reaches no file and no network. Only tables whose files changed are loaded again, and
    of a table that grew by files at its end only those. Not thread safe; cursors of it are.
    """

    def __init__(self, place: Place, tables: Mapping[str, FileTable]) -> None:
        self._place = place
        self._tables = tables
        self._connection: Connection | None = None
        self._held: Parts = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def update(self) -> None:
        """Take what the files hold now. Raises SourceFailed; what was held before stays held."""
        found = {name: files_of(self._place, table) for name, table in self._tables.items()}
        if self._connection is None:
            self._folder = tempfile.TemporaryDirectory(prefix="metricloop-")
            self._connection = self._first(found, Path(self._folder.name))
        elif found != self._held:
            self._refresh(self._connection, {name: files for name, files in found.items() if files != self._held[name]})
        self._held = found

    def cursor(self) -> Connection:
        """A connection of its own to what is held; after `update`. Raises SourceFailed when closed."""
        if self._connection is None:
            raise SourceFailed("the source was closed", retryable=True, fix="ask again")
        return _cursor(self._connection)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._folder is not None:
            self._folder.cleanup()
        self._connection, self._folder, self._held = None, None, {}

    def _first(self, found: Parts, folder: Path) -> Connection:
        connection = duckdb.connect(":memory:")
        try:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")  # also of cursors
            # Compressed, a table of orders takes a sixth of the memory, and questions to it two thirds of the time.
            connection.execute(f"ATTACH ':memory:' AS {_HELD} (COMPRESS)")
            connection.execute(f"USE {_HELD}")
            for name, files in found.items():
                load(connection, self._place, name, self._tables[name], files)
            connection.execute("CHECKPOINT")  # which compresses
            connection.execute("SET threads = 1")  # sums of floats in one order: the same input, the same bytes
            connection.execute("SET allowed_directories = $1", [[str(folder)]])  # where changed tables come in by
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            connection.close()
            raise failed(error) from error
        except SourceFailed:
            connection.close()
            raise
        return connection

    def _refresh(self, connection: Connection, changed: Parts) -> None:
        """Another engine, which may read files, writes them to a database file; the locked one takes them from it."""
        assert self._folder is not None, "made with the connection"
        path = Path(self._folder.name) / "changed.duckdb"
        path.unlink(missing_ok=True)
        try:
            with duckdb.connect(str(path)) as beside:
                beside.execute("SET TimeZone = 'UTC'")
                grown = {name for name, files in changed.items() if self._load_beside(connection, beside, name, files)}
            with _cursor(connection) as cursor:
                _take(cursor, path, changed, grown)
        except duckdb.Error as error:
            raise failed(error) from error
        finally:
            path.unlink(missing_ok=True)

    def _load_beside(self, connection: Connection, beside: Connection, name: str, files: tuple[File, ...]) -> bool:
        """True when only what came at the end was loaded. That is as good as loading all only if its types are the
        same; files are taken in order of their names, so that sums of floats are, too.
        """
        held = self._held[name]
        if files[: len(held)] == held:
            load(beside, self._place, name, self._tables[name], files[len(held) :])
            if _columns(beside, name) == _columns(connection, name):
                return True
            beside.execute(f"DROP TABLE {quoted(name)}")
        load(beside, self._place, name, self._tables[name], files)
        return False


def failed(error: duckdb.Error) -> SourceFailed:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return SourceFailed(" ".join(lines[:2]), retryable=False, fix="check the column and table names against the files")


def _cursor(connection: Connection) -> Connection:
    """Cursors begin in the database that DuckDB has anyway."""
    cursor = connection.cursor()
    cursor.execute(f"USE {_HELD}")
    return cursor


def _take(cursor: Connection, path: Path, changed: Parts, grown: set[str]) -> None:
    """All at once, so that no query sees one table new and the other old."""
    place = str(path).replace("'", "''")
    cursor.execute(f"ATTACH '{place}' AS {_BESIDE} (READ_ONLY)")
    try:
        cursor.execute("BEGIN")
        for name in changed:
            head = f"INSERT INTO {quoted(name)}" if name in grown else f"CREATE OR REPLACE TABLE {quoted(name)} AS"
            cursor.execute(f"{head} FROM {_BESIDE}.{quoted(name)}")
        cursor.execute("COMMIT")
    except duckdb.Error:
        cursor.execute("ROLLBACK")
        raise
    finally:
        cursor.execute(f"DETACH {_BESIDE}")
    with suppress(duckdb.TransactionException):  # compressing may wait for a quieter time
        cursor.execute("CHECKPOINT")


def _columns(connection: Connection, name: str) -> Sequence[tuple[object, ...]]:
    sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() "
    return connection.execute(sql + "AND table_name = $1 ORDER BY column_index", [name]).fetchall()
