"""Against a real MariaDB."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql
import pytest
from pydantic import ValidationError

from metricloop.plugins.mysql import MysqlSource
from metricloop.plugins.mysql_session import MysqlOptions
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_source
from tests.collect.engines import closed_port
from tests.plugins.context import context
from tests.plugins.mariadb import database, server

ROWS = "('2013-01-01 08:30:00', '2013-01-01 08:30:00', 'Zürich', 1, 2.50), (NULL, NULL, NULL, NULL, NULL)"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with database() as (connection, _, found), connection.cursor() as cursor:
        cursor.execute("SET time_zone = '+00:00'")
        cursor.execute(
            "CREATE TABLE orders (at TIMESTAMP NULL, day DATETIME, city TEXT, n BIGINT, amount DECIMAL(9,2))"
        )
        cursor.execute(f"INSERT INTO orders VALUES {ROWS}")
        cursor.execute("CREATE VIEW big_orders AS SELECT * FROM orders WHERE n > 10")
        yield found


def source(folder: Path, address: str, **options: Any) -> MysqlSource:
    (folder / "address").write_text(address)
    options = {"url": f"file:{folder / 'address'}", **options}
    return MysqlSource(MysqlOptions.model_validate(options), context(folder))


def test_the_mysql_source_keeps_what_the_kit_promises(tmp_path: Path, address: str) -> None:
    assert check_source(source(tmp_path, address), table="orders", time_column="at") == []


def test_columns_and_tables_are_told_in_the_words_of_the_server(tmp_path: Path, address: str) -> None:
    opened = source(tmp_path, address)
    name = address.rpartition("/")[2]
    said = {"at": "timestamp", "day": "datetime", "city": "text", "n": "bigint(20)", "amount": "decimal(9,2)"}
    assert opened.columns("orders") == said
    assert opened.columns(f"{name}.orders") == said
    assert [table for table in opened.tables() if "." not in table] == ["big_orders", "orders"]
    assert not [table for table in opened.tables() if table.startswith(("mysql.", "information_schema."))]
    opened.close()


def test_the_columns_of_a_select_are_told_without_running_it(tmp_path: Path, address: str) -> None:
    opened = source(tmp_path, address)
    sql = "SELECT o.at, city, COUNT(*) AS n, SUM(amount) AS total FROM orders AS o WHERE SLEEP(20) = 0 GROUP BY 1, 2"
    assert opened.describe(sql) == {"at": "timestamp", "city": "text", "n": "bigint", "total": "decimal"}
    with pytest.raises(SourceFailed, match="nope"):
        opened.describe("SELECT nope FROM orders")
    opened.close()


def test_times_are_naive_utc_and_texts_cast_to_binary_are_texts(tmp_path: Path, address: str) -> None:
    opened = source(tmp_path, address)
    ((at, day, city, n, amount), empty) = opened.read(
        "SELECT at, day, CAST(city AS BINARY), n, amount FROM orders ORDER BY n IS NULL"
    )
    assert (str(at), str(day), city) == ("2013-01-01 08:30:00", "2013-01-01 08:30:00", "Zürich")
    assert (float(str(n)), float(str(amount))) == (1.0, 2.5)
    assert list(empty) == [None] * 5
    assert opened.read("SELECT @@time_zone, '100%'") == [("+00:00", "100%")]
    opened.close()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM orders",
        "INSERT INTO orders (n) VALUES (2)",
        "SELECT 1; DELETE FROM orders",
        "SELECT n FROM orders INTO OUTFILE 'stolen.csv'",
        "SELECT n FROM orders FOR UPDATE",
        "SELECT n FROM orders /*! FOR UPDATE */",
        "SELECT 1 --1 FROM orders FOR UPDATE",
        "SET GLOBAL max_connections = 1",
        "CALL something()",
        "LOAD DATA LOCAL INFILE 'x' INTO TABLE orders",
        "",
    ],
)
def test_only_reading_is_allowed(tmp_path: Path, address: str, sql: str) -> None:
    opened = source(tmp_path, address)
    with pytest.raises(SourceFailed) as caught:
        opened.read(sql)
    assert not caught.value.retryable
    assert caught.value.fix
    assert opened.read("SELECT COUNT(*) FROM orders") == [(2,)]
    opened.close()


def test_a_function_that_writes_is_refused_by_the_transaction(tmp_path: Path, address: str) -> None:
    with database() as (connection, _, place), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a INT)")
        cursor.execute(
            "CREATE FUNCTION sly() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO t VALUES (1); RETURN 1; END"
        )
        with pytest.raises(SourceFailed, match="only one SELECT"):
            source(tmp_path, place).read("SELECT sly()")


def test_a_statement_that_takes_too_long_is_stopped_and_the_source_lives_on(tmp_path: Path, address: str) -> None:
    opened = source(tmp_path, address, timeout_s=0.3)
    slow = " CROSS JOIN ".join(f"information_schema.columns AS c{i}" for i in range(4))
    with pytest.raises(SourceFailed, match=r"within 0\.3 s") as caught:
        opened.read(f"SELECT COUNT(*) FROM {slow}")
    assert caught.value.retryable
    assert opened.read("SELECT 1") == [(1,)]
    opened.close()


def test_groups_that_outgrow_the_usual_sixteen_megabytes_stay_in_memory(tmp_path: Path, address: str) -> None:
    opened = source(tmp_path, address, connections=1)
    on_disk = (
        "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'CREATED_TMP_DISK_TABLES'"
    )
    before = opened.read(on_disk)
    groups = "SELECT MD5(seq) AS a, MD5(-seq) AS b, COUNT(*) AS n FROM seq_1_to_120000 GROUP BY 1, 2"
    assert opened.read(f"SELECT COUNT(*) FROM ({groups}) AS g") == [(120_000,)]
    assert opened.read(on_disk) == before
    opened.close()


def test_connections_that_were_cut_are_made_again(tmp_path: Path, address: str) -> None:
    opened = source(tmp_path, address)
    ((id,),) = opened.read("SELECT CONNECTION_ID()")
    with database() as (connection, _, _), connection.cursor() as cursor:
        cursor.execute("KILL %s", (id,))
    assert opened.read("SELECT 1") == [(1,)]
    opened.close()


def test_a_dead_server_may_come_back_and_is_named() -> None:
    port = closed_port()
    options = MysqlOptions(host="127.0.0.1", port=port, database="shop", connect_timeout_s=2)
    with pytest.raises(SourceFailed) as caught:
        MysqlSource(options, context(Path("."))).read("SELECT 1")
    assert caught.value.retryable
    assert str(port) in caught.value.where
    assert caught.value.fix


def test_a_server_that_accepts_and_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metricloop.plugins.mysql_session._GRACE_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = MysqlOptions(host="127.0.0.1", port=silent.getsockname()[1], timeout_s=0.2)
        with pytest.raises(SourceFailed) as caught:
            MysqlSource(options, context(Path("."))).read("SELECT 1")
    assert caught.value.retryable


def test_wrong_names_and_a_wrong_password_say_what_to_do(tmp_path: Path, address: str) -> None:
    with pytest.raises(SourceFailed, match="wrong_column") as caught:
        source(tmp_path, address).read("SELECT wrong_column FROM orders")
    assert not caught.value.retryable
    at = server()
    wrong = f"mysql://nobody:hunter2@{at.host}:{at.port}/test"
    with pytest.raises(SourceFailed) as caught:
        source(tmp_path, wrong).read("SELECT 1")
    assert not caught.value.retryable
    assert "hunter2" not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize(
    "text", ["postgresql://x@y/z", "mysql:///shop", "mysql://u:secret@h:port/d", "mysql://h/d?ssl=1"]
)
def test_an_address_of_something_else_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        source(tmp_path, text).read("SELECT 1")
    assert text not in str(caught.value)
    assert "mysql://user:password@host:port/database" in caught.value.fix


def test_tls_that_is_wanted_is_never_left_out_silently(tmp_path: Path, address: str) -> None:
    asked = "SELECT VARIABLE_VALUE FROM information_schema.session_status WHERE VARIABLE_NAME = 'SSL_CIPHER'"
    assert source(tmp_path, address, tls="off").read(asked) == [("",)]
    ((offered,),) = source(tmp_path, address).read("SELECT @@have_ssl")
    wanted = source(tmp_path, address, tls="require")
    if offered == "YES":
        assert wanted.read(asked) != [("",)]
    else:
        with pytest.raises(SourceFailed, match="SSL"):
            wanted.read(asked)
    with pytest.raises(SourceFailed, match="cannot be read"):
        source(tmp_path, address, tls="verify", tls_ca="nowhere.pem").read("SELECT 1")


def test_a_server_of_another_engine_than_said_fails_where_its_session_begins(tmp_path: Path, address: str) -> None:
    with pytest.raises(SourceFailed, match="max_execution_time"):
        source(tmp_path, address, engine="mysql").read("SELECT 1")
    assert source(tmp_path, address, engine="doris").dialect == "doris"


def test_two_connections_work_beside_each_other_and_a_third_call_waits(tmp_path: Path, address: str) -> None:
    opened = source(tmp_path, address, connections=2)
    ids: list[object] = []

    def ask() -> None:
        ids.extend(opened.read("SELECT CONNECTION_ID(), SLEEP(0.05)")[0][:1])

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 6
    assert len(set(ids)) <= 2
    opened.close()


@pytest.mark.parametrize("options", [{"url": "env:X", "database": "y"}, {"password": "plain"}, {"connections": 0}])
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MysqlOptions.model_validate(options)


def test_the_driver_has_no_way_to_send_two_statements(address: str) -> None:
    """The statement check is the first barrier; this is the second one, and why it holds."""
    at = server()
    connection = pymysql.connect(host=at.host, port=at.port, user=at.user, password=at.password)
    with connection, connection.cursor() as cursor, pytest.raises(pymysql.Error):
        cursor.execute("SELECT 1; SELECT 2")
