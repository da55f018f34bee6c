"""The route from a definition that was published to a history that is the new definition's.

Until it has been read again, nothing that stands on the metric is judged: a definition that changed is no anomaly.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from metricloop.collect import redefine as collect
from metricloop.collect.kept import datasets_of
from metricloop.define.makings import standing_on
from metricloop.define.model import Kind, Metric
from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidInput, SourceFailed
from metricloop.kernel.events import Event, Timer
from metricloop.kernel.message import Message
from metricloop.loop import keeping
from metricloop.loop.ports import LoopUnit
from metricloop.loop.site import Site
from metricloop.triage import use_cases as triage

Write = Callable[[LoopUnit], None]

AGAIN = "metric.redefine"
RETRY = timedelta(minutes=5)
_WAITING = "metrics.redefining"
_FAILED = "metrics.redefining.failed:"
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def announce(site: Site, event: Event) -> Write:
    """From now on it waits; the reading is due at once, and is the worker's: whoever published need not wait for it."""

    def write(unit: LoopUnit) -> None:
        _wait(unit, event.subject, waits=True)
        unit.events.set_timer(Timer(f"{AGAIN}:{event.subject}", AGAIN, event.subject, event.at))

    return write


def redefine(site: Site, event: Event) -> Write:
    """Read the metric's history by its present definition. A source that fails is asked again every five minutes."""
    project, name = site.project, event.subject
    metric = project.metrics.get(name)
    if metric is None:
        return lambda unit: _wait(unit, name, waits=False)
    with site.open_unit(write=False) as look:
        asked = collect.look_to_read_again(look, project, metric)
    try:
        cubes = collect.read_again(site.reader, asked) if asked else []
        buckets = keeping.read_all_again(site, metric, event.at)
    except (SourceFailed, InvalidInput) as error:
        problem = error.problem
        return lambda unit: _try_later(unit, name, problem, event.at)

    def write(unit: LoopUnit) -> None:
        if asked is not None:
            version = project.version(Kind.METRIC, name)
            collect.keep_read_again(unit, asked, cubes, by=f"version {version}", at=event.at)
        else:
            for dataset in datasets_of(project, metric):
                collect.note_restated(unit, dataset)
        for kept in buckets:
            unit.points.put(kept.key, kept.panel)
        for each in (name, *standing_on(project, name)):
            unit.states.drop_after_metric(each, _EVER)
        _wait(unit, name, waits=False)
        if unit.settings.get(f"{_FAILED}{name}"):
            unit.settings.put(f"{_FAILED}{name}", "")
        _tell_incidents(unit, project, metric, event)

    return write


def waits(unit: LoopUnit, project: Project) -> frozenset[str]:
    """Metrics that cannot be judged now: their history, or that of what they reckon with, is still the old one's."""
    names = _waiting(unit)
    return frozenset({*names, *(above for name in names for above in standing_on(project, name))})


def _waiting(unit: LoopUnit) -> list[str]:
    found: list[str] = json.loads(unit.settings.get(_WAITING) or "[]")
    return found


def _wait(unit: LoopUnit, name: str, *, waits: bool) -> None:
    before = _waiting(unit)
    after = sorted({*before, name} if waits else {*before} - {name})
    if after != before:
        unit.settings.put(_WAITING, json.dumps(after))


def _try_later(unit: LoopUnit, name: str, problem: str, at: datetime) -> None:
    if (unit.settings.get(f"{_FAILED}{name}") or "") != problem[:300]:  # once for each reason, not every five minutes
        unit.settings.put(f"{_FAILED}{name}", problem[:300])
        unit.audit.record(
            at=at, actor="system", action="points.redefine_failed", subject_kind="metric", subject_id=name,
            after=problem[:300],
        )  # fmt: skip
    _wait(unit, name, waits=True)
    unit.events.set_timer(Timer(f"{AGAIN}:{name}", AGAIN, name, at + RETRY))


def _tell_incidents(unit: LoopUnit, project: Project, metric: Metric, event: Event) -> None:
    """An open incident stays with the version it was opened on; from here on its data are another definition's."""
    version = project.version(Kind.METRIC, metric.name)
    for incident in unit.incidents.live():
        if metric.name in incident.metrics:
            said = Message("timeline.redefined", {"metric": metric.name, "version": version})
            triage.note(unit, incident.number, event.at, "detect", None, said, f"{event.key}:{incident.number}")
