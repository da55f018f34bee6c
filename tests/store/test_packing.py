"""Arrays come back with their values, shape and dtype, and small ones stay small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.kernel.errors import Bug
from metricloop.store.packing import narrowed, pack, pack_named, unpack, unpack_named

FLOATS = st.lists(st.floats(), max_size=20)


@given(FLOATS, FLOATS)
def test_floats_come_back_bit_by_bit(first: list[float], second: list[float]) -> None:
    arrays = [np.array(first, dtype=np.float64), np.array(second, dtype=np.float64)]
    assert [array.tobytes() for array in unpack(pack(arrays))] == [array.tobytes() for array in arrays]


@given(FLOATS)
def test_narrowing_never_changes_a_value(values: list[float]) -> None:
    array = np.array(values, dtype=np.float64)
    assert np.array_equal(narrowed(array).astype(np.float64), array, equal_nan=True)


def test_counts_are_narrowed_and_money_is_not() -> None:
    assert narrowed(np.array([3.0, np.nan, 16_777_216.0])).dtype == np.float32
    assert narrowed(np.array([1_234_567.89])).dtype == np.float64


def test_shapes_and_kinds_come_back() -> None:
    arrays = [np.zeros((2, 0, 3)), np.arange(6).reshape(2, 3), np.array([True, False]), np.array(4.5)]
    back = unpack(pack(arrays))
    assert [(array.shape, array.dtype) for array in back] == [(array.shape, array.dtype) for array in arrays]
    assert all(np.array_equal(a, b) for a, b in zip(back, arrays, strict=True))


def test_named_arrays_keep_their_names_and_may_be_written_to() -> None:
    back = unpack_named(pack_named({"级别": np.ones(2), "": np.zeros((1, 2))}))
    back["级别"][0] = 5.0
    assert list(back) == ["级别", ""]


def test_what_cannot_be_packed_is_refused() -> None:
    with pytest.raises(Bug, match="complex"):
        pack([np.array([1j])])


def test_a_later_format_is_refused_and_not_misread() -> None:
    with pytest.raises(Bug, match="format 9"):
        unpack(b"\x09" + pack([np.zeros(1)])[1:])


def test_a_day_of_counts_takes_a_few_bytes_per_point() -> None:
    counts = np.random.default_rng(1).poisson(20.0, (24, 125)).astype(np.float64)
    assert len(pack([narrowed(counts), narrowed(counts)])) / counts.size < 4
