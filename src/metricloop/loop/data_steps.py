"""The routes from a dataset that is held, and released, to the incident about its data."""

from __future__ import annotations

from collections.abc import Callable

from metricloop.collect.kept import datasets_of
from metricloop.kernel.events import Event
from metricloop.loop.ports import LoopUnit
from metricloop.loop.site import Site
from metricloop.triage import data_incidents as data

Write = Callable[[LoopUnit], None]


def hold(site: Site, event: Event) -> Write:
    """A dataset is not fit to be judged: that is an incident of its own, for whoever answers for the data."""

    def write(unit: LoopUnit) -> None:
        state, project = unit.collections.get(event.subject), site.project
        if state is not None and state.held is not None and event.subject in project.datasets:
            blinded = [m.name for m in project.metrics.values() if event.subject in datasets_of(project, m)]
            data.hold_data(unit, project, event.subject, state.held, blinded, at=event.at)

    return write


def release(site: Site, event: Event) -> Write:
    return lambda unit: data.release_data(unit, event.subject, accepted=bool(event.data["accepted"]), at=event.at)
