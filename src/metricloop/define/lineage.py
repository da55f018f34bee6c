"""Where a metric comes from, and what stands on it: columns, measures; derived metrics, monitors, playbooks. Pure.

An arrow goes the way the data go: from what is read to what is made of it. Of a dataset that is one SELECT the columns
are those of its result; what lies behind them in the source is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from metricloop.define.dataset import Dataset, Measure
from metricloop.define.impact import tree_names
from metricloop.define.makings import standing_on
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.define.sql_expressions import check_expression, check_predicate


class Role(StrEnum):
    """What a node is, in the order in which data flow."""

    SOURCE = "source"
    DATASET = "dataset"
    COLUMN = "column"
    MEASURE = "measure"
    METRIC = "metric"
    MONITOR = "monitor"
    PLAYBOOK = "playbook"


class Relation(StrEnum):
    """What an arrow means: is read, counts, filters, splits, is made of, drives (in a tree), watches, handles."""

    READ = "read"
    COUNTED = "counted"
    FILTERED = "filtered"
    SPLIT = "split"
    PART = "part"
    DRIVES = "drives"
    WATCHED = "watched"
    HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Node:
    """`id` is unique in its graph (`measure orders.paid`); `name` is what it is called where it stands."""

    id: str
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Edge:
    """From what is read to what is made of it; ids of nodes."""

    start: str
    end: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Lineage:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def lineage(project: Project, name: str) -> Lineage:
    """Everything the metric is made of, and everything that stands on it. Raises NotFound."""
    metric = project.metric(name)
    graph = _Graph()
    above = [project.metrics[each] for each in standing_on(project, name)]
    for one in (metric, *_inputs(project, metric)):
        _origin(graph, project, one)
    for one in above:
        graph.node(Role.METRIC, one.name)
        for given in one.inputs:
            if graph.has(Role.METRIC, given.name):
                graph.edge((Role.METRIC, given.name), (Role.METRIC, one.name), Relation.PART)
    _trees(graph, project, metric)
    _watchers(graph, project, (metric, *above))
    return graph.lineage()


class _Graph:
    """Nodes and edges in the order in which they were met, each once."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._edges: dict[Edge, None] = {}

    def node(self, role: Role, path: str, name: str | None = None) -> None:
        self._nodes.setdefault(f"{role} {path}", Node(f"{role} {path}", role, name or path))

    def has(self, role: Role, path: str) -> bool:
        return f"{role} {path}" in self._nodes

    def edge(self, start: tuple[Role, str], end: tuple[Role, str], relation: Relation) -> None:
        self._edges.setdefault(Edge(f"{start[0]} {start[1]}", f"{end[0]} {end[1]}", relation))

    def lineage(self) -> Lineage:
        order = list(Role)
        nodes = sorted(self._nodes.values(), key=lambda node: (order.index(node.role), node.id))
        return Lineage(tuple(nodes), tuple(self._edges))


def _inputs(project: Project, metric: Metric) -> Iterable[Metric]:
    """Metrics that a derived one reckons with, and theirs."""
    found: dict[str, Metric] = {}
    waiting = [metric]
    while waiting:
        for each in waiting.pop().inputs:
            if each.name in project.metrics and each.name not in found:
                found[each.name] = project.metrics[each.name]
                waiting.append(found[each.name])
    return found.values()


def _origin(graph: _Graph, project: Project, metric: Metric) -> None:
    graph.node(Role.METRIC, metric.name)
    for each in metric.inputs:
        graph.edge((Role.METRIC, each.name), (Role.METRIC, metric.name), Relation.PART)
    dataset = project.datasets.get(metric.dataset)
    if metric.inputs or dataset is None:
        return
    graph.node(Role.SOURCE, dataset.source)
    graph.node(Role.DATASET, dataset.name)
    graph.edge((Role.SOURCE, dataset.source), (Role.DATASET, dataset.name), Relation.READ)
    for name in (metric.numerator, metric.denominator):
        measure = dataset.measure(name) if name else None
        if measure is not None:
            _measure(graph, dataset, measure)
            graph.edge((Role.MEASURE, f"{dataset.name}.{measure.name}"), (Role.METRIC, metric.name), Relation.PART)
    for dimension in metric.dimensions:
        for column in _behind(dataset, dimension):
            _column(graph, dataset, column)
            graph.edge((Role.COLUMN, f"{dataset.name}.{column}"), (Role.METRIC, metric.name), Relation.SPLIT)


def _measure(graph: _Graph, dataset: Dataset, measure: Measure) -> None:
    path = f"{dataset.name}.{measure.name}"
    graph.node(Role.MEASURE, path, measure.name)
    counted = () if measure.expr in ("1", "*") else check_expression(measure.expr)
    for column in sorted(counted):
        _column(graph, dataset, column)
        graph.edge((Role.COLUMN, f"{dataset.name}.{column}"), (Role.MEASURE, path), Relation.COUNTED)
    for name in sorted(check_predicate(measure.filter)) if measure.filter else ():
        for column in _behind(dataset, name) or (name,):
            _column(graph, dataset, column)
            graph.edge((Role.COLUMN, f"{dataset.name}.{column}"), (Role.MEASURE, path), Relation.FILTERED)
    if not counted:
        graph.edge((Role.DATASET, dataset.name), (Role.MEASURE, path), Relation.COUNTED)


def _behind(dataset: Dataset, name: str) -> tuple[str, ...]:
    """Columns behind a dimension; that of a joined table is written `stores.region`."""
    found = dataset.dimension(name)
    if found is None:
        return ()
    if found.expr is not None:
        return tuple(sorted(check_expression(found.expr)))
    join = dataset.join(found.join) if found.join else None
    return (f"{join.table}.{found.column or name}" if join else found.column or name,)


def _column(graph: _Graph, dataset: Dataset, column: str) -> None:
    graph.node(Role.COLUMN, f"{dataset.name}.{column}", column)
    graph.edge((Role.DATASET, dataset.name), (Role.COLUMN, f"{dataset.name}.{column}"), Relation.READ)


def _trees(graph: _Graph, project: Project, metric: Metric) -> None:
    """What drives the metric, and what it drives."""
    for name in tree_names(metric):
        graph.node(Role.METRIC, name)
        graph.edge((Role.METRIC, name), (Role.METRIC, metric.name), Relation.DRIVES)
    for other in project.metrics.values():
        if metric.name in tree_names(other):
            graph.node(Role.METRIC, other.name)
            graph.edge((Role.METRIC, metric.name), (Role.METRIC, other.name), Relation.DRIVES)


def _watchers(graph: _Graph, project: Project, metrics: Iterable[Metric]) -> None:
    names = [metric.name for metric in metrics]
    for monitor in project.monitors.values():
        if monitor.metric not in names:
            continue
        graph.node(Role.MONITOR, monitor.name)
        graph.edge((Role.METRIC, monitor.metric), (Role.MONITOR, monitor.name), Relation.WATCHED)
        for playbook in project.playbooks.values():
            if not playbook.metrics or monitor.metric in playbook.metrics:
                graph.node(Role.PLAYBOOK, playbook.name)
                graph.edge((Role.MONITOR, monitor.name), (Role.PLAYBOOK, playbook.name), Relation.HANDLED)
