"""Buckets of metrics whose hours do not add up: which are to be read, and their numbers from the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import numpy as np

from metricloop.collect.evaluate import Answer, evaluate
from metricloop.collect.kept import bucket_key
from metricloop.collect.model import Reading, Row
from metricloop.collect.query_plan import leaves_of, plan_spans
from metricloop.collect.spans import Span
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.kernel.grain import Grain, after, buckets
from metricloop.kernel.series import Floats, Panel
from metricloop.kernel.slices import TOTAL, Slice


class BucketReader(Protocol):
    """Reads a source. Raises SourceFailed."""

    def read(self, reading: Reading) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Buckets of one metric and grain to be read. kept: from when to when there are some already."""

    metric: Metric
    grain: Grain
    kept: Span | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class BucketsKept:
    """What was read, and the name under which it is kept."""

    key: str
    panel: Panel


def closed_buckets(
    project: Project, metric: Metric, grain: Grain, since: datetime, until: datetime, kept: Span | None = None
) -> Wanted:
    """The whole buckets from `since` to `until`; none when nothing has closed."""
    dataset = project.dataset_of(metric)
    zone, week_start = dataset.timezone, dataset.week_start
    spans = [(at, after(at, grain, zone, week_start)) for at in buckets(since, until, grain, zone, week_start)]
    return Wanted(metric, grain, kept, tuple(span for span in spans if span[1] <= until))


def touched(project: Project, wanted: Wanted, start: datetime, end: datetime) -> Wanted:
    """Of the buckets that are kept those whose numbers reach into [start, end): a rolling window, an offset, too."""
    if wanted.kept is None:
        return wanted
    found = closed_buckets(project, wanted.metric, wanted.grain, *wanted.kept, wanted.kept)
    if not found.spans:
        return found
    leaves = list(leaves_of(plan_spans(project, wanted.metric, (), wanted.grain, found.spans).root))
    reached = [
        span
        for at, span in enumerate(found.spans)
        if any(leaf.spans[at][0] < end and start < leaf.spans[at][1] for leaf in leaves)
    ]
    return replace(found, spans=tuple(reached))


def read_buckets(reader: BucketReader, project: Project, wanted: Wanted, at: datetime) -> BucketsKept:
    """The total and every value of every dimension, one question each. Raises SourceFailed; writes nothing.

    numerator and denominator where the metric has both; otherwise the value, and 1. A slice of which nothing can be
    told in a bucket has NaN there. Where nothing is kept yet, it begins with the first bucket in which anything was:
    before it was no business, which is not a zero.
    """
    groupings = [(), *((name,) for name in wanted.metric.dimensions)]
    answers = [_answered(reader, project, wanted, by) for by in groupings]
    slices = [Slice.of(zip(one.by, values, strict=True)) for one in answers for values in one.slices]
    slices.sort(key=lambda one: (one != TOTAL, one))
    place = {one: column for column, one in enumerate(slices)}
    shape = (len(wanted.spans), len(slices))
    numerator, denominator = np.full(shape, np.nan), np.zeros(shape)
    for one in answers:
        columns = [place[Slice.of(zip(one.by, values, strict=True))] for values in one.slices]
        above, below = _sides(one)
        numerator[:, columns], denominator[:, columns] = above, below
    starts = tuple(start for start, _ in wanted.spans)
    panel = Panel(tuple(slices), starts, numerator, denominator, (at,) * len(starts))
    whole = panel if wanted.kept else _without_lead(panel)
    return BucketsKept(bucket_key(wanted.metric.name, wanted.grain), whole)


def _without_lead(panel: Panel) -> Panel:
    busy = np.flatnonzero(np.nan_to_num(panel.numerator).any(axis=1))
    first = int(busy[0]) if busy.size else len(panel.starts)
    rest = panel.numerator[first:], panel.denominator[first:], panel.collected_at[first:]
    return Panel(panel.slices, panel.starts[first:], *rest)


def _answered(reader: BucketReader, project: Project, wanted: Wanted, by: tuple[str, ...]) -> Answer:
    plan = plan_spans(project, wanted.metric, by, wanted.grain, wanted.spans)
    return evaluate(plan, [reader.read(reading) for reading in plan.readings])


def _sides(answer: Answer) -> tuple[Floats, Floats]:
    if answer.numerator is not None and answer.denominator is not None:
        return answer.numerator, answer.denominator
    return answer.values, np.ones_like(answer.values)
