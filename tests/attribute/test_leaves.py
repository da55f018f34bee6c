"""Leaf tables and their cuboids."""

from __future__ import annotations

import numpy as np
import pytest

from metricloop.attribute.leaves import LeafTable, PastErrors, cuboids, slice_of
from metricloop.kernel.slices import Slice


def test_rows_of_the_same_slice_are_added_up() -> None:
    table = LeafTable.of_sum({"a": ["x", "y", "x"], "b": ["1", "1", "1"]}, [1.0, 2.0, 4.0], [1.0, 1.0, 1.0])
    assert table.size == 2
    assert table.actual.tolist() == [5.0, 2.0]
    assert table.expected.tolist() == [2.0, 1.0]


def test_past_errors_are_added_up_with_their_rows() -> None:
    past = PastErrors(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 1.0, 1.0]]), np.array([0.0]))
    table = LeafTable.of_sum({"a": ["x", "y", "x"]}, [1, 1, 1], [1, 1, 1], past)
    assert table.past is not None
    assert table.past.residual.tolist() == [[4.0, 2.0]]


def test_a_missing_value_is_refused_with_the_column_and_the_fix() -> None:
    with pytest.raises(ValueError, match=r"column expected .* fill or drop"):
        LeafTable.of_sum({"a": ["x"]}, [1.0], [float("nan")])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same number of rows"):
        LeafTable.of_sum({"a": ["x", "y"]}, [1.0], [1.0])


def test_every_combination_of_dimensions_up_to_the_depth_is_a_cuboid() -> None:
    table = LeafTable.of_sum({"a": ["x", "y"], "b": ["1", "2"], "c": ["p", "p"]}, [1, 1], [1, 1])
    assert [c.dimensions for c in cuboids(table, 2)] == [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2)]


def test_a_leaf_knows_its_slice_in_each_cuboid() -> None:
    table = LeafTable.of_sum({"a": ["x", "y"], "b": ["1", "2"]}, [1, 1], [1, 1])
    both = cuboids(table, 2)[-1]
    assert slice_of(table, both, 1) == Slice.of({"a": "y", "b": "2"})


def test_wide_tables_do_not_overflow_their_keys() -> None:
    values = {f"d{i}": [f"v{j}" for j in range(2000)] for i in range(7)}
    table = LeafTable.of_sum(values, np.ones(2000), np.ones(2000))
    assert table.size == 2000
    assert {c.size for c in cuboids(table, 4) if c.depth == 4} == {2000}
