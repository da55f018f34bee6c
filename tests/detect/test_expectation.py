"""What a bucket should hold, given the past and the rest of the bucket."""

from __future__ import annotations

import numpy as np

from metricloop.detect.expectation import Usual, expect_count, expect_rate, rate_of
from metricloop.kernel.series import Floats


def usual(value: list[float], own_total: float = 0.3) -> Usual:
    """A total and its parts with these usual values; parts are offsets from the rest."""
    size = len(value)
    own = np.full(size, 0.01)
    own[0] = own_total
    return Usual(np.array(value), np.zeros(size), own, np.zeros(size))


def rates(numerator: list[float], denominator: list[float]) -> tuple[Floats, Floats]:
    return np.array(numerator), np.array(denominator)


def test_a_part_follows_a_well_known_rest() -> None:
    law = expect_rate(usual([1.0, 0.0, 0.5]), *rates([500, 250, 250], [1000, 500, 500]))
    assert np.allclose(law.rate[1:], rate_of(np.array([0.0, 0.5])), atol=0.01)
    assert law.common[0] == 0 and np.all(law.common[1:] < -0.9)


def test_a_part_without_a_rest_stands_on_its_own_past() -> None:
    law = expect_rate(usual([1.0, 0.2]), *rates([30, 30], [100, 100]))
    assert law.common[1] == 0 and np.isclose(law.rate[1], rate_of(np.array(1.2)))
    assert law.variance[1] > 0.3


def test_a_small_rest_moves_a_part_less_than_a_large_one() -> None:
    small = expect_rate(usual([1.0, 0.0]), *rates([101, 100], [205, 200]))
    large = expect_rate(usual([1.0, 0.0]), *rates([300, 100], [1200, 200]))
    assert abs(small.common[1]) < 0.6 * abs(large.common[1]) and small.shared[1] > large.shared[1]


def test_a_count_keeps_its_share_of_what_the_rest_did() -> None:
    law = expect_count(usual([np.log(100.0), np.log(0.25)], own_total=0.5), np.array([250.0, 50.0]))
    assert abs(law.mean[1] - 50) < 2 and abs(law.usual[1] - 20) < 0.1 and abs(law.mean[0] - 100) < 1e-9


def test_an_unknown_total_leaves_nothing_known() -> None:
    assert not expect_rate(usual([1.0, 0.0]), *rates([np.nan, 5], [10, 10])).known.any()
    assert not expect_count(usual([1.0, 0.0]), np.array([np.nan, 5])).known.any()
