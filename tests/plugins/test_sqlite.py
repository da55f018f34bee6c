from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from metricloop.plugins.sqlite import SqliteOptions, SqliteSource
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_source
from tests.plugins.context import context


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "shop # 1?.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (at TEXT, epoch TIMESTAMP, made DATETIME, city TEXT, n INTEGER, x)")
        connection.execute(
            "INSERT INTO orders VALUES ('2013-01-01T10:30:00+02:00', 1357034400, '2013-01-01', 'Bern', 1, 2.5)"
        )
    connection.close()
    return path


def source(path: Path, timeout_s: float = 60) -> SqliteSource:
    return SqliteSource(SqliteOptions(path=path.name, timeout_s=timeout_s), context(path.parent))


def test_the_sqlite_source_keeps_what_the_kit_promises(database: Path) -> None:
    assert check_source(source(database), table="orders", time_column="at") == []


def test_the_first_value_decides_whether_a_column_can_be_a_time(database: Path) -> None:
    assert source(database).columns("orders") == {
        "at": "TEXT (time)",
        "epoch": "INTEGER",
        "made": "DATETIME",
        "city": "TEXT",
        "n": "INTEGER",
        "x": "REAL",
    }


def test_tables_and_the_columns_of_a_select_are_told(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE VIEW seen AS SELECT * FROM orders")
        connection.execute("CREATE TABLE numbered (id INTEGER PRIMARY KEY AUTOINCREMENT)")
    opened = source(database)
    assert opened.tables() == ["numbered", "orders", "seen"]
    told = opened.describe("SELECT at, city AS place, SUM(x) AS total, NULL AS unset FROM orders GROUP BY 1, 2")
    assert told == {"at": "TEXT (time)", "place": "TEXT", "total": "REAL", "unset": "unknown"}
    with pytest.raises(SourceFailed, match="nope"):
        opened.describe("SELECT nope FROM orders")
    opened.close()


def test_calls_beside_each_other_are_answered(database: Path) -> None:
    opened = source(database)
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(lambda _: opened.read("SELECT n FROM orders"), range(12))) == [[(1,)]] * 12
    opened.close()


def test_a_file_that_was_replaced_or_is_gone_is_noticed(database: Path) -> None:
    opened = source(database)
    assert opened.read("SELECT n FROM orders") == [(1,)]
    database.rename(database.with_name("old.db"))
    with pytest.raises(SourceFailed, match="no such file"):
        opened.read("SELECT n FROM orders")
    with closing(sqlite3.connect(database)) as new, new:
        new.execute("CREATE TABLE orders AS SELECT 2 AS n")
    assert opened.read("SELECT n FROM orders") == [(2,)]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM orders",
        "ATTACH 'new.db' AS new",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "SELECT 1; SELECT 2",
        "CREATE TEMP TABLE x (a)",
        "SELECT load_extension('x')",
        "VACUUM INTO 'copy.db'",
        "SELECT 1 -- hidden",
    ],
)
def test_only_reading_is_allowed(database: Path, sql: str) -> None:
    opened = source(database)
    with pytest.raises(SourceFailed):
        opened.read(sql)
    assert opened.read("SELECT count(*) FROM orders") == [(1,)]
    assert [path.name for path in database.parent.iterdir()] == [database.name]
    opened.close()


def test_a_missing_file_is_named_and_never_made(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"no such file") as caught:
        source(tmp_path / "nope.db").read("SELECT 1")
    assert "nope.db" in caught.value.where
    assert not (tmp_path / "nope.db").exists()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, but long enough to be looked at" * 50)
    with pytest.raises(SourceFailed, match="not a database"):
        source(tmp_path / "text.db").read("SELECT * FROM orders")


def test_a_query_that_takes_too_long_is_stopped(database: Path) -> None:
    opened = source(database, timeout_s=0.2)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(SourceFailed, match=r"within 0\.2 s") as caught:
        opened.read(endless)
    assert caught.value.retryable
    assert opened.read("SELECT count(*) FROM orders") == [(1,)]
    opened.close()


def test_a_wrong_column_is_named(database: Path) -> None:
    with pytest.raises(SourceFailed, match="nope"):
        source(database).read("SELECT nope FROM orders")
