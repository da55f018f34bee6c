"""Small leaf tables that the tests of attribution share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np

from metricloop.attribute.leaves import Floats, LeafTable

DIMENSIONS = {"warehouse": 5, "carrier": 4, "line": 6}
Row = Mapping[str, str]


def rows() -> list[dict[str, str]]:
    """Every combination of five warehouses, four carriers and six lines."""
    names = [[f"{name[0].upper()}{i}" for i in range(size)] for name, size in DIMENSIONS.items()]
    return [dict(zip(DIMENSIONS, combination, strict=True)) for combination in product(*names)]


def columns(of: list[dict[str, str]]) -> dict[str, list[str]]:
    return {name: [row[name] for row in of] for name in DIMENSIONS}


def factors(factor: Callable[[Row], float]) -> Floats:
    return np.array([factor(row) for row in rows()])


def volumes(seed: int = 5) -> Floats:
    """Expected volume per leaf, 40 to 400."""
    return np.random.default_rng(seed).uniform(40, 400, len(rows()))


def orders(factor: Callable[[Row], float], seed: int = 5) -> LeafTable:
    """Counts with Poisson noise around the expected volume times `factor`."""
    expected = volumes(seed)
    actual = np.random.default_rng(seed + 1).poisson(expected * factors(factor)).astype(float)
    return LeafTable.of_sum(columns(rows()), actual, expected)


def fulfilment(
    rate: Callable[[Row], float], volume: Callable[[Row], float] = lambda row: 1.0, seed: int = 5
) -> LeafTable:
    """A ratio expected at 0.9 everywhere but in warehouse W4 (0.6), with binomial noise around `rate`."""
    random = np.random.default_rng(seed + 1)
    expected_den = volumes(seed)
    usual = factors(usual_rate)
    den = random.poisson(expected_den * factors(volume)).astype(float)
    num = random.binomial(den.astype(int), factors(rate)).astype(float)
    return LeafTable.of_ratio(columns(rows()), num, den, usual * expected_den, expected_den)


def usual_rate(row: Row) -> float:
    return 0.6 if row["warehouse"] == "W4" else 0.9
