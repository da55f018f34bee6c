"""Buckets that are kept apart: which are due, which restated history reaches, and where they begin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from metricloop.collect.buckets import Wanted, closed_buckets, read_buckets, touched
from metricloop.collect.model import Reading, Row
from metricloop.define.project import Project
from metricloop.kernel.grain import HOUR, Grain
from metricloop.kernel.slices import TOTAL, Slice
from tests.collect import queried
from tests.collect.queried import day_span, local

BEGUN = local(date(2026, 3, 5))


class Quiet:
    """Two buyers a day in the East from BEGUN on, and nothing before."""

    def read(self, reading: Reading) -> Sequence[Row]:
        spans = [span for span in reading.buckets or () if span[1] > BEGUN]
        if reading.by == ("carrier",):
            return []
        values = ("East",) if reading.by else ()
        return [Row(start, values, (2.0,), end) for start, end in spans]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder: Path = tmp_path_factory.mktemp("definitions")
    return queried.project_in(queried.write_project(folder / "project", queried.write_files(folder)))


def due(project: Project, metric: str, first: date, last: date, *, kept: bool = False) -> Wanted:
    since, until = local(first), local(last)
    span = (since - timedelta(days=9), since) if kept else None
    return closed_buckets(project, project.metric(metric), Grain.DAY, since, until, span)


def test_only_whole_buckets_are_due(project: Project) -> None:
    metric = project.metric("buyers")
    start, until = local(date(2026, 3, 28)), local(date(2026, 3, 30)) + 5 * HOUR
    wanted = closed_buckets(project, metric, Grain.DAY, start + HOUR, until)
    assert wanted.spans == (day_span(date(2026, 3, 29)),)


def test_history_begins_with_the_first_bucket_in_which_anything_was(project: Project) -> None:
    kept = read_buckets(Quiet(), project, due(project, "buyers", date(2026, 3, 2), date(2026, 3, 8)), BEGUN)
    assert kept.key == "buyers@day"
    assert kept.panel.slices == (TOTAL, Slice.of({"region": "East"}))
    assert kept.panel.starts == tuple(local(date(2026, 3, day)) for day in (5, 6, 7))
    assert (kept.panel.numerator == 2.0).all() and (kept.panel.denominator == 1.0).all()


def test_later_a_day_without_anybody_is_a_zero(project: Project) -> None:
    kept = read_buckets(Quiet(), project, due(project, "buyers", date(2026, 3, 3), date(2026, 3, 6), kept=True), BEGUN)
    assert kept.panel.numerator[:, 0].tolist() == [0.0, 0.0, 2.0]


def test_where_nothing_ever_was_nothing_is_kept(project: Project) -> None:
    kept = read_buckets(Quiet(), project, due(project, "buyers", date(2026, 3, 1), date(2026, 3, 4)), BEGUN)
    assert kept.panel.starts == ()


@pytest.mark.parametrize(
    ("metric", "days"),
    [
        ("buyers", [10]),
        ("buyers_7d", [10, 11, 12, 13, 14, 15, 16]),
        ("buyers_mtd", list(range(10, 20))),
        ("east_share", [10]),
    ],
)
def test_restated_hours_reach_what_covers_them(project: Project, metric: str, days: list[int]) -> None:
    kept = local(date(2026, 3, 3)), local(date(2026, 3, 20))
    hour = local(date(2026, 3, 10)) + 5 * HOUR
    found = touched(project, Wanted(project.metric(metric), Grain.DAY, kept, ()), hour, hour + HOUR)
    assert [start for start, _ in found.spans] == [local(date(2026, 3, day)) for day in days]
    assert found.kept == kept


def test_a_slice_of_which_nothing_can_be_told_is_missing_there(project: Project) -> None:
    kept = read_buckets(Quiet(), project, due(project, "p90", date(2026, 3, 4), date(2026, 3, 6), kept=True), BEGUN)
    assert np.isnan(kept.panel.numerator[0]).all() and (kept.panel.numerator[1] == 2.0).all()
