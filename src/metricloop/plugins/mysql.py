"""Source `mysql`: tables and views of MySQL, MariaDB, Doris or StarRocks, in read-only transactions with a time-out.

The real barrier against writing is a user that may only SELECT; give the product one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from metricloop.plugins.mysql_session import MysqlOptions, connect, failed
from metricloop.plugins.mysql_types import as_text, kind_of
from metricloop.plugins.pool import Pool
from metricloop.plugins.server import where_of_server
from metricloop.plugins.statements import one_select
from metricloop.sdk import Context, SourceFailed, SourcePlugin

if TYPE_CHECKING:
    from pymysql.connections import Connection

_COLUMNS = (
    "SELECT column_name, column_type FROM information_schema.columns "
    "WHERE table_schema = COALESCE(%s, DATABASE()) AND table_name = %s ORDER BY ordinal_position"
)
_TABLES = (
    "SELECT table_schema, table_name, table_schema = DATABASE() FROM information_schema.tables WHERE table_schema "
    "NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys', '__internal_schema', '_statistics_') "
    "ORDER BY table_schema, table_name"
)


class MysqlSource:
    """A few connections, made when first needed and again when they broke."""

    def __init__(self, options: MysqlOptions, context: Context) -> None:
        self._where = where_of_server(options)
        self._timeout_s = options.timeout_s
        self.dialect = options.engine if options.engine in ("doris", "starrocks") else "mysql"
        ca = str(context.folder / options.tls_ca) if options.tls_ca else None
        self._pool: Pool[Connection[Any]] = Pool(
            options.connections, lambda: connect(options, ca), _close, options.timeout_s
        )

    def columns(self, table: str) -> Mapping[str, str]:
        schema, _, name = table.rpartition(".")
        found = self._pool.ask(lambda connection: self._run(connection, _COLUMNS, (schema or None, name))[1])
        if not found:
            raise SourceFailed(
                f"no table {table!r}",
                retryable=False,
                where=self._where,
                fix="write table or database.table, and let the user see it",
            )
        return {str(column): str(kind) for column, kind in found}

    def tables(self) -> Sequence[str]:
        found = self._pool.ask(lambda connection: self._run(connection, _TABLES)[1])
        return [str(name) if here else f"{schema}.{name}" for schema, name, here in found]

    def describe(self, sql: str) -> Mapping[str, str]:
        one_select(sql, self.dialect, self._where)
        asked = f"SELECT * FROM ({sql}) AS described LIMIT 0"
        fields = self._pool.ask(lambda connection: self._run(connection, asked)[0])
        return {str(name): kind_of(code) for name, code, *_ in fields}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        one_select(sql, self.dialect, self._where)
        fields, rows = self._pool.ask(lambda connection: self._run(connection, sql))
        return as_text(fields, rows)

    def close(self) -> None:
        self._pool.close()

    def _run(
        self, connection: Connection[Any], sql: str, parameters: tuple[str | None, ...] | None = None
    ) -> tuple[Sequence[Any], list[Any]]:
        """The fields as DB-API describes them, and the rows. Without parameters a % is a %."""
        import pymysql

        try:
            with closing(connection.cursor()) as cursor:
                cursor.execute(sql, parameters)
                return cursor.description or (), list(cursor.fetchall())
        except (pymysql.Error, OSError, UnicodeError) as error:
            raise failed(error, self._where, self._timeout_s, cut=not connection.open) from error


def _close(connection: Connection[Any]) -> None:
    if connection.open:
        connection.close()


PLUGIN = SourcePlugin(
    "mysql", MysqlOptions, "Tables and views of MySQL, MariaDB, Doris or StarRocks, read only", build=MysqlSource
)
