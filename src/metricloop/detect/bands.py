"""Tails and band of many counts at once: the verdict and the band are read from one and the same distribution.

For each row the whole mass function is laid out on its support from the ratio of neighbouring terms (no log-gamma), all
rows end to end in one flat array, normalised by its own sum. The observed count's tails and the band at a wanted tail
probability come from the same numbers, so that "outside the band" and "tail smaller than wanted" are one statement.
Rows with a support longer than `LONGEST_SUPPORT` use the tails of `tails` and a bracketed search instead.

The band is in counts: `lower` is the smallest, `upper` the largest count that is not surprising.
Does not do: bands of rates (divide by the trials), gates (minimum effect, minimum denominator).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metricloop.detect.tails import log_tails_bounded, log_tails_unbounded
from metricloop.kernel.series import Floats

LONGEST_SUPPORT = 4096.0
_SEARCH_STEPS = 60

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class CountBand:
    """Per row: log P(Y <= count), log P(Y >= count), and the smallest and largest unsurprising count."""

    log_lower_tail: Floats
    log_upper_tail: Floats
    lower: Floats
    upper: Floats


def bounded_band(count: Floats, trials: Floats, rate: Floats, spread: Floats, log_alpha: Floats) -> CountBand:
    """Band of binomial / beta-binomial rows (see `tails`); `log_alpha` is the log tail probability on either side."""
    rate = np.clip(rate, 1e-12, 1.0 - 1e-12)

    def log_ratio(k: Floats, row: Rows) -> Floats:
        n, p, s = trials[row], rate[row], spread[row]
        up = (n - k) * (p + k * s)
        return np.log(np.maximum(up, 1e-300) / ((k + 1.0) * (1.0 - p + np.maximum(n - k - 1.0, 0.0) * s)))

    def tails_of(k: Floats, row: Rows) -> tuple[Floats, Floats]:
        return log_tails_bounded(k, trials[row], rate[row], spread[row])

    return _band(count, np.floor(trials), trials * rate, log_alpha, log_ratio, tails_of)


def unbounded_band(count: Floats, mean: Floats, spread: Floats, log_alpha: Floats) -> CountBand:
    """Band of Poisson / negative binomial rows (see `tails`)."""
    mean = np.maximum(mean, 1e-12)

    def log_ratio(k: Floats, row: Rows) -> Floats:
        m, s = mean[row], spread[row]
        return np.log(m * (1.0 + k * s) / ((k + 1.0) * (1.0 + m * s)))

    def tails_of(k: Floats, row: Rows) -> tuple[Floats, Floats]:
        return log_tails_unbounded(k, mean[row], spread[row])

    # Far enough for a band and for the observed tail: what is cut off is below 1e-7 of the tail that is read.
    deviation, scale = np.sqrt(mean + spread * mean * mean), 1.0 + spread * mean
    falling = np.maximum(1.0 - mean * (1.0 + count * spread) / ((count + 1.0) * scale), 1e-12)
    reach = 18.0 * np.minimum(1.0 / falling, deviation + scale)
    end = np.ceil(np.maximum(count + np.where(count > mean, reach, 0.0), mean + 7.0 * deviation + 18.0 * scale))
    return _band(count, end, mean, log_alpha, log_ratio, tails_of)


def _band(
    count: Floats,
    last: Floats,
    centre: Floats,
    log_alpha: Floats,
    log_ratio: Callable[[Floats, Rows], Floats],
    tails_of: Callable[[Floats, Rows], tuple[Floats, Floats]],
) -> CountBand:
    result = CountBand(*(np.zeros(count.size) for _ in range(4)))
    short = last <= LONGEST_SUPPORT
    for rows, compute in ((np.flatnonzero(short), _laid_out), (np.flatnonzero(~short), _searched)):
        if rows.size:
            found = compute(count, last, centre, log_alpha, rows, log_ratio, tails_of)
            for whole, part in zip(vars(result).values(), found, strict=True):
                whole[rows] = part
    return result


def _laid_out(
    count: Floats,
    last: Floats,
    centre: Floats,
    log_alpha: Floats,
    rows: Rows,
    log_ratio: Callable[[Floats, Rows], Floats],
    tails_of: Callable[[Floats, Rows], tuple[Floats, Floats]],
) -> tuple[Floats, Floats, Floats, Floats]:
    lengths = last[rows].astype(np.intp) + 1
    ends = np.cumsum(lengths)
    starts = ends - lengths
    row = np.repeat(np.arange(rows.size), lengths)
    k = np.arange(ends[-1], dtype=np.float64) - starts[row]
    steps = np.zeros(k.size)
    steps[1:] = log_ratio(k[:-1], rows[row[:-1]])
    steps[starts] = 0.0
    logs = np.cumsum(steps)
    logs -= logs[starts][row]
    logs -= np.maximum.reduceat(logs, starts)[row]
    mass = np.exp(logs)
    mass /= np.add.reduceat(mass, starts)[row]
    running = np.cumsum(mass)
    below = running - np.concatenate([[0.0], running[ends[:-1] - 1]])[row]
    alpha = np.exp(log_alpha[rows])[row]
    lower = np.add.reduceat((below < alpha).astype(np.float64), starts)
    upper = lengths - 1.0 - np.add.reduceat((1.0 - below + mass < alpha).astype(np.float64), starts)
    seen = count[rows]
    log_total = np.log(np.add.reduceat(np.exp(logs), starts))
    low_cut = np.clip(np.floor(seen), -1, last[rows]).astype(np.intp)
    high_cut = np.clip(np.ceil(seen), 0, last[rows] + 1).astype(np.intp)
    log_low = _segment_log_sum(logs, starts, starts + low_cut + 1, ends) - log_total
    log_high = _segment_log_sum(logs, starts + high_cut, ends, ends) - log_total
    return np.minimum(log_low, 0.0), np.minimum(log_high, 0.0), np.minimum(lower, lengths - 1.0), np.maximum(upper, 0.0)


def _segment_log_sum(logs: Floats, begin: Rows, end: Rows, guard: Rows) -> Floats:
    """log of the sum of exp(logs[begin:end]) per row, -inf where empty; scaled by each segment's own maximum."""
    empty = begin >= end
    safe_begin = np.where(empty, guard - 1, begin)
    safe_end = np.where(empty, guard, end)
    padded = np.append(logs, -np.inf)
    cuts = np.stack([safe_begin, safe_end], axis=1).ravel()
    top = np.maximum.reduceat(padded, cuts)[::2]
    lengths = safe_end - safe_begin
    offsets = np.cumsum(lengths) - lengths
    row = np.repeat(np.arange(begin.size), lengths)
    inside = np.arange(row.size) - offsets[row]
    values = np.exp(logs[safe_begin[row] + inside] - top[row])
    return np.asarray(np.where(empty, -np.inf, top + np.log(np.add.reduceat(values, offsets))))


def _searched(
    count: Floats,
    last: Floats,
    centre: Floats,
    log_alpha: Floats,
    rows: Rows,
    log_ratio: Callable[[Floats, Rows], Floats],
    tails_of: Callable[[Floats, Rows], tuple[Floats, Floats]],
) -> tuple[Floats, Floats, Floats, Floats]:
    log_low, log_high = tails_of(count[rows], rows)
    wanted = log_alpha[rows]
    floor, ceiling = np.full(rows.size, -1.0), last[rows].copy()
    for _ in range(_SEARCH_STEPS):
        if bool(np.all(ceiling - floor <= 1.0)):
            break
        middle = np.floor((floor + ceiling) / 2.0)
        rare = tails_of(middle, rows)[0] < wanted
        floor, ceiling = np.where(rare, middle, floor), np.where(rare, ceiling, middle)
    lower = ceiling
    floor, ceiling = np.zeros(rows.size), last[rows] + 1.0
    for _ in range(_SEARCH_STEPS):
        if bool(np.all(ceiling - floor <= 1.0)):
            break
        middle = np.floor((floor + ceiling) / 2.0)
        rare = tails_of(middle, rows)[1] < wanted
        floor, ceiling = np.where(rare, floor, middle), np.where(rare, middle, ceiling)
    return log_low, log_high, lower, floor
