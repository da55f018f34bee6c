"""Source `postgres`: tables and views of a PostgreSQL database, in read-only transactions with a time-out.

The real barrier against writing is a role that may only SELECT; give the product one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import conninfo, errors
from pydantic import Field, model_validator

from metricloop.sdk import Context, Options, Secret, SourceFailed, SourcePlugin


class PostgresOptions(Options):
    """Either `url` (a whole postgresql:// address, by reference) or host, database and user."""

    url: Secret | None = Field(None, description="env:NAME or file:PATH of a postgresql:// address")
    host: str = "localhost"
    port: int = Field(5432, ge=1, le=65535)
    database: str | None = None
    user: str | None = None
    password: Secret | None = Field(None, description="env:NAME or file:PATH")
    sslmode: str = Field("prefer", pattern="^(disable|allow|prefer|require|verify-ca|verify-full)$")
    timeout_s: float = Field(60.0, gt=0, le=3600)
    connect_timeout_s: int = Field(10, ge=2, le=120)

    @model_validator(mode="after")
    def _one_address(self) -> PostgresOptions:
        if (self.url is None) == (self.database is None):
            raise ValueError("give either url or database")
        return self


class PostgresSource:
    """One connection, made when first needed and again when it broke; calls take turns."""

    dialect = "postgres"

    def __init__(self, options: PostgresOptions, context: Context) -> None:
        self._options = options
        self._lock = threading.RLock()
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def columns(self, table: str) -> Mapping[str, str]:
        name = ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))
        sql = (
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )
        found = {str(column): str(kind) for column, kind in self._ask(sql, (name,))}
        if not found:
            raise SourceFailed(
                f"no table {table!r}",
                retryable=False,
                where=self._where(),
                fix="write schema.table, and let the user see it",
            )
        return found

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        if not sql.lstrip().upper().startswith(("SELECT", "WITH")):  # COPY may run programs even where writing is off
            raise SourceFailed("only one SELECT is allowed", retryable=False, where=self._where(), fix="never write")
        return self._ask(sql, None)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _ask(self, sql: str, parameters: tuple[str, ...] | None) -> list[tuple[Any, ...]]:
        with self._lock:
            kept = self._connection is not None
            try:
                return self._run(sql, parameters)
            except SourceFailed:
                # A connection that was kept may have been cut since; a new one tells whether the server is there.
                if not (kept and self._connection is None):
                    raise
                return self._run(sql, parameters)

    def _run(self, sql: str, parameters: tuple[str, ...] | None) -> list[tuple[Any, ...]]:
        connection = self._open()
        try:
            with connection.transaction(force_rollback=True):
                # The binary protocol takes exactly one statement.
                return connection.execute(sql.encode(), parameters, binary=True).fetchall()
        except psycopg.Error as error:
            if connection.closed or connection.broken:
                self.close()
            raise self._failed(error) from error

    def _open(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None:
            try:
                connection = psycopg.connect(
                    self._address(),
                    autocommit=True,
                    connect_timeout=self._options.connect_timeout_s,
                    application_name="metricloop",
                )
                self._make_safe(connection)
            except psycopg.Error as error:
                raise self._failed(error) from error
            self._connection = connection
        return self._connection

    def _make_safe(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Settings by SET, not by start-up options: an address may have options of its own, and poolers refuse them."""
        settings = {
            "statement_timeout": str(round(self._options.timeout_s * 1000)),
            "timezone": "UTC",
            "default_transaction_read_only": "on",
        }
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.autocommit = False
        connection.read_only = True

    def _address(self) -> str:
        options = self._options
        if options.url is not None:
            return options.url.value()
        password = options.password.value() if options.password else None
        return conninfo.make_conninfo(
            host=options.host,
            port=options.port,
            dbname=options.database,
            user=options.user,
            password=password,
            sslmode=options.sslmode,
        )

    def _where(self) -> str:
        options = self._options
        return f"{options.host}:{options.port}/{options.database}" if options.url is None else options.url.reference

    def _failed(self, error: psycopg.Error) -> SourceFailed:
        text = " ".join(line.strip() for line in str(error).splitlines()[:2]) or type(error).__name__
        if isinstance(error, errors.QueryCanceled):
            fix = "raise timeout_s, or index the time column"
            return SourceFailed(
                f"no answer within {self._options.timeout_s:g} s", retryable=True, where=self._where(), fix=fix
            )
        if isinstance(error, errors.ReadOnlySqlTransaction):
            return SourceFailed("only one SELECT is allowed", retryable=False, where=self._where(), fix="never write")
        if isinstance(error, psycopg.OperationalError) and "authentication" not in text:
            fix = "check that the server runs and may be reached from here"
            return SourceFailed(text, retryable=True, where=self._where(), fix=fix)
        fix = "check names, types and rights of the user in the database"
        return SourceFailed(text, retryable=False, where=self._where(), fix=fix)


PLUGIN = SourcePlugin(
    "postgres", PostgresOptions, "Tables and views of a PostgreSQL database, read only", build=PostgresSource
)
