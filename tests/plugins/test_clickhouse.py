"""Against ClickHouse's own engine, in this process and behind HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from metricloop.plugins.clickhouse import ClickhouseOptions, ClickhouseSource
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_source
from tests.collect.engines import closed_port
from tests.plugins.context import context
from tests.plugins.embedded_clickhouse import fill, over_http

STATEMENTS = [
    "CREATE DATABASE shop",
    "CREATE TABLE shop.orders (at DateTime('UTC'), city Nullable(String), n Int64, amount Decimal(9, 2)) "
    "ENGINE = MergeTree ORDER BY at",
    "INSERT INTO shop.orders VALUES ('2013-01-01 08:30:00', 'Bern', 1, 2.50), ('2013-01-01 09:30:00', NULL, 2, 0)",
    "CREATE VIEW shop.big_orders AS SELECT * FROM shop.orders WHERE n > 1",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("chdb")
    fill(found, STATEMENTS)
    return found


@pytest.fixture
def embedded(folder: Path) -> Iterator[ClickhouseSource]:
    opened = source(folder, path=".", database="shop", timeout_s=1)
    yield opened
    opened.close()


@pytest.fixture
def remote(folder: Path) -> Iterator[ClickhouseSource]:
    with over_http(folder) as port:
        opened = source(folder, host="127.0.0.1", port=port, database="shop", timeout_s=1)
        yield opened
        opened.close()


@pytest.fixture(params=["embedded", "remote"])
def either(request: pytest.FixtureRequest) -> ClickhouseSource:
    opened: ClickhouseSource = request.getfixturevalue(request.param)
    return opened


def source(folder: Path, **options: Any) -> ClickhouseSource:
    return ClickhouseSource(ClickhouseOptions.model_validate(options), context(folder))


def test_the_clickhouse_source_keeps_what_the_kit_promises(either: ClickhouseSource) -> None:
    assert check_source(either, table="orders", time_column="at") == []


def test_columns_tables_and_selects_are_told_in_the_words_of_the_server(either: ClickhouseSource) -> None:
    said = {"at": "DateTime('UTC')", "city": "Nullable(String)", "n": "Int64", "amount": "Decimal(9, 2)"}
    assert either.columns("orders") == said
    assert either.columns("shop.orders") == said
    assert either.tables() == ["big_orders", "orders"]
    assert either.describe("SELECT at, SUM(n) AS total FROM orders GROUP BY at") == {
        "at": "DateTime('UTC')",
        "total": "Nullable(Int64)",
    }
    with pytest.raises(SourceFailed, match="nope"):
        either.columns("nope")


def test_what_is_not_there_is_null_and_a_name_means_the_column(either: ClickhouseSource) -> None:
    assert either.read("SELECT min(n), sum(n), count(n) FROM orders WHERE n > 5") == [(None, None, 0)]
    assert either.read("SELECT sum(n) AS n FROM orders WHERE n > 1") == [(2,)]
    assert either.read("SELECT CAST(city AS String) FROM orders ORDER BY n") == [("Bern",), (None,)]
    joined = "SELECT b.n FROM orders AS a LEFT JOIN orders AS b ON a.n = b.n + 1 ORDER BY a.n"
    assert either.read(joined) == [(None,), (1,)]


def test_times_come_out_in_utc(either: ClickhouseSource) -> None:
    ((hour,),) = either.read("SELECT toStartOfHour(toDateTime('2013-01-01 08:30:00')) FROM orders LIMIT 1")
    assert str(hour) == "2013-01-01 08:00:00"
    ((at, amount),) = either.read("SELECT at, amount FROM orders WHERE n = 1")
    assert str(at).startswith("2013-01-01 08:30:00")
    assert float(str(amount)) == 2.5


def test_the_zone_of_this_machine_changes_nothing(folder: Path) -> None:
    """In a process of its own, since the engine takes its zone from where it starts."""
    program = (
        "import sys; from pathlib import Path; from tests.plugins.test_clickhouse import source\n"
        "print(source(Path(sys.argv[1]), path='.', database='shop').read("
        "\"SELECT toStartOfHour(toDateTime('2013-01-01 08:30:00')), at FROM orders WHERE n = 1\"))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        env={**os.environ, "TZ": "Asia/Shanghai"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.count("datetime.datetime(2013, 1, 1, 8") == 2, told.stdout


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO orders SELECT * FROM orders",
        "DROP TABLE orders",
        "SELECT 1; SELECT 2",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM orders UNION ALL SELECT * FROM url('http://127.0.0.1/', 'CSV', 'a String')",
        "SELECT 1 INTO OUTFILE 'stolen.csv'",
        "SELECT 1 /* hidden */",
        "SYSTEM SHUTDOWN",
        "SET readonly = 0",
    ],
)
def test_only_reading_is_allowed(either: ClickhouseSource, sql: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        either.read(sql)
    assert not caught.value.retryable
    assert caught.value.fix
    assert either.read("SELECT count() FROM orders") == [(2,)]


def test_a_query_that_takes_too_long_is_stopped(either: ClickhouseSource) -> None:
    with pytest.raises(SourceFailed, match="within 1 s") as caught:
        either.read("SELECT count() FROM numbers(100000000000)")
    assert caught.value.retryable
    assert either.read("SELECT 1") == [(1,)]


def test_a_wrong_column_is_named(either: ClickhouseSource) -> None:
    with pytest.raises(SourceFailed, match="wrong_column") as caught:
        either.read("SELECT wrong_column FROM orders")
    assert not caught.value.retryable


def test_a_dead_server_may_come_back_and_a_wrong_password_does_not(folder: Path, tmp_path: Path) -> None:
    port = closed_port()
    with pytest.raises(SourceFailed) as caught:
        source(folder, host="127.0.0.1", port=port, connect_timeout_s=2).read("SELECT 1")
    assert caught.value.retryable
    assert str(port) in caught.value.where
    with over_http(folder, password="right") as port:
        (tmp_path / "address").write_text(f"http://default:hunter2@127.0.0.1:{port}/shop")
        with pytest.raises(SourceFailed) as caught:
            source(folder, url=f"file:{tmp_path / 'address'}").read("SELECT 1")
    assert not caught.value.retryable
    assert "hunter2" not in f"{caught.value}{caught.value.__cause__}"


def test_a_second_folder_in_one_process_is_refused_with_a_reason(embedded: ClickhouseSource, tmp_path: Path) -> None:
    assert embedded.read("SELECT 1") == [(1,)]
    with pytest.raises(SourceFailed, match="another chDB folder"):
        source(tmp_path, path=".").read("SELECT 1")
    with pytest.raises(SourceFailed, match="no such folder"):
        source(tmp_path, path="nowhere").read("SELECT 1")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "options", [{"path": ".", "host": "h"}, {"url": "env:X", "user": "y"}, {"password": "plain"}, {"timeout_s": 0}]
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ClickhouseOptions.model_validate(options)
