"""What the overview needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from metricloop.api.reads import incidents as incident_reads
from metricloop.api.reads import tracks
from metricloop.api.views import health
from metricloop.api.views.collection import SourceState, dataset_state
from metricloop.api.views.loop import DAY, LoopFacts
from metricloop.api.views.track import Track, zone_of
from metricloop.api.views.waiting import COLLECT_GRACE, DETECT_WITHIN
from metricloop.collect.kept import Kept, kept_of
from metricloop.define.monitors import Monitor
from metricloop.define.project import Project
from metricloop.detect.model import Anomaly
from metricloop.kernel.grain import HOUR, floor
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.loop.ports import LoopUnit
from metricloop.triage.model import Incident, TimelineEntry

_MOST_RECENT = 1000
_LONGEST_OPEN = timedelta(days=7)


def source_states(unit: LoopUnit, project: Project, now: datetime) -> list[SourceState]:
    """Every source with its datasets, by name."""
    found = []
    for name in sorted(project.sources):
        own = sorted((d for d in project.datasets.values() if d.source == name), key=lambda dataset: dataset.name)
        states = [dataset_state(each, unit.collections.get(each.name), now) for each in own]
        found.append(SourceState(project.sources[name], states))
    return found


def loop_facts(unit: LoopUnit, project: Project, now: datetime) -> LoopFacts:
    """Everything but tasks and timelines."""
    sources = source_states(unit, project, now)
    open_anomalies = [a for name in sorted(project.monitors) for a in unit.anomalies.open_of(name)]
    return LoopFacts(
        sources=sources,
        hours_collected_24h=_hours_collected(unit, project, now),
        live=incident_reads.facts_of(unit, unit.incidents.live()),
        recent=_recent(unit, now),
        proposals=unit.proposals.find(limit=200),
        open_anomalies=open_anomalies,
        raised_24h=_raised(unit, project, now),
        behind=list(_behind(unit, project, sources)),
        tracks=_tracks(unit, project, open_anomalies, now),
    )


def _recent(unit: LoopUnit, now: datetime) -> list[Incident]:
    found, _ = unit.incidents.find(limit=_MOST_RECENT)
    start = health.since(now)
    return [each for each in found if max(each.opened_at, each.closed_at or each.opened_at) > start]


def timelines(unit: LoopUnit, incidents: Sequence[Incident], now: datetime) -> dict[int, Sequence[TimelineEntry]]:
    """Of the incidents of the last 60 days."""
    start = health.since(now)
    return {each.number: unit.incidents.timeline(each.number) for each in incidents if each.opened_at > start}


def _hours_collected(unit: LoopUnit, project: Project, now: datetime) -> int:
    """Hours of data read in the last 24 hours, over all datasets."""
    count = 0
    for dataset in project.datasets.values():
        own = [name for name, metric in sorted(project.metrics.items()) if metric.dataset == dataset.name]
        metric = next((name for name in own if kept_of(project, project.metrics[name]) is Kept.HOURS), None)
        if metric is not None:
            start = now - DAY - dataset.lateness - COLLECT_GRACE - HOUR
            panel = unit.points.read(metric, start, now, [TOTAL])
            count += sum(now - DAY < at <= now for at in panel.collected_at)
    return count


def _raised(unit: LoopUnit, project: Project, now: datetime) -> int:
    found = [a for name in project.metrics for a in unit.anomalies.between(name, now - _LONGEST_OPEN, now)]
    return sum(a.raised_at is not None and now - DAY < a.raised_at <= now for a in found)


def _behind(unit: LoopUnit, project: Project, sources: Sequence[SourceState]) -> list[tuple[Monitor, datetime]]:
    """Monitors that have left collected, whole buckets unjudged for long, with the end of what they have judged."""
    until = {state.dataset.name: state.until for source in sources for state in source.datasets}
    behind = []
    for monitor in sorted(project.monitors.values(), key=lambda m: m.name):
        metric = project.metrics.get(monitor.metric)
        collected = until.get(metric.dataset) if metric else None
        if metric is None or collected is None:
            continue
        judged = unit.bands.judged_until(monitor.name)
        later = max(metric.governance.lateness or timedelta(), project.dataset_of(metric).lateness)
        ready = collected - (later - project.dataset_of(metric).lateness)
        whole = floor(ready, monitor.grain, zone_of(project, metric))
        if judged is not None and whole - judged > DETECT_WITHIN:
            behind.append((monitor, judged))
    return behind


def _tracks(
    unit: LoopUnit, project: Project, anomalies: Sequence[Anomaly], now: datetime
) -> dict[tuple[str, str], Track]:
    wanted: defaultdict[tuple[str, str], set[Slice]] = defaultdict(set)
    grains = {anomaly.grain.value: anomaly.grain for anomaly in anomalies}
    for anomaly in anomalies:
        if anomaly.raised_at is not None and anomaly.metric in project.metrics:
            wanted[anomaly.metric, anomaly.grain.value].add(anomaly.slice)
    return {
        (metric, grain): tracks.recent(unit, project, project.metrics[metric], grains[grain], now, sorted(slices))
        for (metric, grain), slices in wanted.items()
    }
