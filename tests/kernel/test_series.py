"""Panels divide last, and grow to the right."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from metricloop.kernel.series import Panel, positions, widen
from metricloop.kernel.slices import TOTAL, Slice

AT = datetime(2013, 2, 1, tzinfo=UTC)
AA = Slice.of({"carrier": "AA"})


def panel(numerator: list[list[float]], denominator: list[list[float]]) -> Panel:
    rows = len(numerator)
    return Panel((TOTAL, AA), (AT,) * rows, np.array(numerator), np.array(denominator), (AT,) * rows)


def test_a_rate_without_denominator_is_missing_not_zero() -> None:
    values = panel([[3.0, 0.0]], [[4.0, 0.0]]).values()
    assert values[0, 0] == 0.75
    assert np.isnan(values[0, 1])


def test_a_missing_point_stays_missing() -> None:
    assert np.isnan(panel([[np.nan, 1.0]], [[4.0, 1.0]]).values()[0, 0])


def test_a_slice_finds_its_column() -> None:
    made = panel([[1.0, 2.0]], [[1.0, 1.0]])
    assert made.column(AA) == 1
    assert made.column(Slice.of({"carrier": "MQ"})) is None
    assert positions(made.slices) == {TOTAL: 0, AA: 1}


def test_new_columns_are_filled_and_old_ones_untouched() -> None:
    wide = widen(np.array([[1.0, 2.0]]), 4, np.nan)
    assert wide.shape == (1, 4)
    assert wide[0, :2].tolist() == [1.0, 2.0]
    assert np.isnan(wide[0, 2:]).all()
    assert widen(wide, 3, 0.0) is wide
