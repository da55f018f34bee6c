"""When the search names nothing, but the detector has: the slices that it found to be off against the rest.

The detector's verdict has the better evidence (each slice's own long past, and the common effect of its very bucket);
the search sees one window. Where a person is told that Chicago is off, "nothing explains it" would be no answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metricloop.attribute.explain import Explanation
from metricloop.attribute.leaves import Ints, LeafTable
from metricloop.attribute.model import Cause, VerdictKind
from metricloop.attribute.waterfall import leaf_terms, waterfall
from metricloop.kernel.slices import Slice

_NEAR_ZERO = 0.25
_MOST = 4


@dataclass(frozen=True, slots=True)
class Suspect:
    """A slice that a detector found anomalous; `score` is its anomaly's peak, used as confidence."""

    slice: Slice
    score: float


def explain_by_suspects(table: LeafTable, suspects: Sequence[Suspect]) -> Explanation | None:
    """The exact waterfall over the suspects' slices, strongest first, at most four; None when none is in the table.

    Does not ask whether they explain the change of the whole: only that they, not everybody, left their band.
    """
    ranked = sorted({s.slice: s for s in sorted(suspects, key=lambda s: s.score)}.values(), key=lambda s: -s.score)
    cut = [(suspect, leaves) for suspect in ranked if (leaves := leaves_in(table, suspect.slice)).size][:_MOST]
    if not cut:
        return None
    terms = leaf_terms(table)
    parts = waterfall(table, terms, [(suspect.slice, leaves) for suspect, leaves in cut])
    sharable = abs(terms.total) > _NEAR_ZERO * math.fsum(abs(part.value) for part in parts)
    causes = tuple(
        Cause(
            slice=suspect.slice,
            contribution=part.value,
            share=part.value / terms.total if sharable and part.value * terms.total > 0 else None,
            confidence=suspect.score,
            expected=part.expected,
            actual=part.actual,
        )
        for (suspect, _), part in zip(cut, parts, strict=False)
    )
    return Explanation(VerdictKind.LOCAL, True, causes, parts, terms.total, 0.0)


def leaves_in(table: LeafTable, wanted: Slice) -> Ints:
    """Rows of the table that lie in a slice; none where it names a dimension or value that the table lacks."""
    inside = np.ones(table.size, dtype=bool)
    for dimension, value in wanted.pairs:
        if dimension not in table.dimensions:
            return np.zeros(0, dtype=np.int64)
        column = table.dimensions.index(dimension)
        known = table.values[column]
        inside &= table.codes[:, column] == (known.index(value) if value in known else -1)
    return np.flatnonzero(inside).astype(np.int64)
