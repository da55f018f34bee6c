"""How deep a finding goes: up to a coarser slice that moved alike, down to a finer one that moved alone."""

from __future__ import annotations

import math

import numpy as np

from metricloop.attribute.gain import Gains, gains
from metricloop.attribute.leaves import Floats
from metricloop.attribute.remainder import Limits, Remainder

Scored = list[tuple[Floats, Gains]]


def coarsest(
    state: Remainder, scored: Scored, index: int, element: int, limits: Limits, least: float
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


def finest(state: Remainder, scored: Scored, index: int, element: int, limits: Limits, least: float) -> tuple[int, int]:
    """Descend to a child while the slice's other leaves clearly did not move with it."""
    while True:
        children = []
        for other, cuboid in enumerate(state.cuboids):
            if state.cuboids[index].is_parent_of(cuboid):
                own = np.unique(cuboid.element[state.leaves_of(index, element)])
                child = int(own[scored[other][0][own].argmax()])
                fits = scored[other][0][child] > least
                if fits and _moved_alone(state, (other, child), (index, element), scored, limits):
                    children.append((float(scored[other][1].gain[child]), -other, child))
        if not children:
            return index, element
        _, minus, element = max(children)
        index = -minus


def _moved_alone(
    state: Remainder,
    child: tuple[int, int],
    parent: tuple[int, int],
    scored: Scored,
    limits: Limits,
) -> bool:
    """Whether the parent without the child stayed with the leaves outside the parent, and clearly behind the child."""
    inside = state.sums[child[0]][:, [child[1]]]
    whole = state.sums[parent[0]][:, [parent[1]]]
    rest = whole - inside
    effect = float(scored[child[0]][1].effect[child[1]])
    moved = gains(state.evidence, rest, state.total[:, None] - whole, 0.0)
    behind = gains(state.evidence, rest, inside, 0.0)
    sign = math.copysign(1, effect)
    small = float(moved.effect[0]) * sign < limits.alone * abs(effect)
    return small and float(behind.effect[0]) * sign < 0 and float(behind.gain[0]) > limits.clear


def _moved_alike(
    state: Remainder,
    child: tuple[int, int],
    parent: tuple[int, int],
    scored: Scored,
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
