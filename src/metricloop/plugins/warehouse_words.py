"""What differs between the databases of the source `warehouse`: packages, how a session begins, names of types."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import exc
from sqlalchemy.engine import Dialect
from sqlalchemy.types import NullType, TypeEngine

DRIVERS = {
    "trino": "trino[sqlalchemy]",
    "doris": "pydoris",
    "starrocks": "starrocks",
    "spark": "pyhive[hive_pure_sasl]",
    "databricks": "databricks-sqlalchemy",
    "hive": "pyhive[hive_pure_sasl]",
    "snowflake": "snowflake-sqlalchemy",
    "bigquery": "sqlalchemy-bigquery",
    "redshift": "sqlalchemy-redshift redshift-connector",
    "postgres": "psycopg",
    "mysql": "pymysql",
    "duckdb": "duckdb-engine",
    "clickhouse": "clickhouse-connect",
}
_SESSIONS = {
    "trino": ("SET TIME ZONE 'UTC'", "SET SESSION query_max_execution_time = '{s}s'"),
    "doris": ("SET time_zone = '+00:00'", "SET query_timeout = {s}"),
    "starrocks": ("SET time_zone = '+00:00'", "SET query_timeout = {s}"),
    "spark": ("SET TIME ZONE 'UTC'",),
    "databricks": ("SET TIME ZONE 'UTC'", "SET STATEMENT_TIMEOUT = {s}"),
    "hive": ("SET hive.local.time.zone=UTC",),
    "snowflake": ("ALTER SESSION SET TIMEZONE = 'UTC'", "ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = {s}"),
    "redshift": ("SET timezone TO 'UTC'", "SET statement_timeout TO {ms}"),
    "postgres": ("SET TIME ZONE 'UTC'", "SET statement_timeout = {ms}", "SET default_transaction_read_only = on"),
    "mysql": ("SET time_zone = '+00:00'", "SET SESSION TRANSACTION READ ONLY"),
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA case_sensitive_like = ON"),
}


def session_of(dialect: str, timeout_s: float) -> tuple[str, ...]:
    """What puts a session into UTC and gives it a time-out, where that is known how; maybe nothing."""
    seconds, milliseconds = max(1, round(timeout_s)), max(1, round(timeout_s * 1000))
    return tuple(text.format(s=seconds, ms=milliseconds) for text in _SESSIONS.get(dialect, ()))


def kind_of(kind: TypeEngine[object], dialect: Dialect) -> str:
    """A column's type as its database writes it; `unknown` where SQLAlchemy does not know it."""
    if isinstance(kind, NullType):
        return "unknown"
    try:
        return kind.compile(dialect=dialect)
    except exc.CompileError:
        return type(kind).__name__


def word_of(cell: object) -> str:
    """What type a value seems to be of; `unknown` for NULL."""
    match cell:
        case bool():
            return "boolean"
        case int():
            return "bigint"
        case float() | Decimal():
            return "double"
        case datetime():
            return "timestamp"
        case date():
            return "date"
        case str():
            return "varchar"
    return "unknown"
