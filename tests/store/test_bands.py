"""Packed bands: the newest judgement of a bucket, to float32; what was not judged has no band."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from metricloop.kernel.series import BandPanel
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.store import Store

HOUR = timedelta(hours=1)
START = datetime(2013, 4, 16, 4, tzinfo=UTC)
AA, MQ = (Slice.of({"carrier": carrier}) for carrier in ("AA", "MQ"))


def bands(
    values: list[list[float]], slices: tuple[Slice, ...], start: datetime = START, step: timedelta = HOUR
) -> BandPanel:
    expected = np.array(values, dtype=np.float64)
    starts = tuple(start + at * step for at in range(len(values)))
    return BandPanel(slices, starts, expected, expected - 1, expected + 1, expected / 100, expected > 2)


def test_bands_come_back_to_float32(store: Store) -> None:
    judged = bands([[0.1, 3.0], [np.nan, 1e7]], (TOTAL, AA))
    with store.unit() as unit:
        unit.bands.put("m", 1, judged)
    with store.unit(write=False) as unit:
        back = unit.bands.read("m", START, START + 9 * HOUR)
    assert (back.slices, back.starts) == (judged.slices, judged.starts)
    for name in ("expected", "lower", "upper", "score"):
        np.testing.assert_allclose(getattr(back, name), getattr(judged, name), rtol=1e-6)
    np.testing.assert_array_equal(back.anomalous, judged.anomalous)


def test_the_newest_judgement_of_a_bucket_wins(store: Store) -> None:
    with store.unit() as unit:
        unit.bands.put("m", 1, bands([[1.0], [2.0]], (TOTAL,)))
        unit.bands.put("m", 2, bands([[8.0]], (TOTAL,), START + HOUR))
        assert unit.bands.read("m", START, START + 9 * HOUR).expected.tolist() == [[1.0], [8.0]]


def test_a_slice_that_was_not_judged_has_no_band(store: Store) -> None:
    with store.unit() as unit:
        unit.bands.put("m", 1, bands([[1.0, 2.0]], (TOTAL, AA)))
        unit.bands.put("m", 1, bands([[3.0]], (MQ,), START + HOUR))
        back = unit.bands.read("m", START, START + 9 * HOUR)
        chosen = unit.bands.read("m", START, START + 9 * HOUR, (MQ, Slice.of({"carrier": "XX"})))
    np.testing.assert_array_equal(back.expected, [[1, 2, np.nan], [np.nan, np.nan, 3]])
    np.testing.assert_allclose(back.score, [[0.01, 0.02, 0], [0, 0, 0.03]], rtol=1e-6)
    assert back.anomalous.tolist() == [[False, False, False], [False, False, True]]
    np.testing.assert_array_equal(chosen.expected, [[np.nan, np.nan], [3, np.nan]])


def test_buckets_may_be_local_days_of_unequal_length(store: Store) -> None:
    with store.unit() as unit:
        for start in (START, START + 23 * HOUR, START + 48 * HOUR):
            unit.bands.put("daily", 1, bands([[1.0]], (TOTAL,), start))
        found = unit.bands.read("daily", START, START + 48 * HOUR)
    assert found.starts == (START, START + 23 * HOUR)


def test_how_far_a_monitor_has_judged_is_kept(store: Store) -> None:
    with store.unit() as unit:
        assert unit.bands.judged_until("m") is None
        for until in (START, START + HOUR):
            unit.bands.set_judged_until("m", until)
        assert unit.bands.judged_until("m") == START + HOUR


def test_nothing_judged_is_an_empty_panel(store: Store) -> None:
    with store.unit(write=False) as unit:
        found = unit.bands.read("m", START, START + HOUR)
    assert (found.starts, found.expected.shape, found.anomalous.shape) == ((), (0, 0), (0, 0))
