"""Gains of slices against the rest."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metricloop.attribute.gain import Evidence, Noise, gains
from metricloop.attribute.leaves import Floats


def column(*values: float) -> Floats:
    return np.array([[value] for value in values])


def evidence(noise: Noise) -> Evidence:
    return Evidence(noise, np.zeros((3, 1)))


def test_a_slice_that_moved_as_the_rest_did_has_no_gain() -> None:
    found = gains(evidence(Noise.COUNT), column(50, 100, 0), column(500, 1000, 0), 0.0)
    assert found.gain[0] == pytest.approx(0)
    assert found.effect[0] == pytest.approx(0)
    assert found.own[0] == pytest.approx(-0.5)


def test_a_count_against_a_large_rest_gains_the_poisson_likelihood_ratio() -> None:
    found = gains(evidence(Noise.COUNT), column(50, 100, 0), column(1e7, 1e7, 0), 0.0)
    assert found.gain[0] == pytest.approx(50 * math.log(0.5) + 50, rel=1e-3)


def test_a_share_against_a_large_rest_gains_the_binomial_likelihood_ratio() -> None:
    found = gains(evidence(Noise.SHARE), column(60, 80, 100), column(8e6, 8e6, 1e7), 0.0)
    assert found.gain[0] == pytest.approx(60 * math.log(60 / 80) + 40 * math.log(40 / 20), rel=1e-3)


def test_slices_that_usually_stray_gain_less_and_no_more_than_their_effect_allows() -> None:
    inside, outside = column(500, 1000, 0), column(1e7, 1e7, 0)
    calm, wild = (float(gains(evidence(Noise.COUNT), inside, outside, tau2).gain[0]) for tau2 in (0.0, 0.25))
    assert calm > 100
    assert wild < math.log(2) ** 2 / (2 * 0.25) + 1e-9


def test_one_event_where_none_was_expected_is_no_evidence() -> None:
    assert gains(evidence(Noise.COUNT), column(1, 1e-6, 0), column(1000, 1000, 0), 0.0).gain[0] < 1


def test_a_tiny_rest_is_no_ground_to_stand_on() -> None:
    against_much = gains(evidence(Noise.SHARE), column(60, 80, 100), column(8000, 8000, 10000), 0.0)
    against_little = gains(evidence(Noise.SHARE), column(60, 80, 100), column(8, 8, 10), 0.0)
    assert against_little.gain[0] < against_much.gain[0] / 3
