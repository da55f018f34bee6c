"""Against a real PostgreSQL; see conftest.py for when these take part."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import ValidationError

from metricloop.plugins.postgres import PostgresOptions, PostgresSource
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_source
from tests.collect.engines import POSTGRES, closed_port, postgres_schema
from tests.plugins.context import context


@pytest.fixture(scope="module")
def schema() -> Iterator[str]:
    with postgres_schema() as (connection, name):
        connection.execute(f"CREATE TABLE {name}.orders (at timestamptz, city text, n bigint)".encode())
        connection.execute(f"INSERT INTO {name}.orders VALUES ('2013-01-01T10:30:00+02:00', 'Bern', 1)".encode())
        connection.execute(f"CREATE SEQUENCE {name}.numbers".encode())
        yield name


def source(folder: Path, **options: Any) -> PostgresSource:
    address = folder / "address"
    address.write_text(POSTGRES)
    return PostgresSource(PostgresOptions.model_validate({"url": f"file:{address}", **options}), context(folder))


def test_the_postgres_source_keeps_what_the_kit_promises(tmp_path: Path, schema: str) -> None:
    address = tmp_path / "address"
    opened = source(tmp_path)
    address.write_text(make_conninfo(POSTGRES, options=f"-c search_path={schema}"))
    assert check_source(opened, table="orders", time_column="at") == []


def test_columns_of_a_table_in_a_schema_are_told(tmp_path: Path, schema: str) -> None:
    found = source(tmp_path).columns(f"{schema}.orders")
    assert found == {"at": "timestamp with time zone", "city": "text", "n": "bigint"}


@pytest.mark.parametrize("sql", ["DELETE FROM {}.orders", "COPY {}.orders TO PROGRAM 'cat'", "SELECT 1; COMMIT"])
def test_only_reading_is_allowed(tmp_path: Path, schema: str, sql: str) -> None:
    opened = source(tmp_path)
    with pytest.raises(SourceFailed) as caught:
        opened.read(sql.format(schema))
    assert not caught.value.retryable
    assert opened.read(f"SELECT count(*) FROM {schema}.orders") == [(1,)]
    opened.close()


def test_a_function_that_writes_is_refused_by_the_transaction(tmp_path: Path, schema: str) -> None:
    with pytest.raises(SourceFailed, match="only one SELECT"):
        source(tmp_path).read(f"SELECT nextval('{schema}.numbers')")


def test_the_tables_that_the_user_may_see_are_told(tmp_path: Path, schema: str) -> None:
    with psycopg.connect(POSTGRES, autocommit=True) as other:
        other.execute(f"CREATE VIEW {schema}.seen AS SELECT 1 AS a".encode())
        other.execute(f"CREATE TABLE {schema}.parts (a int) PARTITION BY RANGE (a)".encode())
        other.execute(f"CREATE TABLE {schema}.part PARTITION OF {schema}.parts FOR VALUES FROM (1) TO (2)".encode())
    opened = source(tmp_path)
    found = [name for name in opened.tables() if name.startswith(f"{schema}.")]
    assert found == [f"{schema}.orders", f"{schema}.parts", f"{schema}.seen"]
    assert not [name for name in opened.tables() if name.startswith(("pg_catalog.", "information_schema."))]
    opened.close()


def test_the_columns_of_a_select_are_told_without_running_it(tmp_path: Path, schema: str) -> None:
    opened = source(tmp_path)
    told = opened.describe(
        f"SELECT at, city AS place, sum(n) AS total FROM {schema}.orders, pg_sleep(20) GROUP BY 1, 2"
    )
    assert told == {"at": "timestamp with time zone", "place": "text", "total": "numeric"}
    for wrong in ("SELECT nope FROM nowhere", f"DELETE FROM {schema}.orders"):
        with pytest.raises(SourceFailed):
            opened.describe(wrong)
    opened.close()


def test_an_address_that_cannot_be_read_is_not_repeated(tmp_path: Path) -> None:
    opened = source(tmp_path)
    (tmp_path / "address").write_text("postgresql://me:hunter2@[broken/shop")
    with pytest.raises(SourceFailed) as caught:
        opened.read("SELECT 1")
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_calls_beside_each_other_use_no_more_connections_than_allowed(tmp_path: Path) -> None:
    opened = source(tmp_path, connections=2)
    with ThreadPoolExecutor(6) as threads:
        pids = list(threads.map(lambda _: opened.read("SELECT pg_backend_pid(), pg_sleep(0.05)")[0][0], range(6)))
    assert 1 <= len(set(pids)) <= 2
    opened.close()


def test_a_statement_that_sleeps_is_stopped_and_the_source_lives_on(tmp_path: Path) -> None:
    opened = source(tmp_path, timeout_s=0.3)
    with pytest.raises(SourceFailed, match=r"within 0\.3 s") as caught:
        opened.read("SELECT pg_sleep(20)")
    assert caught.value.retryable
    assert opened.read("SELECT 1") == [(1,)]
    opened.close()


def test_a_connection_that_was_cut_is_made_again(tmp_path: Path) -> None:
    opened = source(tmp_path)
    (pid,) = opened.read("SELECT pg_backend_pid()")[0]
    with psycopg.connect(POSTGRES, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    assert opened.read("SELECT 1") == [(1,)]
    opened.close()


def test_a_dead_server_may_come_back_and_is_named() -> None:
    port = closed_port()
    options = PostgresOptions(host="127.0.0.1", port=port, database="shop", connect_timeout_s=2)
    with pytest.raises(SourceFailed) as caught:
        PostgresSource(options, context(Path("."))).read("SELECT 1")
    assert caught.value.retryable
    assert str(port) in caught.value.where
    assert caught.value.fix


def test_a_database_that_is_not_there_and_a_wrong_column_are_named(tmp_path: Path, schema: str) -> None:
    parts = conninfo_to_dict(POSTGRES)
    missing = PostgresOptions.model_validate(
        {"host": parts.get("host", ""), "port": parts.get("port", 5432), "user": parts.get("user"), "database": "nope"}
    )
    with pytest.raises(SourceFailed, match="nope"):
        PostgresSource(missing, context(tmp_path)).read("SELECT 1")
    with pytest.raises(SourceFailed, match="wrong_column") as caught:
        source(tmp_path).read(f"SELECT wrong_column FROM {schema}.orders")
    assert not caught.value.retryable


def test_times_come_out_in_utc(tmp_path: Path, schema: str) -> None:
    ((at,),) = source(tmp_path).read(f"SELECT CAST(DATE_TRUNC('hour', at) AS timestamp) FROM {schema}.orders")
    assert str(at) == "2013-01-01 08:00:00"


@pytest.mark.parametrize("options", [{}, {"url": "env:X", "database": "y"}, {"database": "x", "password": "plain"}])
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PostgresOptions.model_validate(options)
