"""A metric of every type answers as plain Python does, on every engine, over a change of the clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from metricloop.collect.evaluate import Answer, evaluate
from metricloop.collect.model import Reading, Row
from metricloop.collect.query import answer
from metricloop.collect.query_plan import Query, plan_query
from metricloop.define.project import Project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.kernel.grain import Grain
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from tests.collect import queried
from tests.collect.queried import BERLIN, DAILY, ENGINES, NONE, Order, Visit, local, of_region, on_day

START, END = date(2026, 3, 16), date(2026, 4, 6)
DAYS = [START + timedelta(days=at) for at in range((END - START).days)]
REGIONS: dict[str, str | None] = {NONE: None, "East": "East", "West": "West"}
CARRIERS = ("DHL", "UPS", "dhl")
Ask = Callable[..., Answer]


def everything(row: object) -> bool:
    return True


def query(metric: str, start: date = START, end: date = END, grain: Grain = Grain.DAY, **more: Any) -> Query:
    return replace(Query(metric, local(start), local(end), grain), **more)


class Engine:
    """One engine with the rows in it."""

    def __init__(self, sources: Sources, project: Project) -> None:
        self.sources, self.project = sources, project

    def ask(self, asked: Query, restriction: str | None = None) -> Answer:
        return answer(self.sources, self.project, asked, restriction)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(str(request.param))
    with ENGINES[request.param](folder) as source:
        project = queried.project_in(queried.write_project(folder / "project", source))
        sources = Sources(load_registry(), Context(folder, SystemClock()))
        yield Engine(sources, project)
        sources.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("definitions")
    return queried.project_in(queried.write_project(folder / "project", queried.write_files(folder)))


def same(one: float, other: float) -> bool:
    return (isnan(one) and isnan(other)) or one == pytest.approx(other, rel=1e-12, abs=1e-9)


def differences(found: Answer, truth: Callable[[date, tuple[str, ...]], float]) -> list[str]:
    rows = [(at.date(), values, value, truth(at.date(), values)) for at, values, value in found.rows()]
    return [f"{day} {values}: {value}, not {wanted}" for day, values, value, wanted in rows if not same(value, wanted)]


@pytest.mark.parametrize("metric", DAILY)
def test_days_of_the_total(engine: Engine, metric: str) -> None:
    found = engine.ask(query(metric))
    assert [start for start, _ in found.spans] == [local(day) for day in DAYS]
    assert differences(found, lambda day, values: on_day(metric, day, everything)) == []


@pytest.mark.parametrize("metric", DAILY)
def test_days_of_regions(engine: Engine, metric: str) -> None:
    found = engine.ask(query(metric, by=("region",)))
    assert found.slices == tuple((name,) for name in REGIONS)
    assert differences(found, lambda day, values: on_day(metric, day, of_region(REGIONS[values[0]]))) == []


@pytest.mark.parametrize("metric", ["gmv", "buyers_7d", "gmv_vs_last_week", "p90"])
def test_two_dimensions_and_a_predicate(engine: Engine, metric: str) -> None:
    where = "carrier <> 'UPS' and region is not null"
    found = engine.ask(query(metric, by=("carrier", "region"), where=where))
    assert found.slices == tuple((carrier, name) for carrier in ("DHL", "dhl") for name in ("East", "West"))

    def truth(day: date, values: tuple[str, ...]) -> float:
        def fits(row: Order | Visit) -> bool:
            return isinstance(row, Order) and (row.carrier, row.region) == values

        return on_day(metric, day, fits)

    assert differences(found, truth) == []


@pytest.mark.parametrize("grain", [Grain.WEEK, Grain.MONTH])
@pytest.mark.parametrize("metric", ["gmv", "buyers", "order_value"])
def test_weeks_and_months(engine: Engine, metric: str, grain: Grain) -> None:
    found = engine.ask(query(metric, date(2026, 3, 11), date(2026, 4, 8), grain))
    truth = {"gmv": queried.gmv, "buyers": queried.buyers, "order_value": queried.order_value}[metric]
    first = local(date(2026, 3, 9) if grain is Grain.WEEK else date(2026, 3, 1))
    assert found.spans[0][0] == first
    wanted = [truth(span, everything) for span in found.spans]
    assert all(same(float(found.values[at, 0]), value) for at, value in enumerate(wanted))


def test_hours_of_the_day_on_which_one_is_missing(engine: Engine) -> None:
    day = date(2026, 3, 29)
    found = engine.ask(query("gmv", day, day + timedelta(days=1), Grain.HOUR))
    assert len(found.spans) == 23
    assert [start.astimezone(BERLIN).hour for start, _ in found.spans] == [0, 1, *range(3, 24)]
    assert found.values[:, 0].tolist() == [queried.gmv(span, everything) for span in found.spans]


def test_the_week_of_the_change_has_167_hours(engine: Engine) -> None:
    found = engine.ask(query("gmv", date(2026, 3, 23), date(2026, 3, 30), Grain.WEEK))
    start, end = found.spans[0]
    assert end - start == timedelta(hours=167)


def test_long_ranges_are_read_in_few_steps_with_the_same_numbers(engine: Engine) -> None:
    asked = query("gmv_vs_last_week", date(2025, 12, 1), date(2026, 4, 6))
    plan = plan_query(engine.project, asked)
    assert all(reading.buckets is not None and len(reading.buckets) < 200 for reading in plan.readings)
    found = engine.ask(asked)
    assert differences(found, lambda day, values: on_day("gmv_vs_last_week", day, everything)) == []


def test_a_restriction_narrows_totals_too(engine: Engine) -> None:
    found = engine.ask(query("buyers"), "region IN ('East')")
    assert differences(found, lambda day, values: on_day("buyers", day, of_region("East"))) == []


def test_a_ratio_tells_its_sides(engine: Engine) -> None:
    found = engine.ask(query("paid_rate"))
    assert found.numerator is not None and found.denominator is not None
    assert found.denominator.sum() == sum(local(START) <= row.at < local(END) for row in queried.ORDERS)


# ---- planning, without any engine -----------------------------------------------------------------------------------


def readings(project: Project, asked: Query) -> Sequence[Reading]:
    return plan_query(project, asked).readings


def test_an_offset_reads_its_measure_once(project: Project) -> None:
    (reading,) = readings(project, query("gmv_vs_last_week", date(2026, 3, 20), date(2026, 4, 1)))
    assert reading.start == local(date(2026, 3, 13)) and reading.end == local(date(2026, 4, 1))


def test_sides_of_a_ratio_are_read_together(project: Project) -> None:
    (reading,) = readings(project, query("paid_rate"))
    assert reading.measures == ("paid", "orders")


def test_windows_far_apart_are_read_apart(project: Project) -> None:
    first, last = readings(project, query("gmv_since_first", date(2026, 3, 30), date(2026, 3, 31)))
    assert last.start - first.end > timedelta(days=27)


def test_what_does_not_add_up_is_asked_by_bucket(project: Project) -> None:
    (reading,) = readings(project, query("buyers_7d", date(2026, 3, 30), date(2026, 4, 1)))
    assert reading.buckets == (
        (local(date(2026, 3, 24)), local(date(2026, 3, 31))),
        (local(date(2026, 3, 25)), local(date(2026, 4, 1))),
    )


def test_an_hour_a_week_ago_is_the_same_hour_of_the_clock(project: Project) -> None:
    start = datetime(2026, 3, 31, 10, tzinfo=BERLIN).astimezone(UTC)
    asked = Query("gmv_vs_last_week", start, start + timedelta(hours=1), Grain.HOUR)
    before, now = readings(project, asked)
    assert before.start.astimezone(BERLIN) == datetime(2026, 3, 24, 10, tzinfo=BERLIN)
    assert (now.start - before.start) == timedelta(days=7) - timedelta(hours=1)


def rows(*cells: tuple[date, str, float]) -> list[Row]:
    return [Row(local(day), (name,), (value,)) for day, name, value in cells]


def test_a_slice_that_is_there_has_zeros_and_order_is_by_code_point(project: Project) -> None:
    plan = plan_query(project, query("gmv", START, START + timedelta(days=2), by=("region",)))
    found = evaluate(plan, [rows((START, "é", 1.0), (START, "a", 2.0), (START + timedelta(days=1), "Z", 3.0))])
    assert found.slices == (("Z",), ("a",), ("é",))
    assert found.values.tolist() == [[0.0, 2.0, 1.0], [3.0, 0.0, 0.0]]


def test_a_total_without_rows_is_zero_for_a_sum_and_unknown_for_the_greatest(project: Project) -> None:
    for metric, wanted in (("gmv", 0.0), ("buyers", 0.0)):
        plan = plan_query(project, query(metric, START, START + timedelta(days=1)))
        assert evaluate(plan, [[] for _ in plan.readings]).values.tolist() == [[wanted]]
    for metric in ("slowest", "p90", "paid_rate", "order_value", "gmv_vs_last_week"):
        plan = plan_query(project, query(metric, START, START + timedelta(days=1)))
        assert isnan(evaluate(plan, [[] for _ in plan.readings]).values[0, 0])


@pytest.mark.parametrize("metric", ["gmv", "buyers", "paid_rate", "gmv_7d", "gmv_vs_last_week"])
def test_slices_of_a_range_without_rows_are_none(project: Project, metric: str) -> None:
    plan = plan_query(project, query(metric, START, START + timedelta(days=1), by=("region",)))
    found = evaluate(plan, [[] for _ in plan.readings])
    assert (found.slices, found.values.shape, list(found.rows())) == ((), (1, 0), [])


def test_too_many_numbers_are_refused_and_never_cut(project: Project) -> None:
    plan = plan_query(project, query("gmv", START, START + timedelta(days=2), by=("region",), limit=3))
    with pytest.raises(InvalidInput, match="more than 3 numbers"):
        evaluate(plan, [rows((START, "a", 1.0), (START, "b", 1.0))])


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (query("gmv", by=("regoin",)), "no dimension 'regoin'"),
        (query("gmv", by=("region", "region")), "twice"),
        (query("conversion", by=("carrier",)), "because visitors has none"),
        (query("conversion", where="carrier = 'DHL'"), "because visitors has none"),
        (query("gmv", where="status = 'paid'"), "no dimension 'status'"),
        (query("gmv", END, START), "ends before it begins"),
        (query("buyers", grain=Grain.HOUR), "no values by the hour"),
        (query("gmv_mtd", grain=Grain.YEAR), "adds up within a month"),
        (query("gmv", date(1900, 1, 1)), "more than 20000 buckets"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(project: Project, asked: Query, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem) as refused:
        plan_query(project, asked)
    assert refused.value.fix


def test_an_unknown_metric_is_not_found(project: Project) -> None:
    with pytest.raises(NotFound, match="no metric 'gvm'"):
        plan_query(project, query("gvm"))


@pytest.mark.parametrize(
    "where",
    [
        "region = 'a'; DROP TABLE orders",
        "region = 'a' OR 1 = 1 --",
        "region IN (SELECT region FROM orders)",
        "pg_sleep(5) IS NULL",
        "region = 'a' UNION SELECT 1",
        "orders.region = 'a'",
        "1",
        "",
        "region = $1",
        "region LIKE '%\\\\'",
    ],
)
def test_hostile_predicates_are_refused(project: Project, where: str) -> None:
    with pytest.raises(InvalidInput):
        plan_query(project, query("gmv", where=where))


def in_zone(project: Project, zone: str) -> Project:
    moved = {name: replace(dataset, timezone=ZoneInfo(zone)) for name, dataset in project.datasets.items()}
    return replace(project, datasets=moved)


def test_days_of_a_half_hour_zone_are_whole_hours_of_its_own(project: Project) -> None:
    start = datetime(2026, 3, 16, tzinfo=ZoneInfo("Asia/Kolkata"))
    asked = Query("gmv", start, start + timedelta(days=2), Grain.DAY)
    plan = plan_query(in_zone(project, "Asia/Kolkata"), asked)
    (reading,) = plan.readings
    assert reading.buckets is None and reading.start == datetime(2026, 3, 15, 18, 30, tzinfo=UTC)
    half = [Row(reading.start + one * timedelta(hours=1), (), (1.0,)) for one in range(48)]
    assert evaluate(plan, [half]).values.tolist() == [[24.0], [24.0]]


def test_inputs_of_another_zone_are_read_by_the_days_of_the_metric(project: Project) -> None:
    visits = replace(project.datasets["visits"], timezone=ZoneInfo("Asia/Kolkata"))
    mixed = replace(project, datasets={**project.datasets, "visits": visits})
    orders, seen = readings(mixed, query("conversion", START, START + timedelta(days=1)))
    assert orders.buckets is None
    assert seen.buckets == ((local(START), local(START + timedelta(days=1))),)
