from __future__ import annotations

from dataclasses import replace

import numpy as np

from metricloop.detect.engine.batch import Judged, Rows, groups, judge_series, widening
from metricloop.detect.engine.settings import Alarming
from tests.detect.engine.simulated import HOUR, WEEK, rows_of, seasonal

EVERY = ("expected", "lower", "upper", "score", "anomaly")


def one(rows: Rows, alarming: Alarming | None = None) -> Judged:
    return judge_series([rows], alarming or Alarming())[0]


def same(a: Judged, b: Judged, rows: int) -> bool:
    return all(np.array_equal(getattr(a, name)[:rows], getattr(b, name)[:rows], equal_nan=True) for name in EVERY)


def test_cutting_off_the_future_never_changes_the_past() -> None:
    values = seasonal(4)
    values[400:410] += 80
    values[500] = np.nan
    whole = one(rows_of(values))
    for cut in (1, 5, 13, 200, 405, 501, 600):
        assert same(one(rows_of(values[:cut])), whole, cut), cut


def test_the_same_series_gives_the_same_bytes_in_any_company() -> None:
    rows = rows_of(seasonal(3))
    company = [rows_of(seasonal(5, seed=2)), rows, rows_of(np.ones(40), step=86400)]
    assert same(judge_series(company, Alarming())[1], one(rows), rows.values.size)


def test_a_spike_a_drop_and_a_missing_night_are_told_apart() -> None:
    values = seasonal(5)
    values[4 * WEEK + 10] += 60
    values[4 * WEEK + 60 : 4 * WEEK + 64] -= 60
    values[4 * WEEK + 100 : 4 * WEEK + 108] = np.nan
    found = one(rows_of(values))
    assert found.anomaly[4 * WEEK + 10] and found.anomaly[4 * WEEK + 60]
    gap = slice(4 * WEEK + 100, 4 * WEEK + 108)
    assert not found.anomaly[gap].any() and not found.score[gap].any() and np.isnan(found.expected[gap]).all()


def test_the_band_and_the_verdict_agree() -> None:
    values = seasonal(6)
    values[::97] += 70
    found = one(rows_of(values), Alarming(quiet_hours=0.0))
    band = np.isfinite(found.lower)
    outside = band & ((values < found.lower) | (values > found.upper))
    begins = found.anomaly & ~np.r_[False, found.anomaly[:-1]]
    assert outside[begins].all() and begins.any()
    assert found.anomaly[outside].all()


def test_a_side_that_does_not_count_raises_no_alarm() -> None:
    values = seasonal(5)
    values[4 * WEEK + 10] += 80
    values[4 * WEEK + 40] -= 80
    up = one(rows_of(values), Alarming(direction="up"))
    down = one(rows_of(values), Alarming(direction="down"))
    assert up.anomaly[4 * WEEK + 10] and not up.anomaly[4 * WEEK + 40]
    assert down.anomaly[4 * WEEK + 40] and not down.anomaly[4 * WEEK + 10]


def test_what_is_smaller_than_the_minimum_effect_is_no_alarm() -> None:
    values = seasonal(5)
    values[4 * WEEK + 10] += 80
    assert not one(rows_of(values), Alarming(minimum_effect=120.0)).anomaly[4 * WEEK :].any()


def test_a_constant_series_is_quiet_until_it_changes() -> None:
    values = np.full(WEEK, 7.0)
    assert not one(rows_of(values)).anomaly.any()
    values[150] = 9.0
    assert one(rows_of(values)).anomaly[150]


def test_a_line_that_goes_flat_is_found_within_a_day() -> None:
    values = seasonal(4)
    values[3 * WEEK + 20 :] = values[3 * WEEK + 20]
    assert one(rows_of(values)).anomaly[3 * WEEK + 20 : 3 * WEEK + 44].any()


def test_a_lasting_shift_is_followed() -> None:
    values = seasonal(8)
    values[4 * WEEK :] *= 0.6
    found = one(rows_of(values))
    assert found.anomaly[4 * WEEK : 4 * WEEK + 24].any()
    assert found.anomaly[-WEEK:].mean() < 0.05
    assert abs(np.nanmean(found.expected[-WEEK:] - values[-WEEK:])) < 5


def test_no_rows_one_row_and_only_missing_rows_give_no_verdict() -> None:
    for values in (np.zeros(0), np.ones(1), np.full(60, np.nan)):
        found = one(rows_of(values))
        assert found.score.size == values.size and not found.score.any() and np.isnan(found.expected).all()


def test_a_wide_coverage_draws_a_wide_band_and_moves_no_verdict() -> None:
    rows = rows_of(seasonal(4))
    usual, wide = one(rows), one(rows, Alarming(coverage=0.9999))
    assert np.array_equal(usual.anomaly, wide.anomaly)
    assert np.nanmean(wide.upper - wide.lower) > 1.5 * np.nanmean(usual.upper - usual.lower)


def test_told_spans_are_not_learnt_and_nothing_changes_before_the_split() -> None:
    values = seasonal(6)
    values[2 * WEEK : 2 * WEEK + 20] += 90
    known = np.zeros(values.size, dtype=np.bool_)
    known[2 * WEEK : 2 * WEEK + 20] = True
    rows = rows_of(values)
    without, told = one(rows), one(replace(rows, known=known, split=3 * WEEK))
    assert same(told, without, 3 * WEEK)
    after = slice(3 * WEEK, 4 * WEEK)
    assert np.nanmean((told.upper - told.lower)[after]) < np.nanmean((without.upper - without.lower)[after])


def test_a_rate_of_a_tenth_of_the_usual_denominator_may_scatter_three_times_as_far() -> None:
    wide = widening(np.array([100.0, 100.0, 10.0, np.nan, 0.0, 400.0]))
    assert np.allclose(wide[[0, 1, 5]], 1.0) and np.isclose(wide[2], np.sqrt(10.0))


def test_days_and_weeks_are_judged_by_the_same_engine() -> None:
    rng = np.random.default_rng(3)
    for step in (300, 86400, 7 * 86400):
        values = 100 + rng.normal(0, 3, 300)
        values[280] = 40.0
        assert one(rows_of(values, step)).anomaly[280], step


def test_long_and_short_series_are_not_padded_to_one_length() -> None:
    sizes = [1000, 30, 900, 31]
    parts = groups([rows_of(np.ones(size), HOUR) for size in sizes])
    assert sorted(map(sorted, parts)) == [[0, 2], [1, 3]]
