"""What holds for every table."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricloop.attribute.explain import Explanation, explain
from metricloop.attribute.leaves import Floats, LeafTable
from metricloop.attribute.waterfall import contributions_by

AMOUNT = st.floats(0, 1e6, allow_nan=False, allow_subnormal=False)
Columns = dict[str, list[str]]


@st.composite
def sums(draw: st.DrawFn) -> LeafTable:
    size = draw(st.integers(1, 40))
    names = {d: draw(st.lists(st.sampled_from("pqrst"), min_size=size, max_size=size)) for d in ("a", "b", "c")}
    column = st.lists(AMOUNT, min_size=size, max_size=size)
    return LeafTable.of_sum(names, draw(column), draw(column))


@st.composite
def ratios(draw: st.DrawFn) -> LeafTable:
    size = draw(st.integers(1, 40))
    names = {d: draw(st.lists(st.sampled_from("pqrst"), min_size=size, max_size=size)) for d in ("a", "b")}
    counts = st.lists(st.integers(0, 500), min_size=size, max_size=size)
    den1, den0 = np.array(draw(counts), float), np.array(draw(counts), float)
    den1[0] += 1
    den0[0] += 1
    part = st.lists(st.floats(0, 1), min_size=size, max_size=size)
    return LeafTable.of_ratio(names, np.floor(den1 * draw(part)), den1, den0 * np.array(draw(part)), den0)


@given(st.one_of(sums(), ratios()))
@settings(max_examples=80, deadline=None)
def test_contributions_add_up_to_the_total(table: LeafTable) -> None:
    answer = explain(table)
    allowed = 1e-9 * max(1.0, abs(answer.total))
    assert abs(math.fsum(part.value for part in answer.parts) - answer.total) <= allowed
    for dimension in table.dimensions:
        parts = contributions_by(table, dimension, top=2)
        assert abs(math.fsum(part.value for part in parts) - answer.total) <= allowed


def story(seed: int) -> tuple[Columns, Floats, Floats]:
    """Continuous amounts with 5 % noise, where one region fell by half and one product in one other region vanished."""
    random = np.random.default_rng(seed)
    grid = [(r, p, c) for r in range(6) for p in range(7) for c in range(4)]
    names = {"region": [f"r{r}" for r, _, _ in grid], "product": [f"p{p}" for _, p, _ in grid]}
    names["channel"] = [f"c{c}" for _, _, c in grid]
    expected = random.lognormal(5, 0.7, len(grid))
    cause = np.array([0.5 if r == 2 else 0.2 if (r, p) == (4, 1) else 1.0 for r, p, _ in grid])
    return names, expected * cause * random.normal(1, 0.05, len(grid)), expected


def told(answer: Explanation) -> dict[str, float]:
    return {cause.slice.key: cause.contribution for cause in answer.causes}


SEEDS = st.integers(0, 10_000)


@given(SEEDS, SEEDS)
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(seed: int, order: int) -> None:
    names, actual, expected = story(seed)
    place = np.random.default_rng(order).permutation(len(actual))
    moved = {name: [column[i] for i in place] for name, column in names.items()}
    before, after = (
        told(explain(LeafTable.of_sum(names, actual, expected))),
        told(explain(LeafTable.of_sum(moved, actual[place], expected[place]))),
    )
    assert "region=r2" in before
    assert after == pytest.approx(before)


@given(SEEDS, st.permutations(range(7)))
@settings(max_examples=25, deadline=None)
def test_the_names_of_values_do_not_matter(seed: int, order: list[int]) -> None:
    names, actual, expected = story(seed)
    renamed = names | {"product": [f"p{order[int(p[1:])]}" for p in names["product"]]}
    before = told(explain(LeafTable.of_sum(names, actual, expected)))
    after = told(explain(LeafTable.of_sum(renamed, actual, expected)))
    assert sorted(after.values()) == pytest.approx(sorted(before.values()))


@given(SEEDS, st.integers(0, 167))
@settings(max_examples=25, deadline=None)
def test_a_leaf_in_two_halves_gives_the_same_answer(seed: int, leaf: int) -> None:
    names, actual, expected = story(seed)
    doubled = {name: [*column, column[leaf]] for name, column in names.items()}
    half = np.ones(len(actual))
    half[leaf] = 0.5
    split = LeafTable.of_sum(
        doubled, np.append(actual * half, actual[leaf] / 2), np.append(expected * half, expected[leaf] / 2)
    )
    assert told(explain(split)) == pytest.approx(told(explain(LeafTable.of_sum(names, actual, expected))))


@given(SEEDS, st.floats(0.001, 1000))
@settings(max_examples=25, deadline=None)
def test_a_scaled_metric_has_scaled_contributions(seed: int, scale: float) -> None:
    names, actual, expected = story(seed)
    before = told(explain(LeafTable.of_sum(names, actual, expected)))
    after = told(explain(LeafTable.of_sum(names, actual * scale, expected * scale)))
    assert after == pytest.approx({key: value * scale for key, value in before.items()})


@given(SEEDS, st.sampled_from([2.0, 5.0, 0.01]))
@settings(max_examples=25, deadline=None)
def test_scaled_counts_have_scaled_contributions(seed: int, scale: float) -> None:
    names, actual, expected = story(seed)
    counts, means = np.random.default_rng(seed).poisson(actual / 20).astype(float), expected / 20
    before = told(explain(LeafTable.of_sum(names, counts, means)))
    after = told(explain(LeafTable.of_sum(names, counts * scale, means * scale)))
    assert after == pytest.approx({key: value * scale for key, value in before.items()})
