"""Source `postgres`: tables and views of a PostgreSQL database, in read-only transactions with a time-out.

The real barrier against writing is a role that may only SELECT; give the product one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import conninfo, errors
from pydantic import Field, model_validator

from metricloop.plugins.pool import ConnectionCut, Pool
from metricloop.plugins.server import Limits
from metricloop.plugins.statements import one_select
from metricloop.sdk import Context, Secret, SourceFailed, SourcePlugin

Connection = psycopg.Connection[tuple[Any, ...]]
_TABLES = (
    "SELECT n.nspname, c.relname, pg_table_is_visible(c.oid) FROM pg_class c JOIN pg_namespace n "
    "ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition "
    r"AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND has_schema_privilege(n.oid, 'USAGE') "
    "AND has_any_column_privilege(c.oid, 'SELECT') ORDER BY 1, 2"
)
_TYPES = "SELECT format_type(oid, NULL) FROM unnest(%s::oid[]) WITH ORDINALITY AS t (oid, place) ORDER BY place"
# So that a server that vanished without a word is noticed while a query waits; an address may say otherwise.
_ALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}


class PostgresOptions(Limits):
    """Either `url` (a whole postgresql:// address, by reference) or host, database and user."""

    url: Secret | None = Field(None, description="env:NAME or file:PATH of a postgresql:// address")
    host: str = "localhost"
    port: int = Field(5432, ge=1, le=65535)
    database: str | None = None
    user: str | None = None
    password: Secret | None = Field(None, description="env:NAME or file:PATH")
    sslmode: str = Field("prefer", pattern="^(disable|allow|prefer|require|verify-ca|verify-full)$")
    connect_timeout_s: int = Field(10, ge=2, le=120)

    @model_validator(mode="after")
    def _one_address(self) -> PostgresOptions:
        if (self.url is None) == (self.database is None):
            raise ValueError("give either url or database")
        return self


class PostgresSource:
    """A few connections, made when first needed and again when they broke."""

    dialect = "postgres"

    def __init__(self, options: PostgresOptions, context: Context) -> None:
        self._options = options
        self._pool: Pool[Connection] = Pool(
            options.connections, self._connect, lambda connection: connection.close(), options.timeout_s
        )

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

    def tables(self) -> Sequence[str]:
        return [str(name) if visible else f"{schema}.{name}" for schema, name, visible in self._ask(_TABLES, None)]

    def describe(self, sql: str) -> Mapping[str, str]:
        one_select(sql, self.dialect, self._where())
        fields = self._pool.ask(lambda it: self._run(it, f"SELECT * FROM ({sql}) AS described LIMIT 0", None)[0])
        kinds = self._ask(_TYPES, ([field.type_code for field in fields],))
        return {field.name: str(kind) for field, (kind,) in zip(fields, kinds, strict=True)}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        one_select(sql, self.dialect, self._where())  # COPY may run programs even where writing is off
        return self._ask(sql, None)

    def close(self) -> None:
        self._pool.close()

    def _ask(self, sql: str, parameters: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
        return self._pool.ask(lambda connection: self._run(connection, sql, parameters)[1])

    def _run(
        self, connection: Connection, sql: str, parameters: tuple[Any, ...] | None
    ) -> tuple[Sequence[psycopg.Column], list[tuple[Any, ...]]]:
        try:
            with connection.transaction(force_rollback=True):
                # The binary protocol takes exactly one statement.
                cursor = connection.execute(sql.encode(), parameters, binary=True)
                return cursor.description or (), cursor.fetchall()
        except psycopg.Error as error:
            failed = self._failed(error)
            if connection.closed or connection.broken:
                raise ConnectionCut(failed.problem, where=failed.where, fix=failed.fix) from error
            raise failed from error

    def _connect(self) -> Connection:
        try:
            connection = psycopg.connect(
                self._address(),
                autocommit=True,
                connect_timeout=self._options.connect_timeout_s,
                application_name="metricloop",
            )
        except psycopg.Error as error:
            raise self._failed(error) from error
        try:
            self._make_safe(connection)
        except psycopg.Error as error:
            connection.close()
            raise self._failed(error) from error
        return connection

    def _make_safe(self, connection: Connection) -> None:
        """Settings by SET, not by start-up options: an address may have options of its own, and poolers refuse them."""
        settings = {
            "statement_timeout": str(round(self._options.timeout_s * 1000)),
            "timezone": "UTC",
            "default_transaction_read_only": "on",
            "standard_conforming_strings": "on",  # a backslash in a text is a backslash
        }
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.autocommit = False
        connection.read_only = True

    def _address(self) -> str:
        options = self._options
        if options.url is not None:
            address = options.url.value()
            try:
                given = conninfo.conninfo_to_dict(address)
            except psycopg.Error:
                given = None
            if given is None:  # raised here, so that no error repeats the address
                fix = "write postgresql://user:password@host:5432/database, special characters as %XX"
                raise SourceFailed("this is not an address", retryable=False, where=self._where(), fix=fix)
            return conninfo.make_conninfo(address, **{name: _ALIVE[name] for name in _ALIVE.keys() - given.keys()})
        password = options.password.value() if options.password else None
        return conninfo.make_conninfo(
            host=options.host,
            port=options.port,
            dbname=options.database,
            user=options.user,
            password=password,
            sslmode=options.sslmode,
            **_ALIVE,
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
