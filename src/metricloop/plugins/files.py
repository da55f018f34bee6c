"""Source `files`: CSV, Parquet and JSON files of a folder, or of an installed Python package, queried by DuckDB.

The files are loaded into memory once, and again when one of them changed. After loading, the engine is locked: SQL
reaches no file and no network. The package is looked up without being imported.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import duckdb
from pydantic import BeforeValidator, Field, model_validator

from metricloop.plugins.file_tables import FileTable, load, stamp
from metricloop.sdk import Context, Options, SourceFailed, SourcePlugin


def _from_path(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


class FilesOptions(Options):
    """`folder` (from the project's folder) or `package`, and a table per file or set of files."""

    folder: str | None = Field(None, description="a folder, relative to the project's")
    package: str | None = Field(None, description="an installed Python package that holds the files")
    install: str | None = Field(None, description="what pip installs to get the package, if not its name")
    tables: dict[str, Annotated[FileTable, BeforeValidator(_from_path)]] = Field(min_length=1)
    timeout_s: float = Field(60.0, gt=0, le=3600)

    @model_validator(mode="after")
    def _one_place(self) -> FilesOptions:
        if (self.folder is None) == (self.package is None):
            raise ValueError("name either a folder or a package")
        return self


class FilesSource:
    """One in-memory DuckDB; calls take turns."""

    dialect = "duckdb"

    def __init__(self, options: FilesOptions, context: Context) -> None:
        self._options = options
        self._context = context
        self._lock = threading.RLock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._stamp: object = None

    def columns(self, table: str) -> Mapping[str, str]:
        sql = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index"
        with self._lock:
            found = {str(name): str(kind) for name, kind in self._run(sql, [table])}
        if not found:
            known = ", ".join(sorted(self._options.tables))
            raise SourceFailed(f"no table {table!r}", retryable=False, fix=f"known tables: {known}")
        return found

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        with self._lock:
            statements = self._parse(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise SourceFailed("only one SELECT is allowed", retryable=False, fix="read, never write, a source")
            return self._run(sql, [])

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _parse(self, sql: str) -> list[Any]:
        try:
            return list(self._open().extract_statements(sql))
        except duckdb.Error as error:
            raise _failed(error) from error

    def _run(self, sql: str, parameters: list[object]) -> list[Any]:
        connection = self._open()
        timer = threading.Timer(self._options.timeout_s, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return connection.execute(sql, parameters).fetchall()
        except duckdb.InterruptException as error:
            raise SourceFailed(
                f"no answer within {self._options.timeout_s:g} s",
                retryable=True,
                fix="raise timeout_s, or read less at once",
            ) from error
        except duckdb.Error as error:
            raise _failed(error) from error
        finally:
            timer.cancel()

    def _open(self) -> duckdb.DuckDBPyConnection:
        """The loaded database; loaded anew when a file is another than it was."""
        root = self._root()
        now = stamp(root, self._options.tables)
        if self._connection is None or now != self._stamp:
            self.close()
            self._connection = _load_all(root, self._options.tables)
            self._stamp = now
        return self._connection

    def _root(self) -> Path:
        if self._options.package is None:
            return (self._context.folder / (self._options.folder or ".")).resolve()
        return _package_folder(self._options.package, self._options.install or self._options.package)


def _package_folder(package: str, install: str) -> Path:
    """Where a package lies, without running any of its code."""
    found = importlib.util.find_spec(package) if package.isidentifier() else None
    places = list(found.submodule_search_locations or ()) if found else []
    if not places:
        raise SourceFailed(
            f"the Python package {package!r} is not installed",
            retryable=False,
            where=f"package {package}",
            fix=f'pip install "{install}"',
        )
    return Path(places[0]).resolve()


def _load_all(root: Path, tables: Mapping[str, FileTable]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in tables.items():
            load(connection, root, name, table)
        connection.execute("SET threads = 1")  # sums of floats in one order: the same input, the same bytes
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except SourceFailed:
        connection.close()
        raise
    except duckdb.Error as error:
        connection.close()
        raise _failed(error) from error
    return connection


def _failed(error: duckdb.Error) -> SourceFailed:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return SourceFailed(" ".join(lines[:2]), retryable=False, fix="check the column and table names against the files")


PLUGIN = SourcePlugin(
    "files", FilesOptions, "CSV, Parquet and JSON files, in a folder or an installed package", build=FilesSource
)
