"""SQLAlchemy addresses of SQLite and of a real PostgreSQL and MariaDB, as stand-ins for warehouses."""

from __future__ import annotations

import os
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from metricloop.collect.compile import DIALECTS
from metricloop.plugins.warehouse import Speaks, WarehouseOptions, WarehouseSource
from metricloop.plugins.warehouse_words import DRIVERS, session_of
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_source
from tests.collect.engines import POSTGRES, closed_port, postgres_schema
from tests.missing import missing
from tests.plugins.context import context
from tests.plugins.mariadb import database

SECRET = "hunter2"


def source(folder: Path, url: str, dialect: str, **options: Any) -> WarehouseSource:
    (folder / "url").write_text(url)
    given = {"url": f"file:{folder / 'url'}", "dialect": dialect, **options}
    return WarehouseSource(WarehouseOptions.model_validate(given), context(folder))


@pytest.fixture
def in_sqlite(tmp_path: Path) -> str:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection, connection:
        connection.execute("CREATE TABLE orders (at TIMESTAMP, city VARCHAR(20), n INTEGER, odd)")
        connection.execute("INSERT INTO orders VALUES ('2013-01-01 08:30:00', 'Bern', 1, 2.5)")
        connection.execute("CREATE VIEW seen AS SELECT * FROM orders")
    return f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture(scope="module")
def in_postgres() -> Iterator[tuple[str, str]]:
    """An address and a schema."""
    if not POSTGRES:
        missing("METRICLOOP_TEST_POSTGRES names no PostgreSQL", "Start one and set it to postgresql://...")
    parts = conninfo_to_dict(POSTGRES)
    login = f"{parts.get('user', 'postgres')}:{parts.get('password', '')}"
    place = f"{parts.get('host', '127.0.0.1')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
    with postgres_schema() as (connection, schema):
        connection.execute(f"CREATE TABLE {schema}.orders (at timestamptz, city text, n bigint)".encode())
        connection.execute(f"INSERT INTO {schema}.orders VALUES ('2013-01-01T10:30:00+02:00', '100%', 1)".encode())
        yield f"postgresql+psycopg://{login}@{place}?options=-csearch_path%3D{schema}", schema


def test_a_warehouse_keeps_what_the_kit_promises(tmp_path: Path, in_sqlite: str) -> None:
    assert check_source(source(tmp_path, in_sqlite, "sqlite"), table="orders", time_column="at") == []


def test_a_warehouse_on_a_server_keeps_what_the_kit_promises(tmp_path: Path, in_postgres: tuple[str, str]) -> None:
    assert check_source(source(tmp_path, in_postgres[0], "postgres"), table="orders", time_column="at") == []


def test_mariadb_by_sqlalchemy_keeps_what_the_kit_promises(tmp_path: Path) -> None:
    with database() as (connection, _, address), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE orders AS SELECT TIMESTAMP '2013-01-01 08:30:00' AS at, 1 AS n")
        opened = source(tmp_path, address.replace("mysql://", "mysql+pymysql://"), "mysql")
        assert check_source(opened, table="orders", time_column="at") == []


def test_tables_columns_and_selects_are_told(tmp_path: Path, in_sqlite: str, in_postgres: tuple[str, str]) -> None:
    opened = source(tmp_path, in_sqlite, "sqlite")
    assert opened.tables() == ["orders", "seen"]
    assert opened.columns("orders") == {"at": "TIMESTAMP", "city": "VARCHAR(20)", "n": "INTEGER", "odd": "unknown"}
    told = opened.describe("SELECT at, n AS many, odd, NULL AS gone FROM orders")
    assert told == {"at": "varchar", "many": "bigint", "odd": "double", "gone": "unknown"}
    opened.close()
    url, schema = in_postgres
    opened = source(tmp_path, url, "postgres", schemas=[schema])
    assert f"{schema}.orders" in opened.tables()
    assert opened.columns(f"{schema}.orders") == {"at": "TIMESTAMP WITH TIME ZONE", "city": "TEXT", "n": "BIGINT"}
    assert opened.describe("SELECT at, city, n FROM orders") == {"at": "timestamp", "city": "varchar", "n": "bigint"}
    opened.close()


def test_rows_come_in_utc_and_a_percent_sign_is_one(tmp_path: Path, in_postgres: tuple[str, str]) -> None:
    opened = source(tmp_path, in_postgres[0], "postgres")
    ((at, city),) = opened.read("SELECT DATE_TRUNC('hour', at)::timestamp, city FROM orders WHERE city LIKE '100%'")
    assert (str(at), city) == ("2013-01-01 08:00:00", "100%")
    opened.close()


@pytest.mark.parametrize("sql", ["DELETE FROM orders", "SELECT 1; SELECT 2", "PRAGMA x = 1", "SELECT 1 -- x"])
def test_only_reading_is_allowed(tmp_path: Path, in_sqlite: str, sql: str) -> None:
    opened = source(tmp_path, in_sqlite, "sqlite")
    with pytest.raises(SourceFailed) as caught:
        opened.read(sql)
    assert not caught.value.retryable
    assert opened.read("SELECT COUNT(*) FROM orders") == [(1,)]
    opened.close()


def test_the_session_reads_only_where_the_engine_has_that(tmp_path: Path, in_postgres: tuple[str, str]) -> None:
    opened = source(tmp_path, in_postgres[0], "postgres")
    with psycopg.connect(POSTGRES, autocommit=True) as other:
        other.execute(f"CREATE SEQUENCE {in_postgres[1]}.numbers".encode())
    with pytest.raises(SourceFailed, match="read-only"):
        opened.read("SELECT nextval('numbers')")
    opened.close()


def test_a_statement_that_takes_too_long_is_stopped(
    tmp_path: Path, in_sqlite: str, in_postgres: tuple[str, str]
) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
    for url, dialect, sql in (
        (in_sqlite, "sqlite", endless),
        (in_postgres[0], "postgres", "SELECT pg_sleep(20)"),
    ):
        opened = source(tmp_path, url, dialect, timeout_s=0.3, session=[])
        with pytest.raises(SourceFailed, match=r"within 0\.3 s") as caught:
            opened.read(sql)
        assert caught.value.retryable
        assert opened.read("SELECT 1") == [(1,)]
        opened.close()


def test_a_connection_that_was_cut_is_made_again(tmp_path: Path, in_postgres: tuple[str, str]) -> None:
    opened = source(tmp_path, in_postgres[0], "postgres")
    ((pid,),) = opened.read("SELECT pg_backend_pid()")
    with psycopg.connect(POSTGRES, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    assert opened.read("SELECT 1") == [(1,)]
    opened.close()


def test_a_dead_server_may_come_back_and_a_wrong_column_does_not(tmp_path: Path, in_sqlite: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        source(tmp_path, f"postgresql+psycopg://me:{SECRET}@127.0.0.1:{closed_port()}/x", "postgres").read("SELECT 1")
    assert caught.value.retryable
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(SourceFailed, match="nope") as caught:
        source(tmp_path, in_sqlite, "sqlite").read("SELECT nope FROM orders")
    assert not caught.value.retryable
    with pytest.raises(SourceFailed, match="nonsense") as caught:
        source(tmp_path, in_sqlite, "sqlite", session=["nonsense"]).read("SELECT 1")
    assert caught.value.fix == "correct session of this source"


@pytest.mark.parametrize(
    ("url", "dialect", "fix"),
    [
        ("trino://me:{}@h/hive", "trino", "pip install trino[sqlalchemy]"),
        ("snowflake://me:{}@h/db", "snowflake", "pip install snowflake-sqlalchemy"),
        ("postgresql+psycopg2://me:{}@h/db", "redshift", "pip install sqlalchemy-redshift redshift-connector"),
        ("me:{}@h", "trino", "write it as SQLAlchemy does: dialect+driver://user:password@host:port/database"),
    ],
)
def test_a_missing_driver_or_a_broken_address_says_what_to_do(tmp_path: Path, url: str, dialect: str, fix: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        source(tmp_path, url.format(SECRET), dialect).read("SELECT 1")
    assert caught.value.fix == fix
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_every_dialect_is_one_that_the_compiler_writes_and_has_words_of_its_own() -> None:
    assert set(get_args(Speaks)) == set(DIALECTS)
    assert set(get_args(Speaks)) - {"sqlite"} == set(DRIVERS)
    assert session_of("trino", 90) == ("SET TIME ZONE 'UTC'", "SET SESSION query_max_execution_time = '90s'")
    assert session_of("redshift", 0.5) == ("SET timezone TO 'UTC'", "SET statement_timeout TO 500")


@pytest.mark.parametrize("options", [{"dialect": "cobol"}, {"url": "trino://plain"}, {"timeout_s": 0}])
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    assert "METRICLOOP_NOWHERE" not in os.environ
    with pytest.raises(ValidationError):
        WarehouseOptions.model_validate({"url": "env:METRICLOOP_NOWHERE", "dialect": "trino", **options})
