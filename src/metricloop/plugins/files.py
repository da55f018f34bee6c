"""Source `files`: CSV, Parquet, JSON and Excel files of a folder, a Python package or an object store, in DuckDB.

The files are loaded into memory, and again when they change. SQL reaches no file and no network. The package is looked
up without being imported.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import duckdb
from pydantic import BeforeValidator, Field, model_validator

from metricloop.plugins.file_places import Folder, Objects, Place, installed
from metricloop.plugins.file_tables import FileTable
from metricloop.plugins.files_database import FilesDatabase, failed
from metricloop.plugins.pool import Pool
from metricloop.plugins.server import Limits
from metricloop.plugins.statements import one_select
from metricloop.sdk import ColumnTable, Context, Secret, SourceFailed, SourcePlugin

Connection = duckdb.DuckDBPyConnection
_BY_COLUMN = frozenset({"TIMESTAMP", "VARCHAR", "INTEGER", "BIGINT", "DOUBLE"})
_COLUMNS = (
    "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? AND database_name = current_database() "
    "ORDER BY column_index"
)


def _from_path(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


class FilesOptions(Limits):
    """`folder` (from the project's folder, or an address such as s3://bucket/prefix) or `package`, and the tables."""

    folder: str | None = Field(None, description="a folder, relative to the project's; or s3://bucket/prefix and alike")
    package: str | None = Field(None, description="an installed Python package that holds the files")
    install: str | None = Field(None, description="what pip installs to get the package, if not its name")
    storage: dict[str, Any] = Field(default_factory=dict, description="of an object store: what fsspec is given")
    credentials: dict[str, Secret] = Field(default_factory=dict, description="the secret part of it, by reference")
    refresh_s: float = Field(30.0, ge=0, le=86_400, description="of an object store: seconds between two listings")
    tables: dict[str, Annotated[FileTable, BeforeValidator(_from_path)]] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_place(self) -> FilesOptions:
        if (self.folder is None) == (self.package is None):
            raise ValueError("name either a folder or a package")
        if (self.storage or self.credentials) and "://" not in (self.folder or ""):
            raise ValueError("storage and credentials are of an object store (folder: s3://bucket/prefix)")
        return self


class FilesSource:
    """One in-memory DuckDB with a few cursors."""

    dialect = "duckdb"

    def __init__(self, options: FilesOptions, context: Context) -> None:
        self._options = options
        self._context = context
        self._lock = threading.Lock()
        self._opened: tuple[FilesDatabase, Pool[Connection]] | None = None

    def columns(self, table: str) -> Mapping[str, str]:
        found = {str(name): str(kind) for name, kind in self._ask(_COLUMNS, [table])}
        if not found:
            known = ", ".join(self.tables())
            raise SourceFailed(f"no table {table!r}", retryable=False, fix=f"known tables: {known}")
        return found

    def tables(self) -> Sequence[str]:
        return sorted(self._options.tables)

    def describe(self, sql: str) -> Mapping[str, str]:
        one_select(sql, self.dialect, "")
        found = self._ask(f"SELECT column_name, column_type FROM (DESCRIBE {sql})")
        return {str(name): str(kind) for name, kind in found}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        one_select(sql, self.dialect, "")
        return self._ask(sql)

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened[1].close()
                self._opened[0].close()
            self._opened = None

    def _ask(self, sql: str, parameters: Sequence[object] = ()) -> Sequence[Any]:
        with self._lock:
            if self._opened is None:
                database = FilesDatabase(self._place(), self._options.tables)
                self._opened = (
                    database,
                    Pool(self._options.connections, database.cursor, _close, self._options.timeout_s),
                )
            database, pool = self._opened
            database.update()
        return pool.ask(lambda cursor: self._run(cursor, sql, parameters))

    def _run(self, cursor: Connection, sql: str, parameters: Sequence[object]) -> Sequence[Any]:
        timer = threading.Timer(self._options.timeout_s, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            # DuckDB's own word on what this is, should it understand a text otherwise than sqlglot did.
            statements = cursor.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise SourceFailed("only one SELECT is allowed", retryable=False, fix="read, never write, a source")
            return _fetched(cursor.execute(statements[0], parameters))
        except duckdb.InterruptException as error:
            raise SourceFailed(
                f"no answer within {self._options.timeout_s:g} s",
                retryable=True,
                fix="raise timeout_s, or read less at once",
            ) from error
        except duckdb.Error as error:
            raise failed(error) from error
        finally:
            timer.cancel()

    def _place(self) -> Place:
        options = self._options
        if options.package is not None:
            return installed(options.package, options.install or options.package)
        folder = options.folder or "."
        if "://" in folder:
            return Objects(folder, options.storage, options.credentials, options.refresh_s)
        return Folder(self._context.folder / folder)


def _close(cursor: Connection) -> None:
    cursor.close()


def _fetched(cursor: Connection) -> Sequence[Sequence[object]]:
    """By columns where every type comes out of them exactly as out of rows: half the time for many rows."""
    if not all(str(column[1]) in _BY_COLUMN for column in cursor.description or ()):
        return cursor.fetchall()
    return ColumnTable([column.tolist() for column in cursor.fetchnumpy().values()])


PLUGIN = SourcePlugin(
    "files",
    FilesOptions,
    "CSV, Parquet, JSON and Excel files, in a folder, an installed package or an object store",
    build=FilesSource,
)
