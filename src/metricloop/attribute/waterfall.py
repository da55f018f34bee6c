"""Exact contributions: a change split over slices so that the parts add up to it.

For a ratio the split is the symmetric (Marshall-Edgeworth) one of price and productivity statistics: per leaf, with w
its share of the denominator, r its rate and R0 the expected total rate,
rate part = (w0 + w1) / 2 * (r1 - r0) and mix part = (w1 - w0) * ((r0 + r1) / 2 - R0).
The two add to w1 r1 - w0 r0 - (w1 - w0) R0, so a slice's contribution does not depend on how finely it is cut; the two
parts alone do. A leaf without volume on one side takes the other side's rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from metricloop.attribute.leaves import Cuboid, Floats, Ints, LeafTable, slice_of
from metricloop.attribute.model import Part
from metricloop.kernel.slices import Slice


@dataclass(frozen=True, slots=True)
class LeafTerms:
    """Per leaf [L] the rate and mix part of its contribution, in the metric's unit."""

    rate: Floats
    mix: Floats
    total: float


def total_change(table: LeafTable) -> float:
    """Actual minus expected of the whole table: a sum's difference, or a ratio's in rate units."""
    if table.actual_den is None or table.expected_den is None:
        return math.fsum(table.actual.tolist()) - math.fsum(table.expected.tolist())
    return _rate(table.actual, table.actual_den) - _rate(table.expected, table.expected_den)


def leaf_terms(table: LeafTable) -> LeafTerms:
    """The exact split of the total change over the leaves.

    A ratio without any denominator on one side has no change that could be split: ValueError.
    """
    total = total_change(table)
    if table.actual_den is None or table.expected_den is None:
        return LeafTerms(table.actual - table.expected, np.zeros(table.size), total)
    rate, mix = ratio_terms(table.actual, table.actual_den, table.expected, table.expected_den)
    return LeafTerms(rate, mix, total)


def ratio_terms(num1: Floats, den1: Floats, num0: Floats, den0: Floats) -> tuple[Floats, Floats]:
    """Rate and mix part of each row; index 1 is actual, 0 expected."""
    whole1, whole0 = math.fsum(den1.tolist()), math.fsum(den0.tolist())
    w1, w0 = den1 / whole1, den0 / whole0
    r1 = np.divide(num1, den1, out=np.zeros_like(num1), where=den1 != 0)
    r0 = np.divide(num0, den0, out=np.zeros_like(num0), where=den0 != 0)
    r1, r0 = np.where(den1 != 0, r1, r0), np.where(den0 != 0, r0, r1)
    rate = (w0 + w1) / 2 * (r1 - r0)
    # A numerator without a denominator (refunds of orders of another day) has no rate: it is all rate part.
    rate = rate + np.where(den1 == 0, num1 / whole1, 0.0) - np.where(den0 == 0, num0 / whole0, 0.0)
    return rate, (w1 - w0) * ((r0 + r1) / 2 - math.fsum(num0.tolist()) / whole0)


def waterfall(table: LeafTable, terms: LeafTerms, slices: Sequence[tuple[Slice, Ints]]) -> tuple[Part, ...]:
    """One bar per part (slice, its leaves) and one for the rest. A leaf counts for the first part that has it.

    The bars add up (math.fsum) to `terms.total`: what float rounding leaves over, some 1e-16 of the largest leaf, is
    put into the rest.
    """
    free = np.ones(table.size, dtype=bool)
    bars = []
    for chosen, leaves in slices:
        own = leaves[free[leaves]]
        free[own] = False
        bars.append(_bar(table, terms, chosen, own))
    rest = _bar(table, terms, None, np.flatnonzero(free))
    return (*bars, _closed(rest, bars, terms.total))


def contributions_by(table: LeafTable, dimension: str, top: int = 10) -> tuple[Part, ...]:
    """The plain waterfall over one dimension: its `top` largest contributions and the rest, adding up to the total.

    Rate and mix part are those of the value as a whole (so they agree with the rates shown beside them), not of its
    leaves. It does not judge: noise has contributions too. KeyError if the dimension is not in the table.
    """
    if dimension not in table.dimensions:
        raise KeyError(f"dimension {dimension!r} is not in the table; it has {', '.join(table.dimensions)}")
    column = table.dimensions.index(dimension)
    small = _rolled_up(table, column)
    whole = Cuboid((0,), np.arange(small.size), small.size)
    terms = leaf_terms(small)
    size = np.abs(terms.rate + terms.mix)
    order = sorted(range(small.size), key=lambda i: (-float(size[i]), small.values[0][small.codes[i, 0]]))[:top]
    slices = [(slice_of(small, whole, i), np.array([i], dtype=np.int64)) for i in order]
    return waterfall(small, terms, slices)


def _rolled_up(table: LeafTable, column: int) -> LeafTable:
    names = np.asarray(table.values[column], dtype=object)[table.codes[:, column]]
    one = {table.dimensions[column]: names}
    if table.actual_den is None or table.expected_den is None:
        return LeafTable.of_sum(one, table.actual, table.expected)
    return LeafTable.of_ratio(one, table.actual, table.actual_den, table.expected, table.expected_den)


def _bar(table: LeafTable, terms: LeafTerms, chosen: Slice | None, leaves: Ints) -> Part:
    if table.actual_den is None or table.expected_den is None:
        actual, expected = math.fsum(table.actual[leaves].tolist()), math.fsum(table.expected[leaves].tolist())
        return Part(chosen, math.fsum(terms.rate[leaves].tolist()), expected=expected, actual=actual)
    rate, mix = math.fsum(terms.rate[leaves].tolist()), math.fsum(terms.mix[leaves].tolist())
    return Part(
        slice=chosen,
        value=rate + mix,
        rate=rate,
        mix=mix,
        expected=_quotient(table.expected[leaves], table.expected_den[leaves]),
        actual=_quotient(table.actual[leaves], table.actual_den[leaves]),
    )


def _closed(rest: Part, bars: Sequence[Part], total: float) -> Part:
    value = math.fsum([total, *(-bar.value for bar in bars)])
    return replace(rest, value=value, rate=None if rest.mix is None else value - rest.mix)


def _quotient(num: Floats, den: Floats) -> float | None:
    below = math.fsum(den.tolist())
    return math.fsum(num.tolist()) / below if below else None


def _rate(num: Floats, den: Floats) -> float:
    value = _quotient(num, den)
    if value is None:
        raise ValueError("a ratio without any denominator has no rate, so no change to split; leave the bucket out")
    return value
