"""What the noise of a table is taken to be."""

from __future__ import annotations

import numpy as np
import pytest

from metricloop.attribute.dispersion import amounts, evidence_of, stray_of
from metricloop.attribute.expect import expect_ratio_from_history
from metricloop.attribute.gain import Noise
from metricloop.attribute.leaves import LeafTable, cuboids


def test_multiples_of_one_unit_are_counts_and_others_are_not() -> None:
    expected = np.array([4.0, 5.0, 6.0])
    assert amounts(np.array([3.0, 5.0, 1.0]), expected, None).noise is Noise.COUNT
    assert amounts(np.array([7.5, 12.5, 2.5]), expected, None).unit == 2.5
    assert amounts(np.array([3.1, 5.7, 1.3]), expected, None).noise is Noise.CONTINUOUS
    assert amounts(np.array([3.0, -5.0, 1.0]), expected, None).noise is Noise.CONTINUOUS


def test_a_ratio_that_is_no_share_is_continuous() -> None:
    basket = LeafTable.of_ratio({"shop": ["x", "y"]}, [200.0, 330.0], [10, 11], [190.0, 300.0], [10, 10])
    assert evidence_of(basket).noise is Noise.CONTINUOUS


def test_slices_that_strayed_in_the_past_are_expected_to_stray() -> None:
    random = np.random.default_rng(2)
    own = np.zeros((60, 6))
    own[:, 0] = random.normal(0, 1.0, 60)
    den = np.full((60, 6), 200.0)
    num = random.binomial(200, 1 / (1 + np.exp(-1.5 - own))).astype(float)
    table = expect_ratio_from_history({"shop": list("abcdef")}, num[0], den[0], num, den)
    parts = cuboids(table, 1)
    tau = np.sqrt(stray_of(table, evidence_of(table), parts).per_cuboid[0])
    assert tau[0] == pytest.approx(0.9, abs=0.3)
    assert tau[1:].max() < tau[0] / 1.5
