"""The leaf table: one row per finest slice of a metric, as numpy arrays, and its cuboids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metricloop.kernel.slices import Slice

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Column = Sequence[str] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class PastErrors:
    """How far each leaf was from its own expectation in B past buckets, the bucket's common effect taken out.

    `residual` [B, L]: observed minus expected, in the unit of the metric's (numerator's) count.
    `variance` [B, L]: the variance that pure counting noise would give that residual.
    `shift` [B]: each bucket's common effect on the log scale (log odds for a ratio, log of the factor for a sum).
    """

    residual: Floats
    variance: Floats
    shift: Floats


@dataclass(frozen=True, slots=True)
class LeafTable:
    """L leaves over D dimensions, each combination at most once; build it with `of_sum` or `of_ratio`.

    `codes` [L, D] index into `values[d]`. For a sum `actual` and `expected` are the values; for a ratio they are the
    numerators and `actual_den`, `expected_den` the denominators. All of float64; nothing here may be NaN.
    It does not check that the expectation is any good, and does not divide: a ratio's rate is sum(num) / sum(den).
    """

    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int32]
    actual: Floats
    expected: Floats
    actual_den: Floats | None = None
    expected_den: Floats | None = None
    past: PastErrors | None = None

    @classmethod
    def of_sum(
        cls,
        dimensions: Mapping[str, Column],
        actual: ArrayLike,
        expected: ArrayLike,
        past: PastErrors | None = None,
    ) -> LeafTable:
        """A table of an additive metric. Rows with the same dimension values are added up."""
        return _build(dimensions, [("actual", actual), ("expected", expected)], past)

    @classmethod
    def of_ratio(
        cls,
        dimensions: Mapping[str, Column],
        actual_num: ArrayLike,
        actual_den: ArrayLike,
        expected_num: ArrayLike,
        expected_den: ArrayLike,
        past: PastErrors | None = None,
    ) -> LeafTable:
        """A table of a ratio metric. Rows with the same dimension values are added up, numerators and denominators."""
        columns = [("actual_num", actual_num), ("expected_num", expected_num)]
        columns += [("actual_den", actual_den), ("expected_den", expected_den)]
        return _build(dimensions, columns, past)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return int(self.codes.shape[0])

    @property
    def is_ratio(self) -> bool:
        """True if the table has denominators."""
        return self.actual_den is not None


def _build(
    dimensions: Mapping[str, Column], columns: list[tuple[str, ArrayLike]], past: PastErrors | None
) -> LeafTable:
    names = tuple(dimensions)
    arrays = [_checked(name, column) for name, column in columns]
    lengths = {name: len(dimensions[name]) for name in names} | {
        name: len(array) for (name, _), array in zip(columns, arrays, strict=True)
    }
    if not names or len(set(lengths.values())) != 1:
        raise ValueError(f"leaf table: needs a dimension, and the same number of rows in all columns: {lengths}")
    encoded = [coded(dimensions[name]) for name in names]
    codes = np.column_stack([code for _, code in encoded])
    rows, place = _distinct(codes, [len(vocabulary) for vocabulary, _ in encoded])
    merged = add_by(np.stack(arrays), place, len(rows))
    return LeafTable(
        dimensions=names,
        values=tuple(vocabulary for vocabulary, _ in encoded),
        codes=codes[rows].astype(np.int32),
        actual=merged[0],
        expected=merged[1],
        actual_den=merged[2] if len(merged) > 2 else None,
        expected_den=merged[3] if len(merged) > 2 else None,
        past=None if past is None else _merged_past(past, place, len(rows)),
    )


def _checked(name: str, column: ArrayLike) -> Floats:
    array = np.asarray(column, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(f"leaf table: column {name} must be one-dimensional and finite; fill or drop NaN and infinity")
    return array


def coded(column: Column) -> tuple[tuple[str, ...], Ints]:
    """The distinct values of a dimension, sorted, and for each row the place of its own."""
    # Looking up each value is several times faster than sorting them all: there are few distinct ones.
    words = [str(value) for value in column]
    vocabulary = tuple(sorted(set(words)))
    place = {value: code for code, value in enumerate(vocabulary)}
    return vocabulary, np.fromiter(map(place.__getitem__, words), dtype=np.int64, count=len(words))


def _distinct(codes: Ints, radices: Sequence[int]) -> tuple[Ints, Ints]:
    """First row of each distinct combination, in key order, and for each row the place of its combination."""
    key = _mixed_radix(codes, radices)
    _, rows, place = np.unique(key, return_index=True, return_inverse=True)
    return rows.astype(np.int64), place.astype(np.int64)


def _mixed_radix(codes: Ints, radices: Sequence[int]) -> Ints:
    """One integer per row. Where the product of the radices outgrows 62 bits, the prefix is renumbered first."""
    key = np.zeros(len(codes), dtype=np.int64)
    span = 1
    for column, radix in enumerate(radices):
        if span * radix >= 1 << 62:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            span = len(codes)
        key = key * radix + codes[:, column]
        span *= radix
    return key


def _merged_past(past: PastErrors, place: Ints, size: int) -> PastErrors:
    return PastErrors(add_by(past.residual, place, size), add_by(past.variance, place, size), past.shift)


def add_by(rows: Floats, place: Ints, size: int) -> Floats:
    """Sums of `rows` [B, L] over the leaves of each group: [B, size]."""
    if not len(rows):
        return np.zeros((0, size))
    # A row of zeros (counts without a third column) needs no adding up.
    return np.stack([np.bincount(place, weights=row, minlength=size) if row.any() else np.zeros(size) for row in rows])


@dataclass(frozen=True, slots=True)
class Cuboid:
    """One combination of dimensions: `element` [L] says to which of the `size` slices of it each leaf belongs."""

    dimensions: tuple[int, ...]
    element: Ints
    size: int

    @property
    def depth(self) -> int:
        return len(self.dimensions)

    def is_parent_of(self, other: Cuboid) -> bool:
        """Whether `other` has the same dimensions and one more."""
        return other.depth == self.depth + 1 and set(self.dimensions) < set(other.dimensions)


def cuboids(table: LeafTable, max_depth: int) -> list[Cuboid]:
    """All combinations of 1..max_depth dimensions, shallow first; elements are numbered by their codes, with gaps."""
    codes = table.codes.astype(np.int64)
    radix = [len(vocabulary) for vocabulary in table.values]
    found = []
    for depth in range(1, min(max_depth, len(radix)) + 1):
        for chosen in combinations(range(len(radix)), depth):
            found.append(_cuboid(codes[:, chosen], [radix[d] for d in chosen], chosen))
    return found


def _cuboid(codes: Ints, radices: Sequence[int], chosen: tuple[int, ...]) -> Cuboid:
    key = _mixed_radix(codes, radices)
    span = 1
    for radix in radices:
        span *= radix
    if span > 4 * len(codes) + 64:
        distinct, key = np.unique(key, return_inverse=True)
        span = len(distinct)
    return Cuboid(chosen, key.astype(np.int64), span)


def slice_of(table: LeafTable, cuboid: Cuboid, leaf: int) -> Slice:
    """The slice of `cuboid` that the given leaf belongs to."""
    return Slice.of((table.dimensions[d], table.values[d][table.codes[leaf, d]]) for d in cuboid.dimensions)
