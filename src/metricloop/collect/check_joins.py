"""Are joins many to one? Looks at all keys of the joined tables: for checking a project, not for each reading."""

from __future__ import annotations

from metricloop.collect.ports import JoinProbe
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.kernel.errors import Issue, SourceFailed


def check_joins(probe: JoinProbe, source: Source, dataset: Dataset) -> list[Issue]:
    """One issue for each join whose key repeats: a row of the dataset would be counted once for every partner."""
    try:
        repeated = probe.repeated(source, dataset)
    except SourceFailed as error:
        return [Issue(error.where or f"source {source.name}", error.problem, error.fix or "check the source")]
    found = []
    for name in repeated:
        join = dataset.join(name)
        key = ", ".join(theirs for _, theirs in join.on) if join else ""
        table = join.table if join else name
        problem = f"{key} is not unique in {table}, so rows would be counted several times"
        found.append(
            Issue(f"dataset {dataset.name}, join {name}", problem, f"join a view of {table} with one row a key")
        )
    return found
