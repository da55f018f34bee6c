"""`metricloop init --from`: from a person's own file or database to a project that is sound."""

from __future__ import annotations

import json
import os
import stat
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import yaml

from tests.cli.shell import metricloop, refused
from tests.missing import missing

FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def orders(folder: Path, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
    lines = ["下单时间,地区,金额,客户"]
    for i in range(400):
        at = FIRST + timedelta(minutes=37 * i)
        lines.append(f'{at:%Y/%m/%d %H:%M},{("华东", "华南")[i % 2]},"￥1,{i % 9}00.5",C{i % 40}')
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def body(project: Path, file: str, section: str) -> dict[str, object]:
    found = yaml.safe_load((project / f"{file}.yml").read_text(encoding="utf-8"))[section]
    return dict(found[0] if isinstance(found, list) else found)


def test_a_chinese_excel_csv_becomes_a_sound_project_that_replays(tmp_path: Path) -> None:
    orders(tmp_path, encoding="gbk")
    made = metricloop("init", "shop", "--from", "orders.csv", "--timezone", "Asia/Shanghai", "--yes", folder=tmp_path)
    assert made.code == 0, made.err
    assert "orders_count" in made.out
    assert "金额" in made.out
    checked = metricloop("check", "shop", folder=tmp_path)
    assert (checked.code, checked.out) == (0, "")
    dataset = body(tmp_path / "shop", "datasets", "datasets")
    assert (dataset["time_column"], dataset["time_column_zone"], dataset["grain"]) == (
        "下单时间",
        "Asia/Shanghai",
        "hour",
    )
    [command] = [line for line in made.err.splitlines() if "metricloop replay" in line]
    words = command.partition("metricloop replay")[2].split()
    replayed = metricloop("replay", *words, "--json", folder=tmp_path)
    assert replayed.code == 0, replayed.err
    assert json.loads(replayed.out)["counts"] is not None


def test_what_only_a_person_knows_is_asked_and_each_metric_can_be_refused(tmp_path: Path) -> None:
    orders(tmp_path)
    answers = "Asia/Shanghai\n李华\nCNY\nn\nn\ny\ny\n"
    made = metricloop(
        "init", "shop", "--from", "orders.csv", folder=tmp_path, stdin=answers, env={"LANG": "zh_CN.UTF-8"}
    )
    assert made.code == 0, made.err
    metrics = yaml.safe_load((tmp_path / "shop" / "metrics.yml").read_text(encoding="utf-8"))["metrics"]
    assert [(one["name"], one["governance"]["unit"]) for one in metrics] == [
        ("金额", "CNY"),
        ("客户_distinct", "count"),
    ]
    assert body(tmp_path / "shop", "people", "people")["name"] == "李华"
    assert body(tmp_path / "shop", "people", "people")["language"] == "zh"
    assert not (tmp_path / "shop" / "monitors.yml").exists(), "its metric was not taken"


def test_without_anybody_to_ask_it_says_how_to_go_on(tmp_path: Path) -> None:
    orders(tmp_path)
    outcome = metricloop("init", "shop", "--from", "orders.csv", folder=tmp_path)
    refused(outcome, "--yes")
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "empty"),
        ("date,n\n", "no rows"),
        ("region,sales\nEast,1\nWest,2\n", "no column tells a time"),
        ("date,n\n" + "".join(f"2026-03-{i:02},1\n" for i in range(1, 29)) + "total,28\n", "'total'"),
    ],
)
def test_what_cannot_be_watched_says_why_and_leaves_nothing_behind(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "a.csv").write_text(content)
    refused(metricloop("init", "new", "--from", "a.csv", "--yes", folder=tmp_path), told)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--timezone", "Mars"], "Asia/Shanghai"),
        (["--time", "地区"], "no column that tells a time"),
        (["--currency", "yuan"], "CNY"),
        (["--table", "nope"], "known: orders"),
        (["--language", "fr"], "en or zh"),
    ],
)
def test_wrong_words_are_refused_with_the_right_ones(tmp_path: Path, flags: list[str], told: str) -> None:
    orders(tmp_path)
    refused(metricloop("init", "shop", "--from", "orders.csv", "--yes", *flags, folder=tmp_path), told)


def test_a_folder_in_use_is_left_alone(project: Path) -> None:
    refused(metricloop("init", ".", "--from", "data/orders.csv", "--yes", folder=project), "not empty")


def test_of_several_tables_one_must_be_named(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    for name in ("a.csv", "b.csv"):
        orders(tmp_path / "exports", name)
    refused(metricloop("init", "shop", "--from", "exports", "--yes", folder=tmp_path), "--table: a, b")
    made = metricloop("init", "shop", "--from", "exports", "--table", "b", "--yes", folder=tmp_path)
    assert made.code == 0, made.err


@pytest.fixture
def database() -> Iterator[tuple[str, str]]:
    """(address without a password, name of a schema with a table of orders)."""
    url = os.environ.get("METRICLOOP_TEST_POSTGRES") or missing(
        "METRICLOOP_TEST_POSTGRES names no PostgreSQL", "set it to postgresql://user@host/test"
    )
    schema = f"first_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(
            f"CREATE TABLE {schema}.orders AS SELECT timestamptz '2026-03-01' + i * interval '1 hour' AS created_at, "
            "(ARRAY['East', 'West'])[1 + i % 2] AS region, i::numeric(9, 2) AS amount FROM generate_series(1, 400) AS i"
        )
        yield url, schema
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def test_a_password_is_kept_outside_of_the_project(tmp_path: Path, database: tuple[str, str]) -> None:
    url, schema = database
    head, _, tail = url.partition("://")
    login, _, place = tail.rpartition("@")
    secret = f"{head}://{login.partition(':')[0]}:very-secret-word@{place}"
    flags = ["--from", secret, "--table", f"{schema}.orders", "--yes"]
    made = metricloop("init", "shop", *flags, folder=tmp_path, env={"XDG_CONFIG_HOME": str(tmp_path / "home")})
    assert made.code == 0, made.err
    written = "".join(path.read_text() for path in (tmp_path / "shop").rglob("*.yml"))
    assert "very-secret-word" not in written + made.out + made.err
    [kept] = (tmp_path / "home").rglob("*.url")
    assert f"url: file:{kept}" in written
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert metricloop("check", "shop", folder=tmp_path).code == 0


def test_an_address_by_reference_is_written_as_one(tmp_path: Path, database: tuple[str, str]) -> None:
    url, schema = database
    flags = ["--from", "env:SHOP_URL", "--table", f"{schema}.orders", "--yes"]
    made = metricloop("init", "shop", *flags, folder=tmp_path, env={"SHOP_URL": url})
    assert made.code == 0, made.err
    assert body(tmp_path / "shop", "sources", "sources")["options"] == {"url": "env:SHOP_URL"}
