"""What the findings of a search amount to: is it local, a shift of volumes, everything alike, or noise?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from metricloop.attribute.gain import Evidence, Noise, common_factor, common_shift
from metricloop.attribute.leaves import Floats, LeafTable
from metricloop.attribute.model import VerdictKind
from metricloop.attribute.search import Finding
from metricloop.attribute.waterfall import LeafTerms

_SIGMAS = 2.0  # common effects within this many robust standard deviations of the past ones are noise


def verdict_of(local: bool, by_volume: bool, within: bool) -> VerdictKind:
    """`local`: findings explain a fair part of the change; `by_volume`: volumes, not rates, moved a ratio;
    `within`: the total's change is within its noise."""
    if local:
        return VerdictKind.MIX if by_volume else VerdictKind.LOCAL
    if within:
        return VerdictKind.NONE
    return VerdictKind.MIX if by_volume else VerdictKind.GLOBAL


def noise_of(table: LeafTable, evidence: Evidence, stray: Sequence[Floats]) -> float:
    """The change of the total that is still noise, in the metric's unit: from the spread of the past common effects,
    else from the leaves' own noise, which knows nothing of an error that all leaves' expectations share."""
    columns = evidence.columns.sum(axis=1)[:, None]
    if table.past is not None and len(table.past.shift) > 3:
        spread = 1.4826 * float(np.median(np.abs(table.past.shift - np.median(table.past.shift))))
    elif evidence.noise is Noise.CONTINUOUS:
        spread = 1 / math.sqrt(max(float(columns[1, 0]), 1e-300))
    else:
        spread = math.sqrt(float(np.median(stray[0])) + 1 / max(_variance(evidence, columns), 1e-9))
    expected = float(columns[2 if evidence.noise is Noise.CONTINUOUS else 1, 0])
    whole = 1.0 if table.actual_den is None else max(float(table.actual_den.sum()), 1e-300)
    if evidence.noise is Noise.SHARE:
        rate = expected / max(float(columns[2, 0]), 1e-300)
        return _SIGMAS * spread * rate * (1 - rate)
    return _SIGMAS * spread * abs(expected) / whole


def common_effect(evidence: Evidence, columns: Floats) -> float:
    """The effect that all of `columns` [3, 1] have in common, on the log scale (log odds for a share)."""
    if evidence.noise is Noise.SHARE:
        return float(common_shift(columns)[0])
    if evidence.noise is Noise.COUNT:
        return math.log(max(float(common_factor(columns)[0]), 1e-9))
    return float(columns[0, 0]) / max(float(columns[1, 0]), 1e-300)


def _variance(evidence: Evidence, columns: Floats) -> float:
    _, expected, trials = (float(column[0]) for column in columns)
    if evidence.noise is Noise.SHARE:
        return expected * (1 - expected / max(trials, 1e-300))
    return expected / evidence.unit


def explained_part(table: LeafTable, evidence: Evidence, findings: Sequence[Finding]) -> float:
    """The part of the change that is the findings' excess over the common effect of all other leaves."""
    if not findings:
        return 0.0
    own = np.zeros(table.size, dtype=bool)
    for finding in findings:
        own[finding.leaves] = True
    expected = evidence.columns[2 if evidence.noise is Noise.CONTINUOUS else 1]
    change = float((table.actual - expected).sum())
    beyond = table.actual - _with_common_effect(evidence, expected, table.actual, ~own)
    # Rounding leaves some 1e-16 of the volume where nothing changed: no part of that can be explained.
    return float(beyond[own].sum()) / change if abs(change) > 1e-9 * float(np.abs(expected).sum()) else 0.0


def _with_common_effect(evidence: Evidence, expected: Floats, seen: Floats, others: NDArray[np.bool_]) -> Floats:
    """What each leaf would have been had it moved as the `others` did together."""
    if evidence.noise is not Noise.SHARE:
        below = float(expected[others].sum())
        return expected * (float(seen[others].sum()) / below if below > 0 else 1.0)
    shift = common_effect(evidence, evidence.columns[:, others].sum(axis=1)[:, None])
    trials = evidence.columns[2]
    rate = np.clip(expected / np.maximum(trials, 1e-12), 1e-9, 1 - 1e-9)
    return np.asarray(trials / (1 + (1 - rate) / rate * math.exp(-shift)), dtype=np.float64)


def pushes(terms: LeafTerms, finding: Finding, least: float) -> bool:
    """Whether a shift of volumes moved the ratio the way it went, by at least the part `least` of the change."""
    value = math.fsum(terms.rate[finding.leaves].tolist()) + math.fsum(terms.mix[finding.leaves].tolist())
    return value * terms.total > 0 and abs(value) >= least * abs(terms.total)


def confidence_of(finding: Finding) -> float:
    """The margins over the threshold and over the best overlapping alternative, in [0, 1]. Not a probability: nothing
    calibrates it yet."""
    over = 1 - math.exp(-finding.gain / finding.threshold)
    margin = max(0.0, 1 - finding.alternative / finding.gain) if finding.gain > 0 else 0.0
    return round(over * (0.5 + 0.5 * min(1.0, 4 * margin)), 6)
