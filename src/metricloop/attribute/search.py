"""Greedy search for the slices that moved beyond the rest of the table.

Every round scores all slices of all cuboids, inside against outside, takes the best, asks whether a coarser slice
explains it as well (its other leaves moved alike), removes its leaves and starts again on what is left: a slice is
judged against the rest of its day. It does not say whether the findings explain the change; `verdict` does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from metricloop.attribute.dispersion import Stray, stray_from_sums
from metricloop.attribute.gain import Evidence, Gains, Noise, gains
from metricloop.attribute.leaves import Cuboid, Floats, Ints, add_by


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop. `alpha`: chance of a finding in a table of noise; `least_effect`: relative change beyond the rest;
    `depth_discount`: what is left of the gain per further dimension, so that a finer slice must explain more (not for
    continuous values, where the sums tell); `least_share`: of the whole change, for shares and counts;
    `alike`: a coarser slice takes over if its other leaves moved at least this part as much."""

    alpha: float = 0.05
    least_effect: float = 0.1
    depth_discount: float = 0.85
    least_share: float = 0.02
    alike: float = 0.5
    merge_cover: float = 0.9
    most: int = 10
    lenient: float = 0.4


@dataclass(frozen=True, slots=True)
class Finding:
    """A slice that moved: its cuboid (index), element, own leaves (those no earlier finding has), gain in nats against
    the `threshold` it had to pass, the relative effect, and the best score of an overlapping alternative."""

    cuboid: int
    element: int
    leaves: Ints
    gain: float
    threshold: float
    effect: float
    excess: float
    alternative: float


class _State:
    """Sums per slice over the leaves not yet explained."""

    def __init__(self, evidence: Evidence, cuboids: Sequence[Cuboid], stray: Stray) -> None:
        self.evidence, self.cuboids, self.stray = evidence, cuboids, stray
        self.alive = np.ones(evidence.columns.shape[1], dtype=bool)
        self.sums = [add_by(evidence.columns, cuboid.element, cuboid.size) for cuboid in cuboids]
        self.members = [np.bincount(cuboid.element, minlength=cuboid.size) for cuboid in cuboids]
        self.total: Floats = evidence.columns.sum(axis=1)
        self.change = abs(float(self.total[0] - self.total[1]))
        self.threshold = 0.0
        self.noisy = evidence.noise is not Noise.CONTINUOUS

    def gains_of(self, index: int) -> Gains:
        inside = self.sums[index]
        return gains(self.evidence, inside, self.total[:, None] - inside, self.stray.per_cuboid[index])

    def judged_again(self, finding: Finding) -> Finding:
        """The same finding, compared with the leaves alive."""
        inside = self.evidence.columns[:, finding.leaves].sum(axis=1)[:, None]
        tau2 = float(self.stray.per_cuboid[finding.cuboid][finding.element])
        now = gains(self.evidence, inside, self.total[:, None], tau2)
        return replace(finding, gain=float(now.gain[0]), effect=float(now.effect[0]), excess=float(now.excess[0]))

    def put_back(self, leaves: Ints) -> None:
        self.alive[leaves] = True
        self.total = self.evidence.columns[:, self.alive].sum(axis=1)

    def leaves_of(self, index: int, element: int) -> Ints:
        return np.flatnonzero(self.alive & (self.cuboids[index].element == element)).astype(np.int64)

    def remove(self, leaves: Ints) -> None:
        self.alive[leaves] = False
        part = self.evidence.columns[:, leaves]
        for sums, members, cuboid in zip(self.sums, self.members, self.cuboids, strict=True):
            own = cuboid.element[leaves]
            sums -= add_by(part, own, cuboid.size)
            members -= np.bincount(own, minlength=cuboid.size)
            sums[:, members == 0] = 0.0
        self.total = self.evidence.columns[:, self.alive].sum(axis=1)
        if not self.stray.from_past:
            # What a cause did to its neighbours no longer counts as their usual scatter.
            self.stray = stray_from_sums(self.evidence, self.cuboids, self.sums)


def find(
    evidence: Evidence, cuboids: Sequence[Cuboid], stray: Stray, direction: int, limits: Limits
) -> tuple[Finding, ...]:
    """The findings in the order they were made; `direction` +1 or -1 admits only slices that moved that way, 0 both."""
    state = _State(evidence, cuboids, stray)
    state.threshold = _threshold(state, limits.alpha)
    findings: list[Finding] = []
    while len(findings) < limits.most and state.alive.any():
        best = _best(state, direction, limits)
        if best is None or _is_most(state, best):
            break
        findings.append(best)
        state.remove(best.leaves)
    return merge_siblings(evidence, cuboids, _confirmed(state, findings), limits)


def _is_most(state: _State, best: Finding) -> bool:
    """Whether a weak finding would leave less than half of the volume to be compared with: then it is the rule."""
    weak = best.gain <= best.threshold
    volume = np.abs(state.evidence.columns[1])
    return weak and 2 * float(volume[state.alive].sum() - volume[best.leaves].sum()) < float(volume.sum())


def _threshold(state: _State, alpha: float) -> float:
    """Gain that the best of all healthy slices passes with probability alpha: Bonferroni over the normal tail, by its
    expansion exp(-g) / sqrt(4 pi g); over the bare exp(-g) where the noise is continuous, whose tails nobody knows."""
    tail = math.log(sum(int(np.count_nonzero(members)) for members in state.members) / alpha)
    return tail - 0.5 * math.log(4 * math.pi * tail) if state.noisy else tail


def _confirmed(state: _State, findings: Sequence[Finding]) -> list[Finding]:
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


def _scores(state: _State, index: int, direction: int, limits: Limits) -> tuple[Floats, Gains]:
    """Discounted gains; slices with too small an effect or the wrong direction score 0."""
    found = state.gains_of(index)
    # Beyond the rest and against its own expectation: who stayed as usual while all others improved did not fall.
    fits = np.minimum(found.effect, found.own) >= limits.least_effect
    fits |= np.maximum(found.effect, found.own) <= -limits.least_effect
    if direction:
        fits &= found.effect * direction > 0
    fits &= state.members[index] > 0
    if not state.noisy:
        return np.where(fits, found.gain, 0.0), found
    fits &= np.abs(found.excess) >= limits.least_share * state.change
    return np.where(fits, found.gain * limits.depth_discount ** (state.cuboids[index].depth - 1), 0.0), found


def _best(state: _State, direction: int, limits: Limits) -> Finding | None:
    scored = [_scores(state, index, direction, limits) for index in range(len(state.cuboids))]
    tops = [float(score.max()) for score, _ in scored]
    index = max(range(len(tops)), key=lambda i: round(tops[i], 9))
    element = int(scored[index][0].argmax())
    least = (limits.lenient if state.noisy else 1.0) * state.threshold
    if tops[index] <= least:
        return None
    index, element = _coarsest(state, scored, index, element, limits, least)
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


def _alternative(state: _State, scored: list[tuple[Floats, Gains]], index: int, leaves: Ints) -> float:
    """Best score of another slice that shares leaves with the chosen one."""
    others = [0.0]
    for other, (score, _) in enumerate(scored):
        if other != index:
            others.append(float(score[state.cuboids[other].element[leaves]].max()))
    return max(others)


def _coarsest(
    state: _State, scored: list[tuple[Floats, Gains]], index: int, element: int, limits: Limits, least: float
) -> tuple[int, int]:
    """Climb to a parent while the parent's other leaves moved alike."""
    while state.cuboids[index].depth > 1:
        leaf = int(state.leaves_of(index, element)[0])
        parents = []
        for other, cuboid in enumerate(state.cuboids):
            parent = int(cuboid.element[leaf])
            fits = cuboid.is_parent_of(state.cuboids[index]) and scored[other][0][parent] > least
            if fits and _moved_alike(state, (index, element), (other, parent), scored, limits):
                parents.append((float(scored[other][1].gain[parent]), -other, parent))
        if not parents:
            break
        _, minus, element = max(parents)
        index = -minus
    return index, element


def _moved_alike(
    state: _State,
    child: tuple[int, int],
    parent: tuple[int, int],
    scored: list[tuple[Floats, Gains]],
    limits: Limits,
) -> bool:
    """Whether the parent without the child moved, beyond the leaves outside the parent, at least `alike` as much."""
    whole = state.sums[parent[0]][:, [parent[1]]]
    rest = whole - state.sums[child[0]][:, [child[1]]]
    if state.members[parent[0]][parent[1]] == state.members[child[0]][child[1]]:
        return True
    tau2 = float(state.stray.per_cuboid[child[0]][child[1]])
    moved = gains(state.evidence, rest, state.total[:, None] - whole, tau2)
    effect = float(scored[child[0]][1].effect[child[1]])
    return float(moved.effect[0]) * math.copysign(1, effect) >= limits.alike * abs(effect)


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
