"""Contributions add up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metricloop.attribute.leaves import LeafTable
from metricloop.attribute.waterfall import contributions_by, leaf_terms, waterfall
from metricloop.kernel.slices import Slice
from tests.attribute.tables import fulfilment, orders, usual_rate


def test_contributions_by_a_dimension_add_up_to_the_change_of_a_sum() -> None:
    parts = contributions_by(orders(lambda row: 0.5 if row["carrier"] == "C1" else 1.0), "carrier", top=2)
    assert [part.slice is None for part in parts] == [False, False, True]
    assert parts[0].slice == Slice.of({"carrier": "C1"})
    table = orders(lambda row: 0.5 if row["carrier"] == "C1" else 1.0)
    total = math.fsum(table.actual) - math.fsum(table.expected)
    assert math.fsum(part.value for part in parts) == pytest.approx(total, abs=1e-9)


def test_contributions_to_a_ratio_are_in_rate_units_with_rate_and_mix() -> None:
    table = fulfilment(lambda row: 0.7 if row["carrier"] == "C1" else usual_rate(row))
    parts = contributions_by(table, "carrier")
    assert table.actual_den is not None and table.expected_den is not None
    total = table.actual.sum() / table.actual_den.sum() - table.expected.sum() / table.expected_den.sum()
    assert math.fsum(part.value for part in parts) == pytest.approx(total, abs=1e-9)
    assert all(part.rate is not None and part.mix is not None for part in parts)
    assert all(part.value == pytest.approx((part.rate or 0) + (part.mix or 0), abs=1e-12) for part in parts)


def test_a_shift_of_volume_alone_is_all_mix() -> None:
    table = LeafTable.of_ratio({"a": ["x", "y"]}, [9, 10], [10, 20], [9, 5], [10, 10])
    good, bad = sorted(contributions_by(table, "a")[:2], key=lambda part: str(part.slice))
    assert good.rate == pytest.approx(0) and bad.rate == pytest.approx(0)
    assert (good.mix or 0) + (bad.mix or 0) == pytest.approx(19 / 30 - 14 / 20)


def test_a_slice_contributes_the_same_however_finely_it_is_cut() -> None:
    table = fulfilment(lambda row: 0.7 if row["warehouse"] == "W1" else 0.88)
    terms = leaf_terms(table)
    by_value = {part.slice: part.value for part in contributions_by(table, "warehouse")}
    for code, name in enumerate(table.values[0]):
        leaves = np.flatnonzero(table.codes[:, 0] == code)
        value = by_value[Slice.of({"warehouse": name})]
        assert math.fsum(terms.rate[leaves] + terms.mix[leaves]) == pytest.approx(value)


def test_a_leaf_in_two_slices_counts_once() -> None:
    table = LeafTable.of_sum({"a": ["x", "y", "z"]}, [1, 2, 3], [2, 4, 6])
    first, second = Slice.of({"a": "x"}), Slice.of({"a": "y"})
    parts = waterfall(table, leaf_terms(table), [(first, np.array([0, 1])), (second, np.array([1, 2]))])
    assert [part.value for part in parts] == [-3.0, -3.0, 0.0]


def test_a_slice_without_volume_has_no_rate() -> None:
    table = LeafTable.of_ratio({"a": ["x", "y"]}, [5, 0], [10, 0], [5, 2], [10, 10])
    gone = next(part for part in contributions_by(table, "a") if part.slice == Slice.of({"a": "y"}))
    assert gone.actual is None and gone.expected == 0.2


def test_a_ratio_without_any_denominator_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="no rate"):
        leaf_terms(LeafTable.of_ratio({"a": ["x"]}, [0], [0], [1], [2]))


def test_an_unknown_dimension_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="colour"):
        contributions_by(orders(lambda row: 1.0), "colour")
