"""The answer to "what moved it": verdict, root causes and a waterfall that adds up, from one leaf table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from metricloop.attribute.dispersion import amounts, evidence_of, stray_of
from metricloop.attribute.gain import Evidence
from metricloop.attribute.leaves import Cuboid, LeafTable, cuboids, slice_of
from metricloop.attribute.model import Cause, Part, VerdictKind
from metricloop.attribute.search import Finding, Limits, find
from metricloop.attribute.verdict import confidence_of, explained_part, noise_of, pushes, verdict_of
from metricloop.attribute.waterfall import LeafTerms, leaf_terms, waterfall


@dataclass(frozen=True, slots=True)
class Explanation:
    """`parts` (one per cause, then the rest) add up by math.fsum to `total` = actual - expected; `causes` come by size;
    one that went against the total has no share of it.

    `explained`: the part of the change that is the causes' excess over what all other leaves did alike; may leave
    [0, 1] where slices moved against each other. 0 for a verdict without causes.
    """

    verdict: VerdictKind
    localisable: bool
    causes: tuple[Cause, ...]
    parts: tuple[Part, ...]
    total: float
    explained: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """`share_of_change`: the part of the change that findings must explain beyond the common effect to be called local;
    `share_of_noise`: the least size, in parts of a known total noise, of a slice named while the total is within it;
    `near_zero`: below this part of the gross movement of the parts the total is too small for percentages of it."""

    limits: Limits = field(default_factory=Limits)
    share_of_change: float = 0.1
    share_of_noise: float = 0.05
    near_zero: float = 0.25
    max_depth: int = 5


def explain(
    table: LeafTable, *, total_noise: float | None = None, direction: int = 0, judgement: Judgement | None = None
) -> Explanation:
    """Why the metric differs from its expectation.

    `total_noise`: the change of the total that is still noise, in the metric's unit (half the width of the detector's
    band); without it the common effects of the table's past buckets tell, or the leaves' own noise. `direction`: the
    way the incident went, +1 up or -1 down; 0 takes the total's, or both while the total is within its noise. Where the
    total went the other way it counts as within its noise. Whether the metric is a sum or a ratio is the table's to
    know. ValueError for a ratio without any denominator.

    It does not know causes, only where the change is: a root cause here is evidence until a person confirms it. A slice
    is named even when the total is within its noise, if it alone would be a fair part of a change beyond the noise.
    """
    rules = judgement or Judgement()
    terms = leaf_terms(table)
    found = cuboids(table, rules.max_depth)
    if table.is_ratio and abs(math.fsum(terms.mix.tolist())) > abs(math.fsum(terms.rate.tolist())):
        return _by_volume(table, terms, found, total_noise, rules)
    evidence = evidence_of(table)
    stray = stray_of(table, evidence, found)
    noise = noise_of(table, evidence, stray.per_cuboid) if total_noise is None else total_noise
    # An incident that went against the total cannot be judged by its part of the total's change: there is none of it.
    within = abs(terms.total) <= noise or direction * terms.total < 0
    way = direction or (0 if within else int(math.copysign(1, terms.total)))
    findings = find(evidence, found, stray, way, rules.limits)
    explained = explained_part(table, evidence, findings)
    if within:
        known = total_noise is not None or table.past is not None
        least = rules.share_of_noise * noise if known else 0.0
        findings = tuple(f for f in findings if abs(_value_of(terms, [f])) >= least)
    local = bool(findings) and (within or explained >= rules.share_of_change)
    verdict = verdict_of(local, False, within)
    return _answer(table, terms, found, findings if local else (), verdict, explained if local else 0.0, rules)


def _by_volume(
    table: LeafTable, terms: LeafTerms, found: Sequence[Cuboid], total_noise: float | None, rules: Judgement
) -> Explanation:
    """The same for a ratio that its mix moved: the slices whose volumes shifted and pushed it the way it went."""
    evidence = _volumes(table)
    stray = stray_of(replace(table, past=None), evidence, found)
    rates = evidence_of(table)
    noise = total_noise
    if noise is None:
        noise = noise_of(table, rates, stray_of(table, rates, found).per_cuboid)
    within = abs(terms.total) <= noise
    findings = () if within else find(evidence, found, stray, 0, rules.limits)
    findings = tuple(f for f in findings if pushes(terms, f, rules.share_of_change))
    explained = _value_of(terms, findings) / terms.total if findings else 0.0
    return _answer(table, terms, found, findings, verdict_of(bool(findings), True, within), explained, rules)


def _volumes(table: LeafTable) -> Evidence:
    """Evidence about a ratio's denominators, brought to the same total: only their mix can move the ratio."""
    if table.actual_den is None or table.expected_den is None:
        raise ValueError("volumes: the table has no denominators")
    scale = float(table.actual_den.sum()) / float(table.expected_den.sum())
    return amounts(table.actual_den, table.expected_den * scale, None)


def _value_of(terms: LeafTerms, findings: Sequence[Finding]) -> float:
    return math.fsum(
        math.fsum(terms.rate[f.leaves].tolist()) + math.fsum(terms.mix[f.leaves].tolist()) for f in findings
    )


def _answer(
    table: LeafTable,
    terms: LeafTerms,
    found: Sequence[Cuboid],
    findings: Sequence[Finding],
    verdict: VerdictKind,
    explained: float,
    rules: Judgement,
) -> Explanation:
    sized = sorted(findings, key=lambda f: -abs(_value_of(terms, [f])))
    slices = [(slice_of(table, found[f.cuboid], int(f.leaves[0])), f.leaves) for f in sized]
    parts = waterfall(table, terms, slices)
    gross = math.fsum(abs(part.value) for part in parts)
    sharable = abs(terms.total) > rules.near_zero * gross
    causes = tuple(
        Cause(
            slice=chosen,
            contribution=part.value,
            share=part.value / terms.total if sharable and part.value * terms.total > 0 else None,
            confidence=confidence_of(finding),
            expected=part.expected,
            actual=part.actual,
        )
        for (chosen, _), part, finding in zip(slices, parts, sized, strict=False)
    )
    return Explanation(verdict, bool(causes), causes, parts, terms.total, explained)
