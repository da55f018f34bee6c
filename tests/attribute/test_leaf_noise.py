"""The noise of single leaves of counts, told by the table itself."""

from __future__ import annotations

import numpy as np
import pytest

from metricloop.attribute.explain import explain
from metricloop.attribute.leaf_noise import leaf_variance
from metricloop.attribute.leaves import Floats, LeafTable
from metricloop.attribute.model import VerdictKind

SIDES = (12, 10, 8, 6)


def bursts(seed: int, phi: float, power: float) -> tuple[dict[str, list[str]], Floats, Floats]:
    """Counts whose variance is phi * mean^power (negative binomial), over four dimensions."""
    random = np.random.default_rng(seed)
    places = np.indices(SIDES).reshape(len(SIDES), -1)
    mean = np.exp(random.normal(3, 2, places.shape[1])) + 0.5
    variance = np.maximum(phi * mean**power, 1.01 * mean)
    chance = mean / variance
    seen = random.negative_binomial(mean * chance / (1 - chance), chance).astype(float)
    return {f"d{i}": [f"v{code}" for code in row] for i, row in enumerate(places)}, seen, mean


def test_pure_counts_stay_near_counting_noise() -> None:
    random = np.random.default_rng(3)
    mean = np.exp(random.normal(3, 1.5, 4000))
    told = leaf_variance(random.poisson(mean).astype(float), mean, 1.0)
    assert (told >= mean).all() and float(np.median(told / mean)) < 1.1


@pytest.mark.parametrize("power", [1.0, 1.4, 1.8])
def test_the_power_of_bursts_is_found(power: float) -> None:
    _, seen, mean = bursts(5, 3.0, power)
    told, true = leaf_variance(seen, mean, 1.0), np.maximum(3.0 * mean**power, mean)
    large = mean > 5
    assert 0.5 < float(np.median(told[large] / true[large])) < 1.5


def test_a_unit_other_than_one_changes_nothing_but_the_scale() -> None:
    _, seen, mean = bursts(7, 3.0, 1.4)
    np.testing.assert_allclose(leaf_variance(25 * seen, 25 * mean, 25.0), 625 * leaf_variance(seen, mean, 1.0))


def test_a_common_fall_is_no_noise() -> None:
    _, seen, mean = bursts(9, 2.0, 1.3)
    whole, fallen = leaf_variance(seen, mean, 1.0), leaf_variance(np.floor(seen / 2), mean, 1.0)
    assert float(np.median(fallen / whole)) < 1.5


def test_few_leaves_count_as_counts() -> None:
    mean = np.full(30, 20.0)
    assert (leaf_variance(np.full(30, 90.0), mean, 1.0) == mean).all()


@pytest.mark.parametrize("seed", range(5))
def test_bursts_alone_have_no_cause(seed: int) -> None:
    names, seen, mean = bursts(seed, 3.0, 1.4)
    assert explain(LeafTable.of_sum(names, seen, mean)).causes == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_cause_shows_among_bursts(seed: int) -> None:
    names, seen, mean = bursts(seed, 3.0, 1.4)
    hit = np.array(names["d1"]) == "v4"
    found = explain(LeafTable.of_sum(names, np.where(hit, np.floor(0.2 * seen), seen), mean))
    assert found.verdict is VerdictKind.LOCAL
    assert [cause.slice.as_dict() for cause in found.causes] == [{"d1": "v4"}]
