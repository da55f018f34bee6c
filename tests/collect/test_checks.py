from __future__ import annotations

from dataclasses import replace

import pytest

from metricloop.collect.checks import dataset_issues
from metricloop.define.dataset import Agg, Measure
from tests.collect.flights import FLIGHTS

COLUMNS = {
    "time_hour": "TIMESTAMP WITH TIME ZONE",
    "carrier": "VARCHAR",
    "origin": "VARCHAR",
    "dest": "VARCHAR",
    "dep_time": "BIGINT",
    "arr_delay": "BIGINT",
    "distance": "BIGINT",
}


def test_a_dataset_that_fits_has_no_issues() -> None:
    assert dataset_issues(FLIGHTS, COLUMNS) == []


@pytest.mark.parametrize("kind", ["Nullable(DateTime)", "LowCardinality(Nullable(DateTime64(3)))", "unknown"])
def test_a_time_may_be_wrapped_and_what_the_source_cannot_tell_is_not_refused(kind: str) -> None:
    assert dataset_issues(FLIGHTS, {**COLUMNS, "time_hour": kind, "distance": "unknown"}) == []
    (issue,) = dataset_issues(FLIGHTS, {**COLUMNS, "time_hour": "LowCardinality(String)"})
    assert "not a time" in issue.problem


def test_every_problem_is_told_at_once_with_place_and_fix() -> None:
    dataset = replace(
        FLIGHTS,
        time_column="time_hours",
        dimensions=("carrier", "destination"),
        measures=(
            Measure("on_time", Agg.COUNT, filter="arrdelay <= 15"),
            Measure("broken", Agg.COUNT, filter="arr_delay <="),
            Measure("miles", Agg.SUM, "carrier"),
            Measure("share", Agg.SUM, "distance / 2"),
        ),
    )
    issues = dataset_issues(dataset, COLUMNS)
    assert [issue.where for issue in issues] == [
        "dataset flights, time_column",
        "dataset flights, dimensions",
        "dataset flights, measure on_time, filter",
        "dataset flights, measure broken, filter",
        "dataset flights, measure miles, expr",
        "dataset flights, measure share, expr",
    ]
    assert all(issue.problem and issue.fix for issue in issues)
    assert issues[0].fix == "did you mean 'time_hour'?"
    assert issues[2].fix == "did you mean 'arr_delay'?"


@pytest.mark.parametrize("kind", ["BIGINT", "VARCHAR", "text", "boolean", "INTEGER"])
def test_a_time_column_of_another_type_is_an_issue(kind: str) -> None:
    (issue,) = dataset_issues(FLIGHTS, {**COLUMNS, "time_hour": kind})
    assert kind in issue.problem


@pytest.mark.parametrize("kind", ["timestamp without time zone", "TIMESTAMP", "DATETIME", "date", "TEXT (time)"])
def test_every_kind_of_time_is_accepted(kind: str) -> None:
    assert dataset_issues(FLIGHTS, {**COLUMNS, "time_hour": kind}) == []


@pytest.mark.parametrize("kind", ["numeric(12,2)", "double precision", "DECIMAL(18,3)", "HUGEINT", "real", "money"])
def test_every_kind_of_number_can_be_summed(kind: str) -> None:
    assert dataset_issues(FLIGHTS, {**COLUMNS, "distance": kind}) == []


def test_text_may_decide_what_is_summed_without_being_summed() -> None:
    measure = Measure("far", Agg.SUM, "CASE WHEN carrier = 'AA' THEN distance ELSE 0 END")
    assert dataset_issues(replace(FLIGHTS, measures=(measure,)), COLUMNS) == []
