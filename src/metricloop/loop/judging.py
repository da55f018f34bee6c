"""The routes from fresh or restated points to the detectors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from metricloop.collect.kept import datasets_of
from metricloop.collect.recipe import recipe_of
from metricloop.define.model import Kind, Metric
from metricloop.detect import use_cases as detect
from metricloop.detect.judge import Watched
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.events import Event
from metricloop.kernel.grain import Grain, floor
from metricloop.loop import keeping, redefinition
from metricloop.loop.ports import LoopUnit
from metricloop.loop.site import Site

Write = Callable[[LoopUnit], None]


def judge(site: Site, event: Event) -> Write:
    until = datetime.fromisoformat(str(event.data["to"]))

    def write(unit: LoopUnit) -> None:
        waiting, restated = redefinition.waits(unit, site.project), dict[str, int]()
        for monitor in site.project.monitors.values():
            metric = site.project.metric(monitor.metric)
            if event.subject not in datasets_of(site.project, metric) or metric.name in waiting:
                continue
            ready = keeping.collected_until(unit, site.project, metric) if metric.inputs else until
            if ready is None:
                continue
            version = site.project.version(Kind.MONITOR, monitor.name)
            zone = site.project.dataset_of(metric).timezone
            if metric.name not in restated:
                restated[metric.name] = _restated(site, unit, metric)
            recipe = recipe_of(site.project, metric)
            watch = Watched(monitor, version, recipe.metric, zone, restated[metric.name], recipe)
            try:
                detect.judge_until(unit, site.judge, watch, until=_ready(metric, zone, ready, event.at), at=event.at)
            except InvalidInput as error:  # its options: raised before anything is written, and no reason for others
                key, data = f"monitor.broken:{monitor.name}:{version}", {"problem": error.problem, "fix": error.fix}
                unit.events.tell(Event(key, "monitor.broken", monitor.name, event.at, dict(data)))

    return write


def _restated(site: Site, unit: LoopUnit, metric: Metric) -> int:
    states = [unit.collections.get(name) for name in datasets_of(site.project, metric)]
    return sum(state.restated for state in states if state is not None)


def _ready(metric: Metric, zone: ZoneInfo, until: datetime, at: datetime) -> datetime:
    """A metric that is later than its dataset is judged later."""
    late = metric.governance.lateness
    return until if late is None else min(until, floor(at - late, Grain.HOUR, zone))


def relearn(site: Site, event: Event) -> Write:
    """Stored history has been put right: what detectors have learnt from it is learnt again."""
    start = datetime.fromisoformat(str(event.data["from"]))

    def write(unit: LoopUnit) -> None:
        for metric in site.project.metrics.values():
            if event.subject in datasets_of(site.project, metric):
                unit.states.drop_after_metric(metric.name, start)

    return write


def record_broken(site: Site, event: Event) -> Write:
    """A monitor that cannot judge is told of once for each version; the others go on."""
    problem = f"{event.data['problem']}. Fix: {event.data['fix']}"
    return lambda unit: unit.audit.record(
        at=event.at,
        actor="system",
        action="monitor.broken",
        subject_kind="monitor",
        subject_id=event.subject,
        after=problem,
    )
