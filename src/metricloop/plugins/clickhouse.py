"""Source `clickhouse`: tables and views of a ClickHouse server over HTTP, or of a chDB folder inside this process.

Every query runs with readonly = 1 and a time-out. The real barrier against writing is a user that may only SELECT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator
from sqlglot import exp

from metricloop.plugins.pool import Pool
from metricloop.plugins.server import ServerOptions, no_driver, server_of, where_of_server
from metricloop.plugins.statements import one_select
from metricloop.sdk import Context, SourceFailed, SourcePlugin

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_PORTS = {"http": 8123, "https": 8443, "clickhouse": 8123, "clickhouses": 8443}
_GRACE_S = 5.0  # the server ends a query at its time-out; the HTTP request gives up this much later
# ClickHouse answers as other engines do: NULL for what is not there, and a column's name means the column.
_AS_SQL = {
    "session_timezone": "UTC",
    "join_use_nulls": "1",
    "aggregate_functions_null_for_empty": "1",
    "cast_keep_nullable": "1",
    "prefer_column_name_to_alias": "1",
}
_TABLE_FUNCTIONS = frozenset({"values", "numbers", "generate_series", "generateseries"})  # not file, url, remote, ...
_COLUMNS = (
    "SELECT name, type FROM system.columns WHERE database = if({db:String} = '', currentDatabase(), {db:String}) "
    "AND table = {name:String} ORDER BY position"
)
_TABLES = (
    "SELECT database, name, database = currentDatabase() FROM system.tables "
    "WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA') AND NOT is_temporary ORDER BY 1, 2"
)
_TIMED_OUT, _READ_ONLY, _NO_ACCESS = (159, 160, 209), 164, (192, 193, 194, 497, 516)
_LATER = (202, 210, 241, 242, 252, 279, 425)  # too many queries, network, memory, read-only replica: may pass


class ClickhouseOptions(ServerOptions):
    """`url` (https://user:password@host:8443/database, by reference), or host, database and user, or `path`."""

    path: str | None = Field(None, description="instead of a server: a chDB folder, relative to the project's")
    tls: bool = Field(False, description="for host; a url says https:// itself")
    tls_ca: str | None = Field(None, description="file of certificates to trust, relative to the project's folder")

    @model_validator(mode="after")
    def _one_place(self) -> Any:
        others = ("url", "host", "port", "user", "password", "tls", "tls_ca")
        if self.path is not None and any(name in self.model_fields_set for name in others):
            raise ValueError("give either path, or where the server is")
        return self


class ClickhouseSource:
    """A few clients, made when first needed. A process can have one chDB folder open, in any number of sources."""

    dialect = "clickhouse"

    def __init__(self, options: ClickhouseOptions, context: Context) -> None:
        self._options = options
        self._folder = context.folder
        path = (context.folder / options.path).resolve() if options.path else None
        self._where = str(path) if path else where_of_server(options)
        self._pool: Pool[Client] = Pool(
            options.connections, lambda: self._connect(path), lambda client: client.close(), options.timeout_s
        )

    def columns(self, table: str) -> Mapping[str, str]:
        database, _, name = table.rpartition(".")
        found = self._ask(_COLUMNS, {"db": database, "name": name})
        if not found:
            raise SourceFailed(
                f"no table {table!r}",
                retryable=False,
                where=self._where,
                fix="write table or database.table, and let the user see it",
            )
        return {str(column): str(kind) for column, kind in found}

    def tables(self) -> Sequence[str]:
        return [str(name) if here else f"{database}.{name}" for database, name, here in self._ask(_TABLES)]

    def describe(self, sql: str) -> Mapping[str, str]:
        self._check(sql)
        return {str(row[0]): str(row[1]) for row in self._ask(f"DESCRIBE TABLE ({sql})")}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        self._check(sql)
        return self._ask(sql)

    def close(self) -> None:
        self._pool.close()

    def _check(self, sql: str) -> None:
        tree = one_select(sql, self.dialect, self._where)
        for table in tree.find_all(exp.Table):
            if isinstance(table.this, exp.Func) and table.this.name.lower() not in _TABLE_FUNCTIONS:
                raise SourceFailed(
                    f"the table function {table.this.name} is not allowed",
                    retryable=False,
                    where=self._where,
                    fix="read tables and views; make a view of it in ClickHouse",
                )

    def _ask(self, sql: str, parameters: dict[str, Any] | None = None) -> Sequence[Sequence[object]]:
        return self._pool.ask(lambda client: self._run(client, sql, parameters))

    def _run(self, client: Client, sql: str, parameters: dict[str, Any] | None) -> Sequence[Sequence[object]]:
        from clickhouse_connect.driver.exceptions import ClickHouseError

        try:
            return client.query(sql, parameters=parameters, query_tz="UTC").result_rows
        except (ClickHouseError, OSError) as error:
            raise self._failed(error) from error

    def _connect(self, path: Path | None) -> Client:
        try:
            from clickhouse_connect.driver.exceptions import ClickHouseError
        except ImportError as error:
            raise no_driver("clickhouse-connect", "clickhouse", error) from error
        try:
            client = self._embedded(path) if path else self._remote()
        except ImportError as error:
            raise no_driver("chdb", "chdb", error) from error
        except (ClickHouseError, OSError) as error:
            raise self._failed(error) from error
        try:
            self._begin(client)
        except (ClickHouseError, OSError) as error:
            client.close()
            raise self._failed(error) from error
        except SourceFailed:
            client.close()
            raise
        return client

    def _embedded(self, path: Path) -> Client:
        import clickhouse_connect

        if not path.is_dir():
            raise SourceFailed(
                "there is no such folder", retryable=False, where=self._where, fix="correct path in its options"
            )
        client: Client = clickhouse_connect.get_client(
            interface="chdb", path=str(path), database=self._options.database
        )
        return client

    def _remote(self) -> Client:
        import clickhouse_connect

        options, server = self._options, server_of(self._options, _PORTS)
        secure = options.tls or server.scheme in ("https", "clickhouses")
        port = _PORTS["https"] if secure and not options.port and options.url is None else server.port
        ca = str(self._folder / options.tls_ca) if options.tls_ca else None
        client: Client = clickhouse_connect.get_client(
            host=server.host,
            port=port,
            username=server.user,
            password=server.password,
            database=server.database,
            interface="https" if secure else "http",
            ca_cert=ca,
            connect_timeout=options.connect_timeout_s,
            send_receive_timeout=max(1, round(options.timeout_s + _GRACE_S)),
            query_retries=0,
            autogenerate_session_id=False,
            client_name="metricloop",
        )
        return client

    def _begin(self, client: Client) -> None:
        """readonly comes last: after it nothing can be set any more, neither here nor in a query's SETTINGS."""
        known = client.server_settings.get("readonly")
        present = str(known.value) if known else "0"
        if present == "1":
            raise SourceFailed(
                "the user may not set how queries run (readonly = 1)",
                retryable=False,
                where=self._where,
                fix="give it readonly = 2, which forbids writing all the same, and only the right to SELECT",
            )
        settings = {**_AS_SQL, "max_execution_time": f"{self._options.timeout_s:g}"}
        for name, value in {**settings, **({} if present == "2" else {"readonly": "1"})}.items():
            client.set_client_setting(name, value)

    def _failed(self, error: Exception) -> SourceFailed:
        code = getattr(error, "code", None) or 0
        lines = str(error).splitlines() or [type(error).__name__]
        text, where = lines[0].strip(), self._where
        if code in _TIMED_OUT or "timed out" in text:
            problem, fix = f"no answer within {self._options.timeout_s:g} s", "raise timeout_s, or read less at once"
            return SourceFailed(problem, retryable=True, where=where, fix=fix)
        if code == _READ_ONLY:
            return SourceFailed("only one SELECT is allowed", retryable=False, where=where, fix="read, never write")
        if "already initialized with path" in text:
            problem = "this process has another chDB folder open"
            return SourceFailed(problem, retryable=False, where=where, fix="put the tables into one folder")
        if code in _NO_ACCESS:
            fix = "check user, password and the right to SELECT"
            return SourceFailed(text, retryable=False, where=where, fix=fix)
        if code in _LATER or not code:
            fix = "check that the server runs and may be reached from here"
            return SourceFailed(text, retryable=True, where=where, fix=fix)
        return SourceFailed(text, retryable=False, where=where, fix="check names of tables and columns, and types")


PLUGIN = SourcePlugin(
    "clickhouse",
    ClickhouseOptions,
    "Tables and views of ClickHouse, or of a chDB folder, read only",
    build=ClickhouseSource,
)
