"""From rows to the numbers that were asked for: sums, quotients, formulas, bucket by bucket and slice by slice.

Sums of nothing are 0 where the slice is there at all; what cannot be told (x / 0, the least of nothing) is NaN. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.collect.columns import RowColumns
from metricloop.collect.model import Row
from metricloop.collect.query_plan import Combination, Leaf, Node, Plan, Question, Quotient
from metricloop.collect.spans import Span
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Floats

Values = tuple[str, ...]
_Steps = tuple[list[Span], Floats]  # spans in order of begin, values [spans, slices, measures]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a metric is: `values` is float64 [buckets, slices], NaN where nobody can tell.

    spans: begin and end of each bucket in UTC, oldest first. slices: dimension values in the order of `by`, by code
    point; without `by` the one empty slice, the total. numerator, denominator: of a ratio, else None.
    """

    metric: str
    grain: Grain
    zone: ZoneInfo
    by: tuple[str, ...]
    spans: tuple[Span, ...]
    slices: tuple[Values, ...]
    values: Floats
    numerator: Floats | None = None
    denominator: Floats | None = None

    def rows(self) -> Iterator[tuple[datetime, Values, float]]:
        """Local begin of the bucket, dimension values, value; by bucket, then by values."""
        for at, (start, _) in enumerate(self.spans):
            local = start.astimezone(self.zone)
            yield from ((local, found, float(self.values[at, i])) for i, found in enumerate(self.slices))


def evaluate(plan: Plan, rows: Sequence[Sequence[Row]]) -> Answer:
    """`rows`: those of `plan.readings`, in their order. Raises InvalidInput when there are too many numbers."""
    by = plan.query.by
    answers = [RowColumns.of(each) for each in rows]
    slices = tuple(sorted({values for each in answers for values in each.slices} | (set() if by else {()})))
    if len(slices) * len(plan.spans) > plan.query.limit:
        problem = f"the answer has more than {plan.query.limit} numbers"
        raise InvalidInput(problem, fix="ask for a longer grain, a shorter range, or fewer dimensions")
    place = {values: at for at, values in enumerate(slices)}
    given = iter(answers)
    found: dict[tuple[object, ...], tuple[Question, _Steps]] = {}
    for question in plan.questions:
        found[question.leaf] = question, _steps_of(question, [next(given) for _ in question.readings], place)
    parts = None
    if isinstance(plan.root, Quotient):
        parts = _leaf(plan.root.above, found), _leaf(plan.root.below, found)
    return Answer(
        metric=plan.query.metric,
        grain=plan.query.grain,
        zone=plan.zone,
        by=by,
        spans=plan.spans,
        slices=slices,
        values=_quotient(*parts) if parts else _node(plan.root, found),
        numerator=parts[0] if parts else None,
        denominator=parts[1] if parts else None,
    )


_Found = Mapping[tuple[object, ...], tuple[Question, _Steps]]


def _steps_of(question: Question, answers: Sequence[RowColumns], place: Mapping[Values, int]) -> _Steps:
    """All rows of a question in one array; NaN where there was none. An hour is named by its begin alone."""
    groups = [[(start, end or start) for start, end in each.places] for each in answers]
    spans = sorted({span for group in groups for span in group})
    row_of = {span: at for at, span in enumerate(spans)}
    values = np.full((len(spans), len(place), len(question.measures)), np.nan)
    for group, each in zip(groups, answers, strict=True):
        if each:
            when = np.array([row_of[span] for span in group], dtype=np.intp)[each.when]
            which = np.array([place[one] for one in each.slices], dtype=np.intp)[each.which]
            values[when, which] = each.measures
    return spans, values


def _node(node: Node, found: _Found) -> Floats:
    if isinstance(node, Leaf):
        return _leaf(node, found)
    if isinstance(node, Quotient):
        return _quotient(_leaf(node.above, found), _leaf(node.below, found))
    return _combined(node, found)


def _combined(node: Combination, found: _Found) -> Floats:
    return node.formula.evaluate({alias: _node(inner, found) for alias, inner in node.inputs})


def _quotient(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below != 0, above / below, np.nan)


def _leaf(leaf: Leaf, found: _Found) -> Floats:
    """One measure over the leaf's spans, [spans, slices]."""
    question, (spans, values) = found[leaf.question]
    column = values[:, :, question.measures.index(leaf.measure)]
    if not leaf.adds_up:
        row_of = {span: at for at, span in enumerate(spans)}
        absent = np.full(column.shape[1], np.nan)
        chosen = np.array([column[row_of[span]] if span in row_of else absent for span in leaf.spans])
        return np.where(np.isnan(chosen), leaf.empty, chosen) if leaf.spans else np.zeros((0, column.shape[1]))
    known = np.where(np.isnan(column), 0.0, column)
    starts = np.array([start.timestamp() for start, _ in spans])
    edges = np.array([[start.timestamp(), end.timestamp()] for start, end in leaf.spans]).reshape(-1, 2)
    first, end = np.searchsorted(starts, edges[:, 0]), np.searchsorted(starts, edges[:, 1])
    sums = [known[a:b].sum(axis=0) for a, b in zip(first, end, strict=True)]
    return np.array(sums).reshape(len(sums), column.shape[1])  # also without any span, or without any slice
