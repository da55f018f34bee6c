from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlglot
from sqlglot import exp

from metricloop.collect.compile import DIALECTS, compile_reading, rows_of
from metricloop.collect.model import Reading
from metricloop.define.dataset import Agg, Dimension, Join, Measure
from metricloop.kernel.errors import InvalidInput, SourceFailed
from tests.collect.flights import FLIGHTS, hour, reading

DAY = (hour(3, 1), hour(3, 2))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_gets_one_select_that_never_divides(dialect: str) -> None:
    sql = compile_reading(reading(*DAY, by=("carrier", "dest")), dialect)
    trees = sqlglot.parse(sql, read=dialect)
    assert [type(tree) for tree in trees] == [exp.Select]
    assert not any(tree.find(exp.Div) for tree in trees if tree)


def test_postgres_sql_is_what_a_person_would_write() -> None:
    asked = reading(*DAY, by=("carrier",), measures=("on_time", "far"), limit=10)
    assert compile_reading(asked, "postgres") == (
        'SELECT CAST(DATE_TRUNC(\'HOUR\', "time_hour") AS TIMESTAMP) AS "bucket", '
        'COALESCE(CAST("carrier" AS TEXT), \'(none)\') AS "d0", '
        'COUNT(*) FILTER(WHERE "arr_delay" <= 15) AS "m0", '
        'COALESCE(SUM("distance" - 1000) FILTER(WHERE "distance" > 1000 AND NOT "carrier" IN (\'AA\', \'MQ\')), 0) '
        'AS "m1" FROM "flights" '
        "WHERE \"time_hour\" >= CAST('2013-03-01 00:00:00' AS TIMESTAMP) "
        "AND \"time_hour\" < CAST('2013-03-02 00:00:00' AS TIMESTAMP) "
        "GROUP BY 1, 2 LIMIT 11"
    )


def test_a_dialect_without_filter_gets_case() -> None:
    sql = compile_reading(reading(*DAY, measures=("on_time",)), "mysql")
    assert "COUNT(CASE WHEN `arr_delay` <= 15 THEN 1 END)" in sql
    assert "FILTER" not in sql


def test_the_window_is_written_in_utc() -> None:
    start = datetime(2013, 3, 1, tzinfo=ZoneInfo("America/New_York"))
    assert "'2013-03-01 05:00:00'" in compile_reading(reading(start, hour(3, 2)), "duckdb")


@pytest.mark.parametrize("name", ['we"ird', "dröp table", "a`b", "select"])
def test_names_are_quoted_as_written(name: str) -> None:
    dataset = replace(FLIGHTS, dimensions=(name,), table=f"s.{name}")
    sql = compile_reading(replace(reading(*DAY, by=(name,)), dataset=dataset), "postgres")
    tree = sqlglot.parse_one(sql, read="postgres")
    assert name in {column.name for column in tree.find_all(exp.Column)}
    assert [(table.db, table.name) for table in tree.find_all(exp.Table)] == [("s", name)]


def test_unknown_measures_dimensions_tables_and_dialects_say_what_is_known() -> None:
    with pytest.raises(InvalidInput, match=r"no measure 'nope'.*scheduled"):
        compile_reading(reading(*DAY, measures=("nope",)), "duckdb")
    with pytest.raises(InvalidInput, match=r"no dimension 'tailnum'.*carrier"):
        compile_reading(reading(*DAY, by=("tailnum",)), "duckdb")
    with pytest.raises(InvalidInput, match="not a table name"):
        compile_reading(replace(reading(*DAY), dataset=replace(FLIGHTS, table="a..b")), "duckdb")
    with pytest.raises(InvalidInput, match="no SQL dialect"):
        compile_reading(reading(*DAY), "cobol")


def test_a_measure_that_divides_is_refused_with_the_way_out() -> None:
    dataset = replace(FLIGHTS, measures=(Measure("ratio", Agg.SUM, "distance / arr_delay"),))
    with pytest.raises(InvalidInput, match="metric of type ratio"):
        compile_reading(replace(reading(*DAY, measures=("ratio",)), dataset=dataset), "duckdb")


def test_only_whole_hours_are_read() -> None:
    with pytest.raises(InvalidInput, match="whole hour"):
        compile_reading(reading(hour(3, 1).replace(minute=30), hour(3, 2)), "duckdb")


def test_rows_come_in_one_order_and_type_whatever_the_driver_gave() -> None:
    at = hour(3, 1, 5).replace(tzinfo=None)
    raw: list[tuple[object, ...]] = [
        (at.replace(tzinfo=UTC), "b", 1, None),
        ("2013-03-01 05:00:00", "a", Decimal("2.5"), 3.0),
        (at, "B", True, 0),
    ]
    rows = rows_of(reading(*DAY, by=("carrier",), measures=("on_time", "miles")), raw)
    assert [(row.bucket, row.values, row.measures) for row in rows] == [
        (hour(3, 1, 5), ("B",), (1.0, 0.0)),
        (hour(3, 1, 5), ("a",), (2.5, 3.0)),
        (hour(3, 1, 5), ("b",), (1.0, 0.0)),
    ]


def test_too_many_rows_raise_and_are_never_cut() -> None:
    raw = [(hour(3, 1, h), 1.0) for h in range(3)]
    assert len(rows_of(reading(*DAY, measures=("scheduled",), limit=3), raw)) == 3
    with pytest.raises(SourceFailed, match="more than 2 rows") as caught:
        rows_of(reading(*DAY, measures=("scheduled",), limit=2), raw)
    assert not caught.value.retryable
    assert "flights" in caught.value.where and caught.value.fix


@pytest.mark.parametrize("value", ["many", b"x", object()])
def test_a_measure_that_is_no_number_is_one_clear_error(value: object) -> None:
    with pytest.raises(SourceFailed, match="measure came back"):
        rows_of(reading(*DAY, measures=("scheduled",)), [(hour(3, 1), value)])


@pytest.mark.parametrize("value", [None, 1357034400, "soon"])
def test_a_bucket_that_is_no_time_is_one_clear_error(value: object) -> None:
    with pytest.raises(SourceFailed, match="time"):
        rows_of(reading(*DAY, measures=("scheduled",)), [(value, 1)])


SHOP = replace(
    FLIGHTS,
    joins=(Join("airline", "airlines", (("carrier", "code"),)),),
    dimensions=("carrier", "company", "far"),
    details=(
        Dimension("company", join="airline", column="name"),
        Dimension("far", expr="CASE WHEN distance > 1000 THEN 'far' ELSE 'near' END"),
    ),
    measures=(
        Measure("n", Agg.COUNT),
        Measure("delta", Agg.COUNT, filter="company = 'Delta'"),
        Measure("planes", Agg.COUNT_DISTINCT, "tailnum"),
    ),
)


def shop(measure: str = "n", by: tuple[str, ...] = (), where: str | None = None) -> Reading:
    return replace(reading(*DAY, by=by, measures=(measure,)), dataset=SHOP, where=where)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_only_a_join_that_is_used_is_made(dialect: str) -> None:
    def joins(asked: Reading) -> int:
        return len(list(sqlglot.parse_one(compile_reading(asked, dialect), read=dialect).find_all(exp.Join)))

    assert joins(shop(by=("carrier", "far"))) == 0
    assert joins(shop(by=("company",))) == joins(shop("delta")) == joins(shop(where="company = 'Delta'")) == 1


def test_a_name_in_a_condition_is_a_dimension_or_else_a_column() -> None:
    sql = compile_reading(shop(where="far = 'far' AND arr_delay > 5 AND company IS NULL"), "postgres")
    assert "CASE WHEN \"f\".\"distance\" > 1000 THEN 'far' ELSE 'near' END = 'far'" in sql
    assert '"f"."arr_delay" > 5 AND "j_airline"."name" IS NULL' in sql


def test_what_does_not_add_up_is_not_asked_by_the_hour() -> None:
    with pytest.raises(InvalidInput, match=r"planes.*buckets"):
        compile_reading(shop("planes"), "postgres")
    assert "COUNT(DISTINCT" in compile_reading(replace(shop("planes"), buckets=(DAY,)), "postgres")


def test_buckets_are_of_whole_seconds() -> None:
    odd = (DAY[0] + timedelta(microseconds=1), DAY[1])
    with pytest.raises(InvalidInput, match="whole second"):
        compile_reading(replace(shop(), buckets=(odd,)), "postgres")


def test_a_condition_that_is_refused_says_where_it_stands() -> None:
    with pytest.raises(InvalidInput, match="dataset flights, where"):
        compile_reading(shop(where="1 = (SELECT 1)"), "postgres")


def test_a_select_that_is_refused_says_where_it_stands() -> None:
    written = replace(FLIGHTS, table="", sql="SELECT * FROM flights; DROP TABLE flights")
    with pytest.raises(InvalidInput, match="dataset flights, sql"):
        compile_reading(replace(reading(*DAY), dataset=written), "postgres")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_window_is_a_condition_on_the_bare_column(dialect: str) -> None:
    tree = sqlglot.parse_one(compile_reading(reading(*DAY), dialect), read=dialect)
    where = tree.args["where"]
    for kind in (exp.GTE, exp.LT):
        assert any(isinstance(found.this, exp.Column) for found in where.find_all(kind))
