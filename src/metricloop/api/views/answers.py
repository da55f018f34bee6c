"""Answers to questions, as JSON, CSV and text: the same numbers at every door."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from metricloop.api.schemas.query import AnswerRow, MetricAnswer, MetricTree, TreeNode
from metricloop.api.views.words import finite, local
from metricloop.collect.evaluate import Answer
from metricloop.collect.tree import Node, Tree
from metricloop.define.model import Metric
from metricloop.define.project import Project

MISSING = "–"


def metric_answer(answer: Answer, metric: Metric) -> MetricAnswer:
    """All rows; what nobody can tell is null."""
    return MetricAnswer(
        metric=answer.metric,
        grain=answer.grain.value,
        timezone=answer.zone.key,
        unit=metric.governance.unit,
        currency=metric.governance.currency,
        by=list(answer.by),
        rows=list(_rows(answer)),
    )


def _rows(answer: Answer) -> Iterator[AnswerRow]:
    top, bottom = answer.numerator, answer.denominator
    for at, (start, end) in enumerate(answer.spans):
        begin, stop = start.astimezone(answer.zone), end.astimezone(answer.zone)
        for column, values in enumerate(answer.slices):
            yield AnswerRow(
                bucket=begin,
                end=stop,
                slice=dict(zip(answer.by, values, strict=True)),
                value=finite(answer.values[at, column]),
                numerator=None if top is None else finite(top[at, column]),
                denominator=None if bottom is None else finite(bottom[at, column]),
            )


def metric_tree(tree: Tree, project: Project) -> MetricTree:
    """The tree, times in the metric's zone."""
    zone = project.dataset_of(tree.root.metric).timezone
    return MetricTree(
        grain=tree.grain.value,
        timezone=zone.key,
        bucket=tree.bucket.astimezone(zone),
        compared=tree.compared.astimezone(zone),
        root=_tree_node(tree.root),
    )


def _tree_node(node: Node) -> TreeNode:
    found = node.identity
    return TreeNode(
        metric=node.metric.name,
        label=local(node.metric.label),
        unit=node.metric.governance.unit,
        value=finite(node.value),
        before=finite(node.before),
        drivers=node.metric.drivers,
        error=found.error if found else None,
        worst=found.worst if found else None,
        worst_bucket=found.worst_bucket if found else None,
        nodes=[_tree_node(inner) for inner in node.nodes],
    )


def header(answer: Answer) -> list[str]:
    """Names of the columns of a table: bucket, dimensions, the metric; of a ratio its two sides, too."""
    sides = ["numerator", "denominator"] if answer.numerator is not None else []
    return ["bucket", *answer.by, answer.metric, *sides]


def lines(answer: Answer, missing: str = "") -> Iterator[list[str]]:
    """Rows of a table, as text."""
    sides = [one for one in (answer.numerator, answer.denominator) if one is not None]
    for at, (start, _) in enumerate(answer.spans):
        begin = start.astimezone(answer.zone).isoformat()
        for column, values in enumerate(answer.slices):
            numbers = [float(matrix[at, column]) for matrix in (answer.values, *sides)]
            yield [begin, *values, *(number(one, missing) for one in numbers)]


def number(value: float, missing: str = "") -> str:
    """As few digits as give the same float64 back; a whole number has no point."""
    if value != value:
        return missing
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def as_csv(answer: Answer) -> str:
    """RFC 4180 with line feeds; what nobody can tell is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header(answer))
    writer.writerows(lines(answer))
    return text.getvalue()
