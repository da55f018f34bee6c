"""How a session with MySQL, MariaDB, Doris or StarRocks begins, and what its errors mean."""

from __future__ import annotations

import ssl
from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from metricloop.plugins.pool import ConnectionCut
from metricloop.plugins.server import ServerOptions, no_driver, server_of, where_of_server
from metricloop.sdk import SourceFailed

if TYPE_CHECKING:
    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

_PORTS = {"mysql": 3306, "mariadb": 3306, "mysql+pymysql": 3306}
_WORKING_BYTES = 256 * 1024 * 1024
_GRACE_S = 5.0  # the server ends a query at its time-out; the socket gives up this much later
_MODE = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY"
_TIMED_OUT = (1969, 3024)
_GONE = (1317, 1927, 2006, 2013, 2055, 4031)  # killed, or lost
_UNREACHED = (1040, 1203, 2002, 2003)  # also too many connections
_NOT_HAD = (1193, 1227, 1238)  # unknown variable, or not for this user
_FIXES = {
    1044: ("", "grant the user SELECT on this database"),
    1045: ("", "check user and password"),
    1142: ("", "grant the user SELECT on this table"),
    1792: ("only one SELECT is allowed", "read, never write, a source"),
}


class MysqlOptions(ServerOptions):
    """Either `url` (mysql://user:password@host:port/database, by reference) or host, database and user."""

    engine: Literal["mysql", "mariadb", "doris", "starrocks"] | None = Field(
        None, description="by what the server says, if not said; Doris and StarRocks must be said"
    )
    tls: Literal["off", "prefer", "require", "verify"] = Field("prefer", description="verify: also whose server it is")
    tls_ca: str | None = Field(None, description="file of certificates to trust, relative to the project's folder")


def connect(options: MysqlOptions, ca: str | None) -> Connection[Any]:
    """A session in UTC that reads only. Raises SourceFailed; the password is in none of its words."""
    try:
        import pymysql
    except ImportError as error:
        raise no_driver("pymysql", "mysql", error) from error
    server = server_of(options, _PORTS)
    try:
        connection = pymysql.connect(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            database=server.database,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=options.connect_timeout_s,
            # Also bounds the greeting of a server that accepts and then says nothing, which connect_timeout does not.
            read_timeout=options.timeout_s + _GRACE_S,
            write_timeout=options.timeout_s + _GRACE_S,
            program_name="metricloop",
            **_tls(options.tls, ca),
        )
    except (pymysql.Error, OSError, UnicodeError, RuntimeError) as error:
        raise failed(error, where_of_server(options), options.timeout_s, cut=False) from error
    try:
        _begin(connection, options)
    except (pymysql.Error, OSError) as error:
        connection.close()
        raise failed(error, where_of_server(options), options.timeout_s, cut=False) from error
    except SourceFailed:
        connection.close()
        raise
    return connection


def failed(error: Exception, where: str, timeout_s: float, *, cut: bool) -> SourceFailed:
    """A driver's error in our words. `cut`: the connection is of no use any more."""
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    text = str(error.args[1]) if len(error.args) > 1 else str(error) or type(error).__name__
    slow, fix = f"no answer within {timeout_s:g} s", "raise timeout_s, or index the time column"
    if code in _TIMED_OUT:
        return SourceFailed(slow, retryable=True, where=where, fix=fix)
    if cut and "timed out" in text:
        return ConnectionCut(slow, where=where, fix=fix, again=False)
    if code in _FIXES:
        problem, fix = _FIXES[code]
        return SourceFailed(problem or text, retryable=False, where=where, fix=fix)
    fix = "check that the server runs and may be reached from here"
    if cut or code in _GONE:
        return ConnectionCut(text, where=where, fix=fix)
    if code in _UNREACHED or isinstance(error, OSError):
        return SourceFailed(text, retryable=True, where=where, fix=fix)
    return SourceFailed(text, retryable=False, where=where, fix="check names of tables and columns, types and rights")


def _tls(mode: str, ca: str | None) -> dict[str, Any]:
    if mode == "off":
        return {"ssl_disabled": True}
    if mode == "prefer" and ca is None:
        return {}  # the driver's own way: with TLS where the server has it
    try:
        context = ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise SourceFailed(
            f"cannot be read: {error.strerror or error}", retryable=False, where=f"tls_ca {ca}", fix="correct tls_ca"
        ) from error
    if mode != "verify":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED if ca else ssl.CERT_NONE
    return {"ssl": context}


def _begin(connection: Connection[Any], options: MysqlOptions) -> None:
    """Settings by SET, one by one, so that an engine that lacks one is known. Doris and StarRocks lack most."""
    engine = options.engine or _sniffed(connection)
    milliseconds = max(1, round(options.timeout_s * 1000))
    seconds = max(1, round(options.timeout_s))
    if engine in ("doris", "starrocks"):
        must, may = [f"SET query_timeout = {seconds}", "SET time_zone = '+00:00'"], []
    else:
        limit = (
            f"SET SESSION max_statement_time = {options.timeout_s:.6f}"
            if engine == "mariadb"
            else f"SET SESSION max_execution_time = {milliseconds}"
        )
        must = [f"SET SESSION sql_mode = '{_MODE}'", "SET time_zone = '+00:00'", "SET SESSION TRANSACTION READ ONLY"]
        must.append(limit)
        # A GROUP BY of hours by a few dimensions outgrows the usual 16 MB, and then costs three times the CPU on disk.
        # The smaller of the two counts.
        sizes = ("tmp_memory_table_size", "max_heap_table_size")
        may = [f"SET SESSION {name} = {_WORKING_BYTES}" for name in sizes] if engine == "mariadb" else []
    with closing(connection.cursor()) as cursor:
        for statement in must:
            cursor.execute(statement)
        for statement in may:
            _try(cursor, statement)


def _try(cursor: Cursor, statement: str) -> None:
    import pymysql

    try:
        cursor.execute(statement)
    except pymysql.Error as error:
        if not error.args or error.args[0] not in _NOT_HAD:
            raise


def _sniffed(connection: Connection[Any]) -> str:
    """mysql or mariadb. Raises SourceFailed on an engine that must be named, since its SQL is another."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT VERSION(), @@version_comment")
        said = " ".join(str(part) for part in cursor.fetchone() or ()).lower()
    other = next((name for name in ("starrocks", "doris") if name in said), None)
    if other is not None:
        raise SourceFailed(
            f"the server says that it is {other}",
            retryable=False,
            where=f"{connection.host}:{connection.port}",
            fix=f"write engine: {other} into the options of the source",
        )
    return "mariadb" if "mariadb" in said else "mysql"
