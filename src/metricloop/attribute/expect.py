"""Expected leaf values from comparable past buckets, with the errors such an expectation made in those buckets.

The model is one common effect per bucket (a shift on the log scale) on top of what is usual for each leaf. The level of
the present is the median bucket; the pattern over the leaves is pooled over all of them (`shrink`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from metricloop.attribute.leaves import Column, Floats, LeafTable, PastErrors, coded
from metricloop.attribute.shrink import pooled_rates


def expect_ratio_from_history(
    dimensions: Mapping[str, Column],
    actual_num: ArrayLike,
    actual_den: ArrayLike,
    past_num: ArrayLike,
    past_den: ArrayLike,
    *,
    volumes: str = "present",
) -> LeafTable:
    """The leaf table of a share of events (0 <= num <= den), expected from B past buckets [B, L] in the leaves' order.

    `volumes="present"` takes the present denominators as known (the change is all rate); "history" expects the past's
    mean denominators, so that a shift of volumes shows as mix. It does not choose the comparable buckets, weight recent
    ones more, or mask incidents: that is the caller's. ValueError when there is no past bucket with any volume.
    """
    num, den = np.atleast_2d(np.asarray(past_num, float)), np.atleast_2d(np.asarray(past_den, float))
    keep = den.sum(axis=1) > 0
    num, den = num[keep], den[keep]
    if not len(den):
        raise ValueError("expectation: no past bucket has any volume; give at least one comparable bucket")
    if (num < 0).any() or (num > den).any():
        raise ValueError("expectation: a share needs 0 <= num <= den in every leaf and bucket")
    codes = [coded(column)[1] for column in dimensions.values()]
    usual = pooled_rates(num.sum(axis=0), den.sum(axis=0), codes)
    shift = np.array([_shift_of(n, d, usual) for n, d in zip(num, den, strict=True)])
    fitted = den * _expit(_logit(usual)[None, :] + shift[:, None])
    past = PastErrors(num - fitted, fitted * (1 - fitted / np.maximum(den, 1e-300)), shift - float(np.median(shift)))
    rate = _expit(_logit(usual) + float(np.median(shift)))
    present = np.asarray(actual_den, float)
    expected_den = present if volumes == "present" else den.mean(axis=0)
    return LeafTable.of_ratio(dimensions, actual_num, present, rate * expected_den, expected_den, past)


def expect_sum_from_history(dimensions: Mapping[str, Column], actual: ArrayLike, past_values: ArrayLike) -> LeafTable:
    """The leaf table of a non-negative sum, expected from B past buckets [B, L] in the leaves' order.

    Buckets far above the median weigh less in the pattern (a storm's cancellations are not a usual day's). Values are
    read as counts: a money column works, but its `PastErrors.variance` is in units of the money squared only up to a
    factor that the search estimates. ValueError when the whole past is zero.
    """
    past = np.atleast_2d(np.asarray(past_values, float))
    totals = past.sum(axis=1)
    if not len(past) or not totals.sum() > 0:
        raise ValueError("expectation: the past buckets hold nothing; give at least one comparable bucket with data")
    level = float(np.median(totals)) or float(totals.mean())
    weight = np.minimum(1.0, level / np.maximum(totals, 1e-300))
    shape = _pooled_shape(weight @ past, len(past))
    expected = shape * level
    fitted = shape[None, :] * totals[:, None]
    shift = np.log(np.maximum(totals, 0.5 * level / len(past)) / level)
    return LeafTable.of_sum(dimensions, actual, expected, PastErrors(past - fitted, fitted, shift))


def _pooled_shape(weighted: Floats, buckets: int) -> Floats:
    """Each leaf's share of the sum. A leaf never seen gets what half of one rarest observation would be: not zero."""
    seen = weighted[weighted > 0]
    floor = 0.5 * float(seen.min()) / buckets
    filled = np.maximum(weighted, floor)
    return filled / float(filled.sum())


def _shift_of(num: Floats, den: Floats, usual: Floats) -> float:
    """The bucket's common effect on the log odds: the shift under which expected equals observed (Newton, damped)."""
    seen = float(num.sum())
    target = min(max(seen, 0.5), float(den.sum()) - 0.5)
    shift, base = 0.0, _logit(usual)
    for _ in range(8):
        rate = _expit(base + shift)
        slope = float((den * rate * (1 - rate)).sum())
        step = (target - float((den * rate).sum())) / max(slope, 1e-9)
        shift += min(max(step, -2.0), 2.0)
    return shift


def _logit(rate: Floats) -> Floats:
    return np.asarray(np.log(rate / (1 - rate)), dtype=np.float64)


def _expit(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)), dtype=np.float64)
