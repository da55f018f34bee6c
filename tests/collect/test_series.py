"""Stored series at every grain: summed, rolled, moved by an offset, reckoned; only what is there whole is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from metricloop.collect.coarser import to_longer
from metricloop.collect.kept import Kept, bucket_key, datasets_of, kept_of
from metricloop.collect.recipe import recipe_of, seen_as, splits
from metricloop.collect.series import read_series, series_axis, series_span
from metricloop.define.project import Project
from metricloop.detect.flows import read_flows
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import HOUR, Grain, floor
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import TOTAL, Slice
from tests.collect import queried
from tests.collect.memory import MemoryPoints
from tests.collect.queried import local

EAST = Slice.of({"region": "East"})
FIRST, END = local(date(2026, 3, 2)), local(date(2026, 4, 13))


@dataclass
class Points(MemoryPoints):
    spans: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def put(self, metric: str, panel: Panel) -> None:
        super().put(metric, panel)
        self.spans[metric] = panel.starts[0], panel.starts[-1] + HOUR

    def span(self, metric: str) -> tuple[datetime, datetime] | None:
        return self.spans.get(metric)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder: Path = tmp_path_factory.mktemp("definitions")
    return queried.project_in(queried.write_project(folder / "project", queried.write_files(folder)))


def hours(start: datetime, end: datetime, value: float = 1.0) -> Panel:
    """The total is `value` each hour, East half of it."""
    count = int((end - start) / HOUR)
    numerator = np.tile([value, value / 2], (count, 1))
    starts = tuple(start + at * HOUR for at in range(count))
    return Panel((TOTAL, EAST), starts, numerator, np.ones_like(numerator), starts)


@pytest.fixture
def points() -> Points:
    found = Points()
    found.put("gmv", hours(FIRST, END, 2.0))
    found.put("gmv_7d", hours(FIRST, END, 2.0))
    found.put("gmv_mtd", hours(FIRST, END, 2.0))
    found.put("order_count", hours(FIRST, END, 3.0))
    found.put("visitors", hours(FIRST, END, 12.0))
    return found


def days(points: Points, project: Project, metric: str, start: date, end: date) -> dict[date, float]:
    recipe = recipe_of(project, project.metric(metric))
    panel = read_series(points, recipe, Grain.DAY, local(start), local(end))
    column = panel.slices.index(TOTAL)
    return {
        at.astimezone(queried.BERLIN).date(): float(panel.values()[row, column]) for row, at in enumerate(panel.starts)
    }


@pytest.mark.parametrize(
    ("metric", "kept"),
    [
        ("gmv", Kept.HOURS),
        ("paid_rate", Kept.HOURS),
        ("order_value", Kept.HOURS),
        ("gmv_mtd", Kept.HOURS),
        ("buyers", Kept.BUCKETS),
        ("p90", Kept.BUCKETS),
        ("buyers_7d", Kept.BUCKETS),
        ("gmv_vs_last_week", Kept.RECKONED),
        ("growth_change", Kept.RECKONED),
        ("east_share", Kept.BUCKETS),
    ],
)
def test_what_is_kept_of_each_kind(project: Project, metric: str, kept: Kept) -> None:
    assert kept_of(project, project.metric(metric)) is kept


def test_datasets_are_those_of_all_inputs(project: Project) -> None:
    assert datasets_of(project, project.metric("conversion")) == ("orders", "visits")


def test_a_day_sums_its_hours_however_many_there_are(points: Points, project: Project) -> None:
    found = days(points, project, "gmv", date(2026, 3, 28), date(2026, 3, 31))
    assert list(found.values()) == [48.0, 46.0, 48.0]


def test_a_window_sums_what_it_covers_and_is_not_told_before_it_is_full(points: Points, project: Project) -> None:
    found = days(points, project, "gmv_7d", date(2026, 3, 2), date(2026, 4, 2))
    assert min(found) == date(2026, 3, 8)
    assert found[date(2026, 3, 8)] == 2 * 168
    assert found[date(2026, 3, 31)] == 2 * 167  # the week with the lost hour


def test_to_date_begins_anew_with_the_month(points: Points, project: Project) -> None:
    found = days(points, project, "gmv_mtd", date(2026, 3, 2), date(2026, 4, 3))
    assert min(found) == date(2026, 4, 1)  # of 1 March nothing is stored, so that March cannot be told
    assert [found[date(2026, 4, 1)], found[date(2026, 4, 2)]] == [48.0, 96.0]


def test_what_a_bucket_adds_to_date_is_what_a_detector_sees(points: Points, project: Project) -> None:
    recipe = recipe_of(project, project.metric("gmv_mtd"))
    panel, base = read_flows(points, recipe, Grain.DAY, local(date(2026, 4, 1)), local(date(2026, 4, 4)))
    assert base is not None
    assert panel.numerator[:, 0].tolist() == [48.0, 48.0, 48.0]
    assert base[:, 0].tolist() == [0.0, 48.0, 96.0]


def test_an_offset_reads_further_back_and_is_not_told_before(points: Points, project: Project) -> None:
    found = days(points, project, "gmv_vs_last_week", date(2026, 3, 2), date(2026, 4, 7))
    assert min(found) == date(2026, 3, 9)
    assert found[date(2026, 3, 20)] == 0.0
    assert found[date(2026, 3, 29)] == pytest.approx(46 / 48 - 1)
    assert found[date(2026, 4, 5)] == pytest.approx(48 / 46 - 1)


def test_a_chain_of_formulas_reads_as_far_back_as_all_of_them(points: Points, project: Project) -> None:
    found = days(points, project, "growth_change", date(2026, 3, 2), date(2026, 4, 1))
    assert min(found) == date(2026, 3, 10)
    assert found[date(2026, 3, 29)] == pytest.approx(46 / 48 - 1)


def test_buckets_that_are_kept_are_told_as_they_are(points: Points, project: Project) -> None:
    starts = (local(date(2026, 3, 28)), local(date(2026, 3, 29)))
    kept = Panel((TOTAL,), starts, np.array([[7.0], [np.nan]]), np.ones((2, 1)), starts)
    points.put(bucket_key("buyers", Grain.DAY), kept)
    found = days(points, project, "buyers", date(2026, 3, 20), date(2026, 4, 1))
    assert list(found) == [date(2026, 3, 28), date(2026, 3, 29)]
    assert found[date(2026, 3, 28)] == 7.0 and np.isnan(found[date(2026, 3, 29)])
    span = series_span(points, recipe_of(project, project.metric("buyers")), Grain.DAY)
    assert span == (starts[0], local(date(2026, 3, 30)))


def test_one_sum_over_another_is_a_ratio_with_both_sides(project: Project, points: Points) -> None:
    metric = project.metric("conversion")
    assert not seen_as(project, metric).is_ratio  # of two datasets: their slices need not be the same rows
    assert not splits(project, metric)
    found = days(points, project, "conversion", date(2026, 3, 20), date(2026, 3, 21))
    assert found[date(2026, 3, 20)] == 0.25


def test_a_missing_hour_makes_its_buckets_unknown(points: Points, project: Project) -> None:
    gap = Points()
    gap.put("gmv", hours(FIRST, local(date(2026, 3, 20)) + HOUR))
    gap.put("gmv", hours(local(date(2026, 3, 20)) + 2 * HOUR, END))
    gap.spans["gmv"] = FIRST, END
    found = days(gap, project, "gmv", date(2026, 3, 19), date(2026, 3, 22))
    assert list(found) == [date(2026, 3, 19), date(2026, 3, 21)]
    moved = days(gap, project, "gmv_vs_last_week", date(2026, 3, 26), date(2026, 3, 29))
    assert list(moved) == [date(2026, 3, 26), date(2026, 3, 28)]


def test_a_slice_that_was_never_seen_reads_as_nothing(points: Points, project: Project) -> None:
    recipe = recipe_of(project, project.metric("gmv_vs_last_week"))
    unseen = Slice.of({"region": "Mars"})
    span = local(date(2026, 3, 20)), local(date(2026, 3, 22))
    panel = read_series(points, recipe, Grain.DAY, *span, [EAST, unseen])
    assert panel.slices == (EAST, unseen)
    assert panel.values()[:, 0].tolist() == [0.0, 0.0]
    assert np.isnan(panel.values()[:, 1]).all()


def test_axis_and_span_of_a_formula_are_those_of_its_inputs(points: Points, project: Project) -> None:
    recipe = recipe_of(project, project.metric("conversion"))
    assert series_axis(points, recipe, Grain.DAY) == (TOTAL, EAST)
    assert series_span(points, recipe, Grain.DAY) == (FIRST, END)
    assert series_span(Points(), recipe, Grain.DAY) is None


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH])
def test_longer_buckets_are_whole_or_not_there(grain: Grain) -> None:
    zone = queried.BERLIN
    panel = to_longer(hours(FIRST + HOUR, local(date(2026, 5, 2))), grain, zone, ratio=True)
    assert all(floor(at, grain, zone) == at for at in panel.starts)
    assert panel.starts[0] > FIRST
    lengths = {Grain.DAY: {23, 24}, Grain.WEEK: {167, 168}, Grain.MONTH: {720}}
    assert set(panel.numerator[:, 0].tolist()) == lengths[grain]


def test_a_week_may_begin_on_sunday() -> None:
    panel = to_longer(hours(FIRST, END), Grain.WEEK, queried.BERLIN, 6, ratio=False)
    assert {at.astimezone(queried.BERLIN).strftime("%a") for at in panel.starts} == {"Sun"}
    assert (panel.denominator == 1).all()


def test_points_that_cannot_be_cut_at_midnight_are_refused() -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="Asia/Kolkata"):
        to_longer(hours(start, start + timedelta(days=3)), Grain.DAY, ZoneInfo("Asia/Kolkata"), ratio=False)
    late = start + timedelta(minutes=30)
    assert (
        len(to_longer(hours(late, late + timedelta(days=3)), Grain.DAY, ZoneInfo("Asia/Kolkata"), ratio=False).starts)
        == 2
    )


@pytest.mark.parametrize("metric", ["gmv", "gmv_mtd", "buyers", "gmv_vs_last_week", "conversion"])
def test_where_nothing_was_collected_yet_there_is_nothing_to_tell(project: Project, metric: str) -> None:
    recipe = recipe_of(project, project.metric(metric))
    panel = read_series(Points(), recipe, Grain.DAY, FIRST, END, [TOTAL])
    assert panel.starts == () and panel.numerator.shape == (0, 1)
