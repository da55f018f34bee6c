from __future__ import annotations

from dataclasses import replace

import pytest

from metricloop.collect.checks import dataset_issues
from metricloop.define.dataset import Agg, Dimension, Join, Measure
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
    own = replace(FLIGHTS, time_column_zone=FLIGHTS.timezone)
    assert dataset_issues(own, {**COLUMNS, "time_hour": kind}) == []


@pytest.mark.parametrize("kind", ["numeric(12,2)", "double precision", "DECIMAL(18,3)", "HUGEINT", "real", "money"])
def test_every_kind_of_number_can_be_summed(kind: str) -> None:
    assert dataset_issues(FLIGHTS, {**COLUMNS, "distance": kind}) == []


def test_text_may_decide_what_is_summed_without_being_summed() -> None:
    measure = Measure("far", Agg.SUM, "CASE WHEN carrier = 'AA' THEN distance ELSE 0 END")
    assert dataset_issues(replace(FLIGHTS, measures=(measure,)), COLUMNS) == []


def test_a_date_has_the_days_of_the_dataset() -> None:
    (issue,) = dataset_issues(FLIGHTS, {**COLUMNS, "time_hour": "Nullable(Date)"})
    assert issue.fix == "write time_column_zone: America/New_York"


@pytest.mark.parametrize("kind", ["timestamptz", "TIMESTAMP WITH TIME ZONE", "Nullable(DateTime('Asia/Shanghai'))"])
def test_a_time_with_a_zone_needs_no_other(kind: str) -> None:
    own = replace(FLIGHTS, time_column_zone=FLIGHTS.timezone)
    (issue,) = dataset_issues(own, {**COLUMNS, "time_hour": kind})
    assert issue.fix == "remove time_column_zone"
    assert dataset_issues(own, {**COLUMNS, "time_hour": "Nullable(DateTime('UTC'))"}) == []


@pytest.mark.parametrize("agg", [Agg.AVERAGE, Agg.MIN, Agg.MAX, Agg.MEDIAN, Agg.PERCENTILE])
@pytest.mark.parametrize("expr", ["carrier", "distance + carrier", "round(carrier, 1)"])
def test_text_is_not_reckoned_with(agg: Agg, expr: str) -> None:
    (issue,) = dataset_issues(replace(FLIGHTS, measures=(Measure("m", agg, expr, percentile=0.5),)), COLUMNS)
    assert "'carrier' is VARCHAR" in issue.problem


def test_a_cast_text_may_be_reckoned_with() -> None:
    measure = Measure("m", Agg.SUM, "cast(carrier AS BIGINT)")
    assert dataset_issues(replace(FLIGHTS, measures=(measure,)), COLUMNS) == []


@pytest.mark.parametrize(
    ("condition", "fix"),
    [
        ("distance = 'far'", "compare it with a number"),
        ("distance IN ('1', 'far')", "compare it with a number"),
        ("carrier > 5", "put the number into quotes, or cast the column"),
        ("carrier BETWEEN 1 AND 5", "put the number into quotes, or cast the column"),
    ],
)
def test_a_number_is_not_compared_with_a_word(condition: str, fix: str) -> None:
    dataset = replace(FLIGHTS, measures=(Measure("m", Agg.COUNT, filter=condition),))
    (issue,) = dataset_issues(dataset, COLUMNS)
    assert issue.fix == fix


def test_what_a_source_cannot_tell_is_no_issue() -> None:
    assert dataset_issues(FLIGHTS, dict.fromkeys(COLUMNS, "unknown")) == []


JOINED = replace(
    FLIGHTS,
    key=("flight_id",),
    updated_column="changed",
    joins=(Join("airline", "airlines", (("carrier", "code"), ("origin", "hub"))),),
    dimensions=("carrier", "company", "size"),
    details=(
        Dimension("company", join="airline", column="title"),
        Dimension("size", expr="CASE WHEN seats > 100 THEN 'big' ELSE 'small' END"),
    ),
    measures=(Measure("m", Agg.COUNT, filter="company = 'Delta' AND size = 'big'"),),
)


def test_joins_keys_and_expressions_are_looked_up_where_they_stand() -> None:
    own, theirs = {**COLUMNS, "flight_id": "BIGINT", "changed": "TIMESTAMP", "seats": "BIGINT"}, {"code": "VARCHAR"}
    fits = {**theirs, "hub": "VARCHAR", "title": "VARCHAR"}
    assert dataset_issues(JOINED, own, {"airline": fits}) == []
    assert dataset_issues(JOINED, own) == []
    issues = dataset_issues(JOINED, COLUMNS, {"airline": {**theirs, "titles": "VARCHAR"}})
    assert [(issue.where, issue.problem) for issue in issues] == [
        ("dataset flights, join airline", "no column 'hub' in airlines"),
        ("dataset flights, dimensions, company", "no column 'title' in airlines"),
        ("dataset flights, dimension size", "no column 'seats' in the table"),
        ("dataset flights, updated_column", "no column 'changed' in the table"),
        ("dataset flights, key", "no column 'flight_id' in the table"),
    ]


def test_a_join_of_a_number_with_a_text_is_an_issue() -> None:
    own = {**COLUMNS, "flight_id": "BIGINT", "changed": "TIMESTAMP", "seats": "BIGINT"}
    (issue,) = dataset_issues(JOINED, own, {"airline": {"code": "INTEGER", "hub": "VARCHAR", "title": "VARCHAR"}})
    assert issue.problem == "'carrier' is VARCHAR, but airlines.code is INTEGER"
