"""What may be asked of a metric: its dimensions, predicates over them, grains it has. Refusals say what to ask."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from metricloop.define.dataset import Dataset, Measure
from metricloop.define.model import Metric, MetricType
from metricloop.define.project import Project
from metricloop.define.sql_expressions import Refused, check_predicate
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain


def check_query(project: Project, metric: Metric, by: Sequence[str], where: str | None, grain: Grain) -> None:
    """Raises InvalidInput with what can be asked instead."""
    for at, name in enumerate(by):
        if name in by[:at]:
            raise InvalidInput(f"the dimension {name} is there twice", fix="name it once")
        _check_dimension(project, metric, name, "by")
    if where is not None:
        try:
            named = check_predicate(where)
        except Refused as error:
            raise InvalidInput(error.problem, where="where", fix=error.fix) from error
        for name in sorted(named):
            _check_dimension(project, metric, name, "where")
    shortest, named_by = _shortest(project, metric)
    if grain.rank < shortest.rank:
        raise InvalidInput(f"{named_by} has no values by the {grain}", fix=f"ask for {shortest} or longer")
    longest = _longest(project, metric)
    if longest is not None and grain.rank > longest.rank:
        raise InvalidInput(f"{metric.name} adds up within a {longest}", fix=f"ask for {longest} or shorter")


def narrowed(*predicates: str | None) -> str | None:
    """All of them at once; None where there is none."""
    given = [one for one in predicates if one]
    return " AND ".join(f"({one})" for one in given) if len(given) > 1 else (given[0] if given else None)


def shortest_grain(project: Project, metric: Metric) -> Grain:
    """The shortest grain at which the metric, and all that it is made of, means something."""
    return _shortest(project, metric)[0]


def measure_of(dataset: Dataset, name: str) -> Measure:
    """Raises InvalidInput for a measure that there is not."""
    found = dataset.measure(name)
    if found is None:
        known = ", ".join(one.name for one in dataset.measures) or "none"
        raise InvalidInput(f"no measure {name!r}", where=f"dataset {dataset.name}", fix=f"known: {known}")
    return found


def _check_dimension(project: Project, metric: Metric, name: str, place: str) -> None:
    if name in metric.dimensions:
        return
    lacking = sorted(set(_without(project, metric, name)))
    near = difflib.get_close_matches(name, metric.dimensions, n=1)
    known = f"known: {', '.join(metric.dimensions) or 'none'}"
    if metric.type is MetricType.DERIVED and not near and lacking:
        problem = f"{metric.name} has no dimension {name!r}, because {', '.join(lacking)} has none"
        raise InvalidInput(problem, where=place, fix=f"add it to the dataset of {lacking[0]}, or ask without; {known}")
    fix = f"did you mean {near[0]!r}? {known}" if near else known
    raise InvalidInput(f"{metric.name} has no dimension {name!r}", where=place, fix=fix)


def _without(project: Project, metric: Metric, name: str) -> list[str]:
    """The inputs, at any depth, that cannot be split by a dimension."""
    inputs = [project.metric(one.name) for one in metric.inputs]
    found = [one.name for one in inputs if not one.inputs and name not in one.dimensions]
    return found + [inner for one in inputs if one.inputs for inner in _without(project, one, name)]


def _shortest(project: Project, metric: Metric) -> tuple[Grain, str]:
    """The shortest grain that the metric, and all that it is made of, has; and who has no shorter one."""
    own = min(metric.grains, key=lambda grain: grain.rank, default=Grain.HOUR)
    own = max(own, project.dataset_of(metric).grain, key=lambda grain: grain.rank)
    inner = [_shortest(project, project.metric(one.name)) for one in metric.inputs]
    return max([(own, metric.name), *inner], key=lambda pair: pair[0].rank)


def _longest(project: Project, metric: Metric) -> Grain | None:
    ends = [_longest(project, project.metric(one.name)) for one in metric.inputs]
    known = [one for one in (metric.grain_to_date, *ends) if one is not None]
    return min(known, key=lambda grain: grain.rank, default=None)
