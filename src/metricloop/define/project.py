"""A whole project as one value: every definition that is live at one time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo

from metricloop.access.model import Person, Team
from metricloop.define.dataset import Dataset
from metricloop.define.model import Kind, Metric, Source
from metricloop.define.monitors import Monitor
from metricloop.define.playbooks import Mode, Playbook
from metricloop.define.responsibility import AssignmentTable, ChannelDefinition
from metricloop.kernel.errors import NotFound

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Project:
    """Live definitions by name. `versions`: (kind, name) -> version number, to be pinned to incidents and runs."""

    name: str
    timezone: ZoneInfo
    language: str
    mode: Mode
    sources: Mapping[str, Source]
    datasets: Mapping[str, Dataset]
    metrics: Mapping[str, Metric]
    monitors: Mapping[str, Monitor]
    playbooks: Mapping[str, Playbook]
    people: Mapping[str, Person]
    assignment: AssignmentTable
    channels: Mapping[str, ChannelDefinition]
    versions: Mapping[tuple[Kind, str], int] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)

    def metric(self, name: str) -> Metric:
        return _get(self.metrics, name, "metric")

    def dataset_of(self, metric: Metric) -> Dataset:
        return _get(self.datasets, metric.dataset, "dataset")

    def monitor(self, name: str) -> Monitor:
        return _get(self.monitors, name, "monitor")

    def version(self, kind: Kind, name: str) -> int:
        return self.versions.get((kind, name), 1)


def _get(things: Mapping[str, T], name: str, kind: str) -> T:
    if name not in things:
        known = ", ".join(sorted(things)) or "none"
        raise NotFound(f"there is no {kind} {name!r}", fix=f"known: {known}")
    return things[name]
