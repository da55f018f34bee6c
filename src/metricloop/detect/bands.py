"""Tails and band of many counts at once: the verdict and the band are read from one and the same distribution.

For each row the mass function is laid out from the ratio of neighbouring terms (no log-gamma) over every count that
matters, all rows end to end in one flat array, and normalised by its own sum. The observed tails and the band at
a wanted tail probability come from the same numbers, so that "outside the band" and "tail smaller than wanted" are one
statement. Rows with more than `LONGEST_LAYOUT` such counts use the tails of `tails` and a bracketed search instead
(band within a thousandth of the wanted tail; some milliseconds a step).

The band is in counts: `lower` is the smallest, `upper` the largest count that is not surprising.
Does not do: bands of rates (divide by the trials), gates (minimum effect, minimum denominator).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metricloop.detect.tails import log_tails_bounded, log_tails_unbounded, support_end
from metricloop.kernel.series import Floats

LONGEST_LAYOUT = 8192.0
_WHOLE_LAYOUT = 64.0
_SEARCH_STEPS = 60
_SEARCH_TOLERANCE = 5e-4
_NO_UNDERFLOW = 1e-200

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class CountBand:
    """Per row: log P(Y <= count), log P(Y >= count), and the smallest and largest unsurprising count."""

    log_lower_tail: Floats
    log_upper_tail: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class _Law:
    """One row each: where the mass lies (first .. last is laid out, 0 .. end is possible), term ratios, exact tails."""

    centre: Floats
    first: Floats
    last: Floats
    end: Floats
    log_ratio: Callable[[Floats, Rows], Floats]
    tails: Callable[[Floats, Rows], tuple[Floats, Floats]]


def bounded_band(count: Floats, trials: Floats, rate: Floats, spread: Floats, log_alpha: Floats) -> CountBand:
    """Band of binomial / beta-binomial rows (see `tails`). log_alpha: [2, rows], of the lower and upper tail."""
    n, p = np.floor(trials), np.clip(rate, 1e-12, 1.0 - 1e-12)
    q = 1.0 - p

    def log_ratio(k: Floats, row: Rows) -> Floats:
        s, left = spread[row], n[row] - k
        up, down = left * (p[row] + k * s), (k + 1.0) * (q[row] + (left - 1.0) * s)
        return np.log(np.maximum(up, 1e-300) / np.maximum(down, 1e-300))

    def tails_of(k: Floats, row: Rows) -> tuple[Floats, Floats]:
        return log_tails_bounded(k, n[row], p[row], spread[row])

    deviation = np.sqrt(n * p * q * (1.0 + (n - 1.0) * spread / (1.0 + spread)))
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = count * (q + (n - count) * spread) / ((n - count + 1.0) * (p + (count - 1.0) * spread))
        falling = (n - count) * (p + count * spread) / ((count + 1.0) * (q + (n - count - 1.0) * spread))
    first = _reach(count, n * p, deviation, 1.0 + n * q * spread, rising, -1.0)
    last = _reach(count, n * p, deviation, 1.0 + n * p * spread, falling, 1.0)
    small = n <= _WHOLE_LAYOUT
    first, last = np.where(small, 0.0, np.maximum(first, 0.0)), np.where(small, n, np.minimum(last, n))
    return _band(count, _Law(n * p, first, last, n, log_ratio, tails_of), log_alpha)


def unbounded_band(count: Floats, mean: Floats, spread: Floats, log_alpha: Floats) -> CountBand:
    """Band of Poisson / negative binomial rows (see `tails`). log_alpha: [2, rows], of the lower and upper tail."""
    mean = np.maximum(mean, 1e-12)
    scale = 1.0 + spread * mean
    factor = mean / scale

    def log_ratio(k: Floats, row: Rows) -> Floats:
        return np.log(factor[row] * (1.0 + k * spread[row]) / (k + 1.0))

    def tails_of(k: Floats, row: Rows) -> tuple[Floats, Floats]:
        return log_tails_unbounded(k, mean[row], spread[row])

    deviation = np.sqrt(mean * scale)
    rising = count / (factor * np.maximum(1.0 + (count - 1.0) * spread, 1e-12))
    falling = factor * (1.0 + count * spread) / (count + 1.0)
    first = np.maximum(_reach(count, mean, deviation, np.ones_like(mean), rising, -1.0), 0.0)
    last = _reach(count, mean, deviation, scale, falling, 1.0)
    return _band(count, _Law(mean, first, last, support_end(count, mean, spread), log_ratio, tails_of), log_alpha)


def _reach(count: Floats, centre: Floats, deviation: Floats, scale: Floats, ratio: Floats, sign: float) -> Floats:
    """How far out to lay the law, above (sign 1) or below (-1): for a band, and for the tail of the observed count.

    What is cut off is below 1e-7 of any tail that is read: 18 decay lengths, by the term ratio where the count stands.
    """
    decay = np.where(ratio < 1.0, 1.0 / np.maximum(1.0 - ratio, 1e-12), np.inf)
    beyond = np.where(sign * (count - centre) > 0, 18.0 * np.minimum(decay, deviation + scale), 0.0)
    for_band = sign * centre + 7.0 * deviation + 18.0 * scale
    return np.asarray(sign * np.ceil(np.maximum(for_band, sign * count + beyond)))


def _band(count: Floats, law: _Law, log_alpha: Floats) -> CountBand:
    result = CountBand(*(np.zeros(count.size) for _ in range(4)))
    short = law.last - law.first <= LONGEST_LAYOUT
    for rows, compute in ((np.flatnonzero(short), _laid_out), (np.flatnonzero(~short), _searched)):
        if rows.size:
            found = compute(count[rows], law, log_alpha[:, rows], rows)
            for whole, part in zip(vars(result).values(), found, strict=True):
                whole[rows] = part
    return result


def _laid_out(count: Floats, law: _Law, log_alpha: Floats, rows: Rows) -> tuple[Floats, Floats, Floats, Floats]:
    first, last = law.first[rows], law.last[rows]
    lengths = (last - first).astype(np.intp) + 1
    ends = np.cumsum(lengths)
    starts = ends - lengths
    row = np.repeat(np.arange(rows.size), lengths)
    k = np.arange(ends[-1], dtype=np.float64) + (first - starts)[row]
    logs = np.zeros(k.size)
    logs[1:] = law.log_ratio(k[:-1], rows[row[:-1]])
    logs[starts] = 0.0
    np.cumsum(logs, out=logs)
    logs -= np.maximum.reduceat(logs, starts)[row]
    mass = np.exp(logs)
    totals = np.add.reduceat(mass, starts)
    mass /= totals[row]
    running = np.cumsum(mass)
    below = running - np.concatenate([[0.0], running[ends[:-1] - 1]])[row]
    alpha = np.exp(log_alpha)[:, row]
    lower = first + np.add.reduceat((below < alpha[0]).astype(np.float64), starts)
    upper = last - np.add.reduceat((1.0 - below + mass < alpha[1]).astype(np.float64), starts)
    low_end = starts + (np.clip(np.floor(count), first - 1, last) - first).astype(np.intp) + 1
    high_start = starts + (np.clip(np.ceil(count), first, last + 1) - first).astype(np.intp)
    log_low = _log_sum(mass, logs, totals, starts, low_end)
    log_high = _log_sum(mass, logs, totals, high_start, ends)
    return np.minimum(log_low, 0.0), np.minimum(log_high, 0.0), np.minimum(lower, last), np.maximum(upper, first)


def _log_sum(mass: Floats, logs: Floats, totals: Floats, begin: Rows, end: Rows) -> Floats:
    """log of the sum of mass[begin:end] per row, -inf where empty; by logarithms where the masses underflow."""
    cuts = np.stack([begin, end], axis=1).ravel()
    sums = np.where(begin < end, np.add.reduceat(np.append(mass, 0.0), cuts)[::2], 0.0)
    with np.errstate(divide="ignore"):
        result = np.log(sums)
    for i in np.flatnonzero((sums < _NO_UNDERFLOW) & (begin < end)):
        part = logs[begin[i] : end[i]]
        top = part.max()
        result[i] = top + np.log(np.exp(part - top).sum()) - np.log(totals[i])
    return np.asarray(result)


def _searched(count: Floats, law: _Law, log_alpha: Floats, rows: Rows) -> tuple[Floats, Floats, Floats, Floats]:
    log_low, log_high = law.tails(count, rows)
    low_alpha, high_alpha = log_alpha
    centre = law.centre[rows]
    lower = _edge(lambda k, some: law.tails(k, rows[some])[0], centre, np.full(rows.size, -1.0), low_alpha)
    upper = _edge(lambda k, some: law.tails(k, rows[some])[1], centre, law.end[rows] + 1.0, high_alpha)
    # The search stops within a thousandth; the observed count's own tail has the last word, so band and verdict agree.
    lower = np.where(log_low < low_alpha, np.maximum(lower, count + 1.0), np.minimum(lower, count))
    upper = np.where(log_high < high_alpha, np.minimum(upper, count - 1.0), np.maximum(upper, count))
    return log_low, log_high, lower, upper


def _edge(log_tail: Callable[[Floats, Rows], Floats], inner: Floats, outer: Floats, wanted: Floats) -> Floats:
    """The outermost count whose tail is not below `wanted`, between the usual `inner` and the impossible `outer`.

    Regula falsi (Illinois) on the square root of -log tail, which is nearly straight in the count.
    """
    goal = np.sqrt(-wanted)
    good, bad = np.round(inner), outer.copy()
    at_good, at_bad, last_move, missed = -goal, 4.0 * goal, np.zeros(goal.size), goal.copy()
    for _ in range(_SEARCH_STEPS):
        some = np.flatnonzero((np.abs(bad - good) > 1.0) & (missed * goal > _SEARCH_TOLERANCE))
        if some.size == 0:
            break
        near, far = good[some], bad[some]
        step = np.round(at_good[some] / (at_good[some] - at_bad[some]) * np.abs(far - near))
        middle = near + np.sign(far - near) * np.clip(step, 1.0, np.abs(far - near) - 1.0)
        height = np.sqrt(np.maximum(-log_tail(middle, some), 0.0)) - goal[some]
        move = np.where(height * goal[some] > _SEARCH_TOLERANCE, 1.0, -1.0)
        over, damped = move > 0, np.where(move == last_move[some], 0.5, 1.0)
        good[some], bad[some] = np.where(over, near, middle), np.where(over, middle, far)
        at_good[some] = np.where(over, damped * at_good[some], np.minimum(height, -1e-9))
        at_bad[some] = np.where(over, height, damped * at_bad[some])
        missed[some] = np.where(over, missed[some], np.abs(height))
        last_move[some] = move
    return good
