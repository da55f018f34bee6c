"""Our datasets and metrics as an Ossie file, with our definitions as extensions.

What Ossie has no words for (offsets, windows, to-date) stands in the model's extension alone, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlglot import exp

from metricloop.define.dataset import Dataset, Join
from metricloop.define.imports.model import Effect, Finding, Unmapped
from metricloop.define.imports.ossie_extension import VENDOR, extended
from metricloop.define.imports.ossie_sql import columns_used, metric_sql
from metricloop.define.model import Document, Kind, Metric
from metricloop.define.project import Project
from metricloop.define.versions import canonical_json
from metricloop.kernel.message import Text

VERSION = "0.2.0.dev0"
Part = dict[str, Any]


def export_ossie(project: Project, documents: Sequence[Document]) -> tuple[Part, tuple[Finding, ...]]:
    """The content of an Ossie file, and what it cannot say to others. `documents` are those the project is made of.

    Sources, people and monitors are no part of it.
    """
    bodies = {(one.kind, one.name): dict(one.body) for one in documents}
    datasets, relations = _datasets(project, bodies)
    metrics: list[Part] = []
    hidden: list[Part] = []
    findings: list[Finding] = []
    for name, metric in project.metrics.items():
        body = bodies[Kind.METRIC, name]
        try:
            metrics.append(extended(_metric(project, metric), body))
        except Unmapped as reason:
            hidden.append(body)
            problem = f"{reason.problem}; it is kept as an extension that only metricloop reads"
            findings.append(Finding(Effect.LEFT_OUT, "store", f"metric {name}", problem, reason.fix))
    model: Part = {"version": VERSION, "name": project.name, "datasets": datasets}
    if relations:
        model["relationships"] = relations
    if metrics:
        model["metrics"] = metrics
    if hidden:
        model["custom_extensions"] = [{"vendor_name": VENDOR, "data": canonical_json({"metrics": hidden})}]
    return model, tuple(findings)


def joined_name(dataset: Dataset, join: Join) -> str:
    """What the joined table is called in the file."""
    return f"{dataset.name}__{join.name}"


def _datasets(project: Project, bodies: Mapping[tuple[Kind, str], Part]) -> tuple[list[Part], list[Part]]:
    datasets: list[Part] = []
    relations: list[Part] = []
    for name, dataset in project.datasets.items():
        datasets.append(extended(_dataset(project, dataset), bodies[Kind.DATASET, name]))
        for join in dataset.joins:
            datasets.append(_joined(dataset, join))
            ours, theirs = [pair[0] for pair in join.on], [pair[1] for pair in join.on]
            there = joined_name(dataset, join)
            relation = {"name": f"{name}_to_{there}", "from": name, "to": there}
            relations.append({**relation, "from_columns": ours, "to_columns": theirs})
    return datasets, relations


def _dataset(project: Project, dataset: Dataset) -> Part:
    part: Part = {"name": dataset.name, "source": dataset.sql or dataset.table}
    if dataset.key:
        part["primary_key"] = list(dataset.key)
    if words := _words(dataset.description, dataset.label):
        part["description"] = words
    filters = _filters(project, dataset)
    own = [dimension for name in dataset.dimensions if (dimension := dataset.dimension(name)) and not dimension.join]
    fields = {dataset.time_column: _field(dataset.time_column, is_time=True)}
    for one in own:
        fields[one.name] = _field(one.name, one.expr or one.column or one.name, is_time=False)
    joins = [ours for join in dataset.joins for ours, _ in join.on]
    for column in (*dataset.key, *joins, *columns_used(dataset, filters)):
        fields.setdefault(column, _field(column))
    part["fields"] = list(fields.values())
    return part


def _joined(dataset: Dataset, join: Join) -> Part:
    keys = [theirs for _, theirs in join.on]
    fields = {column: _field(column) for column in keys}
    for one in dataset.details:
        if one.join == join.name:
            fields[one.column or one.name] = _field(one.column or one.name, is_time=False)
    name = joined_name(dataset, join)
    return {"name": name, "source": join.table, "primary_key": keys, "fields": list(fields.values())}


def _field(name: str, sql: str | None = None, *, is_time: bool | None = None) -> Part:
    column = exp.column(exp.to_identifier(name)).sql()
    part: Part = {"name": name, "expression": _expression(column if sql in (None, name) else str(sql))}
    if is_time is not None:
        part["dimension"] = {"is_time": is_time}
    return part


def _metric(project: Project, metric: Metric) -> Part:
    names = {name: joined_name(dataset, join) for dataset, join, name in _joined_dimensions(project)}
    part: Part = {"name": metric.name, "expression": _expression(metric_sql(project, metric, names))}
    if words := _words(metric.description, metric.label):
        part["description"] = words
    synonyms = [word for words in metric.governance.synonyms.values() for word in words]
    labels = [text for text in metric.label.both().values() if text not in synonyms]
    if labels or synonyms:
        part["ai_context"] = {"synonyms": [*labels, *synonyms]}
    return part


def _joined_dimensions(project: Project) -> Iterator[tuple[Dataset, Join, tuple[str, str]]]:
    for dataset in project.datasets.values():
        for one in dataset.details:
            join = dataset.join(one.join) if one.join else None
            if join is not None:
                yield dataset, join, (dataset.name, one.name)


def _filters(project: Project, dataset: Dataset) -> Iterable[str]:
    """Conditions of derived metrics' inputs; those of measures stand in the dataset."""
    for metric in project.metrics.values():
        for one in metric.inputs:
            if one.filter and project.metrics[one.name].dataset == dataset.name:
                yield one.filter


def _expression(sql: str) -> Part:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": sql}]}


def _words(*texts: Text) -> str:
    return next((found for text in texts if (found := text.best("en"))), "")
