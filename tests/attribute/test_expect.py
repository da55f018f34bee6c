"""Expectations from comparable past buckets."""

from __future__ import annotations

import numpy as np
import pytest

from metricloop.attribute.expect import expect_ratio_from_history, expect_sum_from_history
from metricloop.attribute.leaves import Floats
from tests.attribute.tables import columns, rows, usual_rate

NAMES = columns(rows())
USUAL = np.array([usual_rate(row) for row in rows()])


def history(buckets: int = 30, per_leaf: float = 8.0) -> tuple[Floats, Floats]:
    random = np.random.default_rng(3)
    den = random.poisson(per_leaf, (buckets, len(USUAL))).astype(float)
    return random.binomial(den.astype(int), USUAL).astype(float), den


def test_each_leaf_is_expected_at_its_own_usual_rate() -> None:
    num, den = history()
    present = np.full(len(USUAL), 10.0)
    table = expect_ratio_from_history(NAMES, present * 0.9, present, num, den)
    assert table.expected_den is not None
    assert np.abs(table.expected / table.expected_den - USUAL).max() < 0.12
    assert table.expected.sum() / table.expected_den.sum() == pytest.approx(USUAL.mean(), abs=0.01)


def test_present_volumes_are_taken_as_known() -> None:
    num, den = history()
    present = np.arange(len(USUAL), dtype=float)
    table = expect_ratio_from_history(NAMES, present * 0.5, present, num, den)
    assert table.expected_den is not None and table.expected_den.tolist() == present.tolist()


def test_past_volumes_can_be_expected_instead() -> None:
    num, den = history()
    table = expect_ratio_from_history(NAMES, den[0] * 0.5, den[0], num, den, volumes="history")
    assert table.expected_den is not None
    assert table.expected_den == pytest.approx(den.mean(axis=0))


def test_a_leaf_never_seen_borrows_from_its_dimensions() -> None:
    num, den = history()
    new = next(i for i, row in enumerate(rows()) if row == {"warehouse": "W4", "carrier": "C0", "line": "L0"})
    num[:, new] = den[:, new] = 0
    table = expect_ratio_from_history(NAMES, np.ones(len(USUAL)), np.ones(len(USUAL)), num, den)
    assert table.expected[new] == pytest.approx(0.6, abs=0.06)


def test_a_few_terrible_days_do_not_lower_the_level() -> None:
    num, den = history()
    num[:4] = (num[:4] * 0.1).round()
    table = expect_ratio_from_history(NAMES, den[0] * 0.9, den[0], num, den)
    assert table.expected_den is not None
    assert table.expected.sum() / table.expected_den.sum() == pytest.approx(USUAL.mean(), abs=0.02)


def test_the_common_effect_of_a_bucket_is_not_an_error_of_its_leaves() -> None:
    num, den = history()
    num[:4] = (num[:4] * 0.5).round()
    past = expect_ratio_from_history(NAMES, den[0] * 0.9, den[0], num, den).past
    assert past is not None
    assert np.abs(past.residual.sum(axis=1)).max() < 1
    assert past.shift[:4].max() < -1 and np.abs(past.shift[4:]).max() < 0.5


def test_no_past_volume_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one comparable bucket"):
        expect_ratio_from_history({"a": ["x"]}, [1], [1], [[0.0]], [[0.0]])


def test_a_numerator_above_its_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="0 <= num <= den"):
        expect_ratio_from_history({"a": ["x"]}, [1], [1], [[3.0]], [[2.0]])


def test_a_sum_is_expected_at_the_median_bucket_and_the_pooled_pattern() -> None:
    past = np.random.default_rng(4).poisson(np.tile([10.0, 30.0], (40, 1))).astype(float)
    past[0] *= 50
    table = expect_sum_from_history({"a": ["x", "y"]}, [10.0, 30.0], past)
    assert table.expected == pytest.approx([10, 30], rel=0.1)


def test_a_leaf_never_counted_is_expected_near_zero_but_not_at_it() -> None:
    table = expect_sum_from_history({"a": ["x", "y"]}, [10.0, 1.0], [[10.0, 0.0], [12.0, 0.0]])
    assert 0 < table.expected[1] < 3


def test_an_empty_past_of_a_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="hold nothing"):
        expect_sum_from_history({"a": ["x"]}, [1.0], [[0.0]])
