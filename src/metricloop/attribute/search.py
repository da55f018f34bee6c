"""Greedy search for the slices that moved beyond the rest of the table.

Every round scores all slices of all cuboids, inside against outside, takes the best, asks whether a coarser slice
explains it as well (its other leaves moved alike), removes its leaves and starts again on what is left: a slice is
judged against the rest of its day. It does not say whether the findings explain the change; `verdict` does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from metricloop.attribute.depth import coarsest, finest
from metricloop.attribute.dispersion import Stray
from metricloop.attribute.gain import Evidence, Gains, Noise
from metricloop.attribute.leaves import Cuboid, Floats, Ints
from metricloop.attribute.remainder import Finding, Limits, Remainder

__all__ = ["Finding", "Limits", "find", "merge_siblings"]


def find(
    evidence: Evidence, cuboids: Sequence[Cuboid], stray: Stray, direction: int, limits: Limits
) -> tuple[Finding, ...]:
    """The findings in the order they were made; `direction` +1 or -1 admits only slices that moved that way, 0 both."""
    state = Remainder(evidence, cuboids, stray)
    estimated = evidence.noise is Noise.COUNT and bool(evidence.columns[2].any())
    state.threshold = _threshold(state, limits.alpha_estimated if estimated else limits.alpha)
    findings: list[Finding] = []
    while len(findings) < limits.most and state.alive.any():
        best = _best(state, direction, limits)
        if best is None or _is_most(state, best):
            break
        findings.append(best)
        state.remove(best.leaves)
    return merge_siblings(evidence, cuboids, _confirmed(state, findings), limits)


def _is_most(state: Remainder, best: Finding) -> bool:
    """Whether a weak finding would leave less than half of the volume to be compared with: then it is the rule."""
    weak = best.gain <= best.threshold
    volume = np.abs(state.evidence.columns[1])
    return weak and 2 * float(volume[state.alive].sum() - volume[best.leaves].sum()) < float(volume.sum())


def _threshold(state: Remainder, alpha: float) -> float:
    """Gain that the best of all healthy slices passes with probability alpha: Bonferroni over the normal tail, by its
    expansion exp(-g) / sqrt(4 pi g); over the bare exp(-g) where the noise is continuous, whose tails nobody knows."""
    tail = math.log(sum(int(np.count_nonzero(members)) for members in state.members) / alpha)
    return tail - 0.5 * math.log(4 * math.pi * tail) if state.noisy else tail


def _confirmed(state: Remainder, findings: Sequence[Finding]) -> list[Finding]:
    """Findings that pass in full when compared with the leaves outside all of them, the weakest put back first.

    Two causes hide each other in the rest that each is compared with; so they are let in at less than the threshold,
    and judged when both are out.
    """
    kept = list(findings)
    while kept:
        kept = [state.judged_again(finding) for finding in kept]
        weakest = min(kept, key=lambda finding: finding.gain / finding.threshold)
        if weakest.gain > weakest.threshold:
            break
        kept.remove(weakest)
        state.put_back(weakest.leaves)
    return kept


def _best(state: Remainder, direction: int, limits: Limits) -> Finding | None:
    scored = [state.scores(index, direction, limits) for index in range(len(state.cuboids))]
    tops = [float(score.max()) for score, _ in scored]
    index = max(range(len(tops)), key=lambda i: round(tops[i], 9))
    element = int(scored[index][0].argmax())
    least = (limits.lenient if state.noisy else 1.0) * state.threshold
    if tops[index] <= least:
        return None
    index, element = coarsest(state, scored, index, element, limits, least)
    if state.noisy:
        index, element = finest(state, scored, index, element, limits, least)
    leaves = state.leaves_of(index, element)
    found = scored[index][1]
    return Finding(
        cuboid=index,
        element=element,
        leaves=leaves,
        gain=float(found.gain[element]),
        threshold=state.threshold,
        effect=float(found.effect[element]),
        excess=float(found.excess[element]),
        alternative=_alternative(state, scored, index, leaves),
    )


def _alternative(state: Remainder, scored: list[tuple[Floats, Gains]], index: int, leaves: Ints) -> float:
    """Best score of another slice that shares leaves with the chosen one."""
    others = [0.0]
    for other, (score, _) in enumerate(scored):
        if other != index:
            others.append(float(score[state.cuboids[other].element[leaves]].max()))
    return max(others)


def merge_siblings(
    evidence: Evidence, cuboids: Sequence[Cuboid], findings: Sequence[Finding], limits: Limits
) -> tuple[Finding, ...]:
    """Replace findings that together cover a coarser slice almost wholly by that slice."""
    merged = list(findings)
    for other, cuboid in enumerate(cuboids):
        groups: dict[int, list[Finding]] = {}
        for finding in merged:
            if set(cuboid.dimensions) < set(cuboids[finding.cuboid].dimensions):
                groups.setdefault(int(cuboid.element[finding.leaves[0]]), []).append(finding)
        for parent, group in groups.items():
            if len(group) > 1 and _covers(evidence, cuboid, parent, group, limits):
                group += [finding for finding in merged if (finding.cuboid, finding.element) == (other, parent)]
                place = merged.index(group[0])
                merged = [finding for finding in merged if finding not in group]
                merged.insert(place, _union(other, parent, group))
    return tuple(merged)


def _covers(evidence: Evidence, cuboid: Cuboid, parent: int, group: Sequence[Finding], limits: Limits) -> bool:
    size = np.abs(evidence.columns[1])
    inside = sum(float(size[finding.leaves].sum()) for finding in group)
    return inside >= limits.merge_cover * float(size[cuboid.element == parent].sum())


def _union(cuboid: int, element: int, group: Sequence[Finding]) -> Finding:
    first = group[0]
    return Finding(
        cuboid=cuboid,
        element=element,
        leaves=np.concatenate([finding.leaves for finding in group]),
        gain=sum(finding.gain for finding in group),
        threshold=first.threshold,
        effect=first.effect,
        excess=sum(finding.excess for finding in group),
        alternative=max(finding.alternative for finding in group),
    )
