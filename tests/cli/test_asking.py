"""`metricloop query`: a table, CSV, JSON, or the SQL of each source; over files, or over what is live in the store."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlglot

from metricloop.collect.compile import compile_reading
from metricloop.collect.dialects import DIALECTS
from metricloop.collect.query_plan import Query, plan_query
from metricloop.kernel.grain import Grain
from tests.cli.shell import metricloop, refused
from tests.collect import queried
from tests.collect.queried import local

RANGE = ("--from", "2026-03-28", "--to", "2026-03-31")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("asking")
    return queried.write_project(made / "project", queried.write_files(made))


def query(folder: Path, *words: str) -> str:
    outcome = metricloop("query", *words, "--project", str(folder), folder=folder)
    assert outcome.code == 0, outcome.err
    return outcome.out


def test_a_table_has_a_line_for_each_bucket_and_slice(asked: Path) -> None:
    head, *rows = query(asked, "gmv", *RANGE, "--by", "region").splitlines()
    assert head.split() == ["bucket", "region", "gmv"]
    assert len(rows) == 9 and len({len(row) for row in [head, *rows]}) == 1
    value = queried.gmv(queried.day_span(date(2026, 3, 28)), queried.east)
    assert rows[1].split() == ["2026-03-28T00:00:00+01:00", "East", f"{value:.0f}"]


def test_what_nobody_can_tell_is_a_dash_in_a_table_and_nothing_in_csv(asked: Path) -> None:
    words = ("conversion", "--from", "2026-02-01", "--to", "2026-02-02")
    assert query(asked, *words).splitlines()[1].split()[-1] == "–"
    assert query(asked, *words, "--csv") == "bucket,conversion\n2026-02-01T00:00:00+01:00,\n"


def test_csv_tells_both_sides_of_a_ratio(asked: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(query(asked, "paid_rate", *RANGE, "--csv"))))
    assert [*rows[0]] == ["bucket", "paid_rate", "numerator", "denominator"]
    assert float(rows[0]["paid_rate"]) == float(rows[0]["numerator"]) / float(rows[0]["denominator"])


def test_weeks_begin_as_the_dataset_says(asked: Path) -> None:
    rows = query(asked, "gmv", "--from", "2026-03-25", "--to", "2026-04-01", "--grain", "week", "--csv").splitlines()
    assert [row.split("T")[0] for row in rows[1:]] == ["2026-03-23", "2026-03-30"]


def test_sql_is_shown_for_each_source_and_parses(asked: Path) -> None:
    text = query(asked, "conversion", *RANGE, "--sql")
    assert text.startswith("-- source shop (duckdb)\nSELECT")
    assert len(sqlglot.parse(text, dialect="duckdb")) == 2
    sent = metricloop("query", "gmv", *RANGE, "--sql", "--json", "--project", str(asked), folder=asked).data
    assert [(one["source"], one["dialect"]) for one in sent] == [("shop", "duckdb")]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("metric", ["gmv", "buyers_7d", "p90", "gmv_vs_last_week", "east_share"])
def test_the_sql_of_every_dialect_parses(asked: Path, metric: str, dialect: str) -> None:
    project = queried.project_in(asked)
    where = "region = 'O''Brien \\ x' AND carrier IS NOT NULL"
    start = local(date(2026, 3, 20))
    asking = Query(metric, start, start + timedelta(days=14), Grain.DAY, ("region", "carrier"), where)
    for reading in plan_query(project, asking).readings:
        (tree,) = sqlglot.parse(compile_reading(replace(reading), dialect), dialect=dialect)
        assert isinstance(tree, sqlglot.exp.Query)


def test_the_live_definitions_are_asked_where_there_is_a_store(asked: Path, tmp_path: Path) -> None:
    state = str(tmp_path / "state.db")
    assert metricloop("apply", str(asked), "--database", state, folder=asked).code == 0
    file = asked / "metricloop.yml"
    before = file.read_text(encoding="utf-8")
    file.write_text(
        before.replace("measure: amount, filter: \"status = 'paid'\", governance", "measure: amount, governance")
    )
    try:
        words = ("query", "gmv", *RANGE, "--csv")
        live = metricloop(*words, "--database", state, folder=asked).out
        written = metricloop(*words, "--project", ".", folder=asked).out
    finally:
        file.write_text(before, encoding="utf-8")
    assert live == query(asked, "gmv", *RANGE, "--csv")
    assert written != live


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gvm",), "no metric 'gvm'"),
        (("gmv", "--by", "regoin"), "did you mean 'region'"),
        (("gmv", "--where", "region = 'a'; DROP TABLE orders"), "2 statements"),
        (("gmv", "--where", "status = 'paid'"), "no dimension 'status'"),
        (("gmv", "--grain", "minute"), "no grain 'minute'"),
        (("gmv", "--from", "yesterday"), "is no time"),
        (("gmv", "--csv", "--json"), "choose one"),
        (("gmv", "--from", "2999-01-01"), "future"),
    ],
)
def test_wrong_use_is_told_with_the_fix(asked: Path, words: tuple[str, ...], said: str) -> None:
    refused(metricloop("query", *words, "--project", str(asked), folder=asked), said)
