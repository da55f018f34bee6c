"""Metrics, their series with bands, and their slices."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from metricloop.api.auth import Reader, Running
from metricloop.api.reads import tracks
from metricloop.api.reads.monitors import monitor_rows
from metricloop.api.reads.sight import IncidentSight, read_seen, spark_seen
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.definitions import VersionPage
from metricloop.api.schemas.metrics import AnyGrain as GrainWord
from metricloop.api.schemas.metrics import LineagePage, MetricPage, MetricRow, Series, SliceRow, Status
from metricloop.api.views import metrics as views
from metricloop.api.views import series as series_views
from metricloop.api.views.definitions import version_pages
from metricloop.define.catalogue import search
from metricloop.define.lineage import lineage
from metricloop.define.model import Kind, Metric
from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.kernel.grain import HOUR, Grain
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.loop.ports import LoopUnit
from metricloop.loop.redefinition import waits

router = APIRouter(prefix="/metrics", tags=["metrics"])

MOST_POINTS = 5000
_DAY = timedelta(days=1)
_LENGTH = {Grain.HOUR: HOUR, Grain.DAY: _DAY, Grain.WEEK: 7 * _DAY, Grain.MONTH: 28 * _DAY, Grain.QUARTER: 90 * _DAY}
_DEFAULT_SPAN = {Grain.HOUR: 14 * _DAY, Grain.DAY: 120 * _DAY, Grain.WEEK: 730 * _DAY}
_LONGEST_SPAN = 3650 * _DAY

Name = Annotated[str, Path(max_length=200)]
Words = Annotated[str | None, Query(max_length=200)]
SliceText = Annotated[str, Query(max_length=1000, description="carrier:AA,origin:EWR; empty: the total")]
From = Annotated[AwareDatetime | None, Query(alias="from")]
To = Annotated[AwareDatetime | None, Query(alias="to")]


@router.get("")
def metrics(
    caller: Reader,
    system: Running,
    q: Words = None,
    level: Annotated[Literal["L1", "L2", "L3"] | None, Query()] = None,
    owner: Words = None,
    status: Annotated[Status | None, Query()] = None,
    team: Words = None,
) -> list[MetricRow]:
    """The catalogue, with each total's newest value; `q` finds names, labels, synonyms, descriptions, best first."""
    with look(system, caller) as (unit, view):
        mine = caller.person.id if owner == "me" else owner
        fitting = search(view.project, q or "", level=level, owner=mine, status=status, team=team)
        shown = IncidentSight(unit, view).of(unit.incidents.live())
        open_on = Counter(name for incident in shown for name in incident.metrics)
        found = [(metric, spark_seen(unit, view, metric)) for metric in fitting]
        return [views.metric_row(metric, track, open_on[metric.name], view) for metric, track in found]


@router.get("/{name}")
def metric(name: Name, caller: Reader, system: Running) -> MetricPage:
    """One metric: what it is in words and as written, how it stands, its versions and monitors."""
    with look(system, caller) as (unit, view):
        found = view.project.metric(name)
        shown = IncidentSight(unit, view).of(unit.incidents.live())
        open_here = sum(name in incident.metrics for incident in shown)
        row = views.metric_row(found, spark_seen(unit, view, found), open_here, view)
        watching = [m for m in view.project.monitors.values() if m.metric == name]
        collection = unit.collections.get(found.dataset)
        detail = views.MetricDetail(
            versions=unit.definitions.history(Kind.METRIC, name),
            monitors=monitor_rows(unit, view, watching),
            collected_until=collection.until if collection else None,
            rereading=name in waits(unit, view.project),
        )
        return views.metric_page(row, found, detail, view)


@router.get("/{name}/versions")
def metric_versions(name: Name, caller: Reader, system: Running) -> list[VersionPage]:
    """Who changed what, when: every version with how it differs from the one before, newest first."""
    with look(system, caller) as (unit, view):
        found = unit.definitions.history(Kind.METRIC, name)
        if not found:
            raise NotFound(f"there is no metric {name!r}", fix="look at the catalogue")
        return version_pages(found, view)


@router.get("/{name}/lineage")
def metric_lineage(name: Name, caller: Reader, system: Running) -> LineagePage:
    """What it is made of, down to columns, and what stands on it, up to playbooks."""
    with look(system, caller) as (_, view):
        return views.lineage_page(name, lineage(view.project, name), view.project)


@router.get("/{name}/series")
def series(
    name: Name,
    caller: Reader,
    system: Running,
    grain: GrainWord = "hour",
    slice: SliceText = "",
    start: From = None,
    end: To = None,
    known_at: AwareDatetime | None = None,
) -> Series:
    """Points and bands of one slice. Without a range: the last 14 days by the hour, the last 120 by the day.

    `known_at`: the points as they were known then, without what came late or was put right later.
    """
    with look(system, caller) as (unit, view):
        found, step = _metric(view.project, name, Grain(grain)), Grain(grain)
        begin, stop = _range(step, start, end, view.now)
        asked = parse_slice(slice)
        if not IncidentSight(unit, view).handles(name, asked):
            view.sight.rows(name)  # whoever sees nothing of it is told so before anything else
        wanted = _known(unit, view.project, found, step, asked)
        track = read_seen(unit, view, found, step, begin, stop, wanted, known_at)
        collection = unit.collections.get(found.dataset)
        incidents = [
            each
            for each in IncidentSight(unit, view).of(unit.incidents.touching(begin, stop))
            if name in each.metrics and each.slice.may_overlap(wanted)
        ]
        labels = [x for x in unit.labels.of_metric(name) if x.start < stop and begin < x.end]
    monitors = tracks.monitors_on(view.project, name, step)
    stated = next((m.options["coverage"] for m in monitors if "coverage" in m.options), None)
    return series_views.series(
        track,
        wanted,
        coverage=float(stated) if stated is not None else None,
        data_until=collection.until if collection else None,
        incidents=incidents,
        labels=[label for label in labels if label.slice.may_overlap(wanted)],
    )


def _metric(project: Project, name: str, grain: Grain) -> Metric:
    metric = project.metric(name)
    if grain not in metric.grains:
        known = ", ".join(each.value for each in metric.grains)
        raise InvalidInput(f"{name} has no values by the {grain.value}", fix=f"ask for one of: {known}")
    return metric


def _range(grain: Grain, start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    stop = end or now
    begin = start or stop - _DEFAULT_SPAN.get(grain, _LONGEST_SPAN)
    if begin >= stop:
        raise InvalidInput("the range ends before it begins", fix="let from be earlier than to")
    if (stop - begin) / _LENGTH.get(grain, 365 * _DAY) > MOST_POINTS:
        raise InvalidInput(f"the range has more than {MOST_POINTS} points", fix="ask for days, or a shorter range")
    return begin, stop


def parse_slice(text: str) -> Slice:
    """ "carrier:AA,origin:EWR" -> slice. Raises InvalidInput on anything else."""
    pairs = [part.partition(":") for part in text.split(",") if part]
    if not all(dimension and colon for dimension, colon, _ in pairs):
        raise InvalidInput(f"{text!r} is not a slice", fix="write it as carrier:AA,origin:EWR")
    return Slice.of((dimension, value) for dimension, _, value in pairs)


def _known(unit: LoopUnit, project: Project, metric: Metric, grain: Grain, wanted: Slice) -> Slice:
    if wanted != TOTAL and wanted not in tracks.axis_of(unit, project, metric, grain):
        raise NotFound(f"{metric.name} has no points for {wanted}", fix="choose one of the metric's slices")
    return wanted


@router.get("/{name}/slices")
def slices(
    name: Name,
    dimension: Annotated[str, Query(max_length=200)],
    caller: Reader,
    system: Running,
    grain: GrainWord = "day",
) -> list[SliceRow]:
    """The metric by one dimension at its newest bucket, worst first."""
    with look(system, caller) as (unit, view):
        found = _metric(view.project, name, Grain(grain))
        dimensions = found.dimensions
        if dimension not in dimensions:
            raise NotFound(f"{name} has no dimension {dimension!r}", fix=f"choose one of: {', '.join(dimensions)}")
        view.sight.rows(name)
        seen = tracks.slices_along(unit, view.project, found, Grain(grain), dimension)
        along = [each for each in seen if view.sight.shows(name, each)]
        track = tracks.recent(unit, view.project, found, Grain(grain), view.now, along)
    return series_views.slice_rows(track)
