"""From a question to a metric to the readings that answer it: which buckets, of which measures, of which sources.

What adds up is read once, in the finest steps that the question needs, and summed here; what does not is asked for by
each bucket, for no part of it gives the whole. Pure: asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan
from zoneinfo import ZoneInfo

from metricloop.collect.model import Reading
from metricloop.collect.query_words import check_query, measure_of, narrowed
from metricloop.collect.spans import Span, joined, shifted, steps, to_date, to_grain
from metricloop.define.dataset import Agg
from metricloop.define.formula import Formula, parse_formula
from metricloop.define.model import InputMetric, Metric, MetricType
from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import HOUR, Grain, after, buckets, floor

MOST_ROWS = 1_000_000
MOST_BUCKETS = 20_000
_MOST_HOURS = 1_000  # up to so many, hours are read and summed here, even where days are asked for
_MOST_IN_ONE = 400  # buckets in one reading: each stands in the text that is sent


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a metric: buckets of `grain` from the one that holds `start` to the last that begins before `end`.

    by: dimensions to split by; empty is the total. where: a SQL predicate over the metric's dimensions. limit: of
    numbers in the answer; more raise, they are never cut.
    """

    metric: str
    start: datetime
    end: datetime
    grain: Grain
    by: tuple[str, ...] = ()
    where: str | None = None
    limit: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Leaf:
    """One measure over spans of time, which may overlap. adds_up: parts of a span may be summed."""

    dataset: str
    by: tuple[str, ...]
    where: str | None
    measure: str
    adds_up: bool
    empty: float
    spans: tuple[Span, ...]

    @property
    def question(self) -> tuple[object, ...]:
        """Leaves with the same one are read together."""
        return (self.dataset, self.by, self.where, None if self.adds_up else self.spans)


@dataclass(frozen=True, slots=True)
class Quotient:
    """above / below; NaN where below is nothing."""

    above: Leaf
    below: Leaf


@dataclass(frozen=True, slots=True)
class Combination:
    """A formula over other nodes, bucket by bucket."""

    formula: Formula
    inputs: tuple[tuple[str, Node], ...]


Node = Leaf | Quotient | Combination


@dataclass(frozen=True, slots=True)
class Question:
    """Readings that answer all leaves of one kind. Their measures are the same."""

    leaf: tuple[object, ...]
    measures: tuple[str, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read, and what to make of it. spans: of the buckets asked for, oldest first."""

    query: Query
    zone: ZoneInfo
    spans: tuple[Span, ...]
    root: Node
    questions: tuple[Question, ...]

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(reading for question in self.questions for reading in question.readings)


def plan_query(project: Project, query: Query, restriction: str | None = None) -> Plan:
    """Raises InvalidInput where the metric cannot answer; NotFound for a metric that there is not.

    restriction: a predicate over dimensions that the asker may see no row beyond; not looked at further.
    """
    metric = project.metric(query.metric)
    check_query(project, metric, query.by, query.where, query.grain)
    dataset = project.dataset_of(metric)
    zone, week_start = dataset.timezone, dataset.week_start
    first = floor(query.start, query.grain, zone, week_start)
    if query.end <= query.start:
        raise InvalidInput("the range ends before it begins", fix="let from be earlier than to")
    if (query.end - first) / HOUR > MOST_BUCKETS * (1 if query.grain is Grain.HOUR else 24):
        raise InvalidInput(f"the range has more than {MOST_BUCKETS} buckets", fix="ask for a longer grain, or less")
    starts = buckets(first, query.end, query.grain, zone, week_start)
    spans = tuple((at, after(at, query.grain, zone, week_start)) for at in starts)
    asking = _Asking(project, query.by, query.grain, zone, week_start)
    root = asking.node(metric, spans, narrowed(query.where, restriction))
    return Plan(query, zone, spans, root, tuple(_questions(project, list(leaves_of(root)))))


def plan_spans(project: Project, metric: Metric, by: tuple[str, ...], grain: Grain, spans: Sequence[Span]) -> Plan:
    """The plan for exactly these spans, by dimensions that are known to fit: for what is kept, not for people."""
    dataset = project.dataset_of(metric)
    asking = _Asking(project, by, grain, dataset.timezone, dataset.week_start)
    root = asking.node(metric, tuple(spans), None)
    query = Query(metric.name, spans[0][0], spans[-1][1], grain, by)
    return Plan(query, dataset.timezone, tuple(spans), root, tuple(_questions(project, list(leaves_of(root)))))


def leaves_of(node: Node) -> Iterator[Leaf]:
    """All measures that a node reckons with."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Quotient):
        yield from (node.above, node.below)
    else:
        for _, inner in node.inputs:
            yield from leaves_of(inner)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is the same all over one question. Zone and week are those of the metric that was asked for."""

    project: Project
    by: tuple[str, ...]
    grain: Grain
    zone: ZoneInfo
    week_start: int

    def node(self, metric: Metric, spans: tuple[Span, ...], where: str | None) -> Node:
        if metric.type is MetricType.DERIVED:
            formula = parse_formula(metric.expr or "")
            return Combination(formula, tuple((one.alias, self._input(one, spans, where)) for one in metric.inputs))
        if metric.type is MetricType.CUMULATIVE:
            spans = tuple(to_date(span, metric, self.zone, self.week_start) for span in spans)
        above = self._leaf(metric, metric.numerator, spans, where)
        return Quotient(above, self._leaf(metric, metric.denominator, spans, where)) if metric.denominator else above

    def _input(self, one: InputMetric, spans: tuple[Span, ...], where: str | None) -> Node:
        if one.offset is not None:
            moved = tuple(shifted(span, one.offset, self.grain, self.zone, self.week_start) for span in spans)
        elif one.offset_to_grain is not None:
            moved = tuple(to_grain(span, one.offset_to_grain, self.grain, self.zone, self.week_start) for span in spans)
        else:
            moved = spans
        return self.node(self.project.metric(one.name), moved, narrowed(where, one.filter))

    def _leaf(self, metric: Metric, measure: str, spans: tuple[Span, ...], where: str | None) -> Leaf:
        agg = measure_of(self.project.dataset_of(metric), measure).agg
        empty = 0.0 if agg.additive or agg is Agg.COUNT_DISTINCT else nan
        return Leaf(metric.dataset, self.by, where, measure, agg.additive, empty, spans)


def _questions(project: Project, leaves: Sequence[Leaf]) -> Iterator[Question]:
    by_question: dict[tuple[object, ...], list[Leaf]] = {}
    for leaf in leaves:
        by_question.setdefault(leaf.question, []).append(leaf)
    for key, together in by_question.items():
        measures = tuple(dict.fromkeys(leaf.measure for leaf in together))
        spans = [span for leaf in together for span in leaf.spans]
        parts = _added_up(project, together[0], spans) if together[0].adds_up else _split(sorted(set(spans)))
        asked = (_reading(project, together[0], measures, part) for part in parts)
        yield Question(key, measures, tuple(asked))


_Part = tuple[Span, tuple[Span, ...] | None]


def _added_up(project: Project, leaf: Leaf, spans: Sequence[Span]) -> list[_Part]:
    """Hours where they are few, or as long as what is asked for; else steps from one edge of a span to the next."""
    zone = project.datasets[leaf.dataset].timezone
    windows, edges = joined(spans), steps(spans)
    hours = sum((end - start) / HOUR for start, end in windows)
    whole = all(floor(at, Grain.HOUR, zone) == at for window in windows for at in window)
    if whole and all(floor(at, Grain.HOUR, zone) == at for at, _ in edges) and hours <= max(_MOST_HOURS, len(edges)):
        return [(window, None) for window in windows]
    return _split(edges)


def _split(spans: Sequence[Span]) -> list[_Part]:
    parts = [tuple(spans[at : at + _MOST_IN_ONE]) for at in range(0, len(spans), _MOST_IN_ONE)]
    return [((min(start for start, _ in part), max(end for _, end in part)), part) for part in parts]


def _reading(project: Project, leaf: Leaf, measures: tuple[str, ...], part: _Part) -> Reading:
    dataset = project.datasets[leaf.dataset]
    (start, end), spans = part
    source = project.sources[dataset.source]
    return Reading(source, dataset, measures, leaf.by, start, end, MOST_ROWS, where=leaf.where, buckets=spans)
