"""The metric tree: a metric, the formula over its drivers, and by how much the formula misses it in the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from metricloop.collect.evaluate import Answer
from metricloop.collect.ports import SourceReader
from metricloop.collect.query import answer
from metricloop.collect.query_plan import Query
from metricloop.collect.query_words import shortest_grain
from metricloop.define.formula import parse_formula
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.define.sight import Sight
from metricloop.kernel.errors import Issue
from metricloop.kernel.grain import Grain, before, floor
from metricloop.kernel.periods import Period
from metricloop.kernel.series import Floats

_BUCKETS = 28
TOLERANCE = 0.001  # a formula that misses by more than a thousandth is no identity


@dataclass(frozen=True, slots=True)
class Identity:
    """How far a formula misses its metric: |formula - metric| / |metric|, of the whole window and of its worst bucket.

    None: no bucket in which both can be told.
    """

    error: float | None = None
    worst: float | None = None
    worst_bucket: datetime | None = None

    @property
    def holds(self) -> bool:
        """Not told is not broken."""
        return self.error is None or self.error <= TOLERANCE


@dataclass(frozen=True, slots=True)
class Node:
    """One metric of a tree. value: of the newest whole bucket, before: of the one compared with; NaN: cannot tell."""

    metric: Metric
    value: float
    before: float
    identity: Identity | None = None
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """bucket and compared: begins of the buckets that values are of."""

    grain: Grain
    bucket: datetime
    compared: datetime
    root: Node


def read_tree(
    reader: SourceReader,
    project: Project,
    metric: Metric,
    now: datetime,
    grain: Grain | None = None,
    sight: Sight | None = None,
) -> Tree:
    """The whole tree below a metric, from the sources. Without a grain: days, or the shortest that all of it has.

    sight: what the asker may see; every metric is narrowed to it. Raises NotPermitted, SourceFailed, InvalidInput.
    """
    names = dict.fromkeys(each.name for each in _all(project, metric, ()))
    finest = max((shortest_grain(project, project.metric(name)) for name in names), key=lambda each: each.rank)
    step = grain or max(finest, Grain.DAY, key=lambda each: each.rank)
    dataset = project.dataset_of(metric)
    end = floor(now, step, dataset.timezone, dataset.week_start)
    unit = step if step.rank > Grain.DAY.rank else Grain.DAY
    start = Period(_BUCKETS, unit).before(end, dataset.timezone)
    answers = {}
    for name in names:
        rows = sight.rows(name) if sight else None
        asked = Query(name, start, end, step)
        answers[name] = answer(reader, project, asked, rows.predicate() if rows else None)
    newest = before(end, step, dataset.timezone, dataset.week_start)
    if step.rank > Grain.DAY.rank:
        compared = before(newest, step, dataset.timezone, dataset.week_start)
    else:
        compared = Period(7, Grain.DAY).before(newest, dataset.timezone)
    return Tree(step, newest, compared, _node(project, metric, answers, newest, compared, ()))


def identity(metric: Metric, answers: dict[str, Answer]) -> Identity | None:
    """How far the drivers' formula misses the metric's own numbers. None: it has no drivers."""
    if metric.drivers is None:
        return None
    own = answers[metric.name]
    formula = parse_formula(metric.drivers)
    values = {name: _aligned(answers[name], own) for name in formula.names}
    return _missed(own, formula.evaluate(values))


def tree_issues(project: Project, tree: Tree) -> Iterator[Issue]:
    """Formulas of drivers that do not give their metric, for `check` and `doctor`."""
    for node in _nodes(tree.root):
        found = node.identity
        if found is None or found.holds or found.error is None or found.worst_bucket is None:
            continue
        zone = project.dataset_of(node.metric).timezone
        day = found.worst_bucket.astimezone(zone).isoformat()
        yield Issue(
            f"metric {node.metric.name}, drivers",
            f"{node.metric.drivers} misses it by {found.error:.2%} over {_BUCKETS} {tree.grain}s, most at {day}",
            "correct the formula, or the metrics that it names",
        )


def _all(project: Project, metric: Metric, above: tuple[str, ...]) -> Iterator[Metric]:
    yield metric
    for name in _drivers(metric, above):
        yield from _all(project, project.metric(name), (*above, metric.name))


def _drivers(metric: Metric, above: tuple[str, ...]) -> tuple[str, ...]:
    """Names in its formula; none where the path has come back to it."""
    return parse_formula(metric.drivers).names if metric.drivers and metric.name not in above else ()


def _node(
    project: Project,
    metric: Metric,
    answers: dict[str, Answer],
    newest: datetime,
    compared: datetime,
    above: tuple[str, ...],
) -> Node:
    own = answers[metric.name]
    row_of = {start: row for row, (start, _) in enumerate(own.spans)}
    value, earlier = (
        float(own.values[row_of[at], 0]) if at in row_of else float("nan") for at in (newest, compared)
    )  # fmt: skip
    names = _drivers(metric, above)
    inner = tuple(
        _node(project, project.metric(name), answers, newest, compared, (*above, metric.name)) for name in names
    )
    return Node(metric, value, earlier, identity(metric, answers) if names else None, inner)


def _aligned(driver: Answer, own: Answer) -> Floats:
    """The driver's total on the metric's buckets, which begin elsewhere in another zone; NaN where it has none."""
    row_of = {start: row for row, (start, _) in enumerate(driver.spans)}
    found = [float(driver.values[row_of[start], 0]) if start in row_of else float("nan") for start, _ in own.spans]
    return np.array(found)


def _missed(own: Answer, formula: Floats) -> Identity:
    total = own.values[:, 0]
    known = np.isfinite(total) & np.isfinite(formula)
    if not known.any():
        return Identity()
    difference, size = np.abs(formula - total)[known], np.abs(total)[known]
    if not size.any():
        return Identity(0.0 if not difference.any() else None)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(size > 0, difference / size, np.where(difference > 0, np.inf, 0.0))
    at = int(np.argmax(relative))
    starts = [start for (start, _), here in zip(own.spans, known.tolist(), strict=True) if here]
    worst = float(relative[at])
    return Identity(float(difference.sum() / size.sum()), worst if np.isfinite(worst) else None, starts[at])


def _nodes(root: Node) -> Iterator[Node]:
    yield root
    for node in root.nodes:
        yield from _nodes(node)
