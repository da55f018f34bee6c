"""The routes that keep buckets of metrics whose hours do not add up: read when they close, and again when restated."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from metricloop.collect.buckets import BucketsKept, Wanted, closed_buckets, read_buckets, touched
from metricloop.collect.kept import Kept, bucket_key, datasets_of, kept_of
from metricloop.collect.model import Cause
from metricloop.collect.restate_buckets import restate_buckets
from metricloop.collect.rules import BACKFILL
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidInput, SourceFailed
from metricloop.kernel.events import Event, Timer
from metricloop.kernel.grain import HOUR, Grain, after
from metricloop.loop.ports import LoopUnit
from metricloop.loop.site import Site

log = logging.getLogger(__name__)
Write = Callable[[LoopUnit], None]
AGAIN = "buckets.again"
RETRY = timedelta(minutes=15)


def keep_closed(site: Site, event: Event) -> Write:
    """Read every whole bucket that has closed and is not kept yet. What fails stays due until the next hour."""
    metrics = list(_standing_on(site.project, event.subject))
    if not metrics:
        return _nothing
    first = datetime.fromisoformat(str(event.data["from"]))
    with site.open_unit(write=False) as look:
        wanted = [one for metric in metrics for one in _closed(look, site.project, metric, first)]
    return _read(site, wanted, event.at)


def keep_restated(site: Site, event: Event) -> Write:
    """Read those kept buckets again that reach into history that was restated, or may have changed.

    What turns out otherwise is put right, and what detectors have learnt from it is learnt again. A source that fails
    is asked again: nothing else would ask for these buckets any more.
    """
    wanted = _reaching(site, event)
    found, failed = _found(site, wanted, event.at)
    cause = Cause(str(event.data.get("cause", Cause.RECONCILE.value)))

    def write(unit: LoopUnit) -> None:
        first = restate_buckets(unit, event.subject, found, cause, event.at)
        for metric in site.project.metrics.values() if first is not None else ():
            if first is not None and event.subject in datasets_of(site.project, metric):
                unit.states.drop_after_metric(metric.name, first)
        if failed:
            span = f"{event.data['from']}..{event.data['to']}"
            unit.events.set_timer(
                Timer(f"{AGAIN}:{event.subject}:{span}", AGAIN, event.subject, event.at + RETRY, event.data)
            )

    return write


def _reaching(site: Site, event: Event) -> list[Wanted]:
    metrics = list(_standing_on(site.project, event.subject))
    if not metrics:
        return []
    start, end = (datetime.fromisoformat(str(event.data[side])) for side in ("from", "to"))
    wanted = []
    with site.open_unit(write=False) as look:
        for metric in metrics:
            for grain in metric.grains:
                span = _kept_span(look, site.project, metric, grain)
                if span is not None:
                    wanted.append(touched(site.project, Wanted(metric, grain, span, ()), start, end))
    return [one for one in wanted if one.spans]


def read_all_again(site: Site, metric: Metric, at: datetime) -> list[BucketsKept]:
    """All kept buckets of a metric that means something else now. Raises SourceFailed: some of them are not enough."""
    if kept_of(site.project, metric) is not Kept.BUCKETS:
        return []
    wanted = []
    with site.open_unit(write=False) as look:
        for grain in metric.grains:
            span = _kept_span(look, site.project, metric, grain)
            if span is not None:
                wanted.append(closed_buckets(site.project, metric, grain, *span, span))
    return [read_buckets(site.leaves, site.project, one, at) for one in wanted if one.spans]


def _found(site: Site, wanted: Sequence[Wanted], at: datetime) -> tuple[list[BucketsKept], bool]:
    """What was read, and whether something could not be that may be readable later."""
    found: list[BucketsKept] = []
    failed = False
    for one in wanted:
        try:
            found.append(read_buckets(site.leaves, site.project, one, at))
        except (SourceFailed, InvalidInput) as error:
            log.warning("buckets of %s by the %s are not read: %s", one.metric.name, one.grain, error)
            failed |= isinstance(error, SourceFailed)
    return found, failed


def _read(site: Site, wanted: Sequence[Wanted], at: datetime) -> Write:
    found, _ = _found(site, wanted, at)

    def write(unit: LoopUnit) -> None:
        for kept in found:
            unit.points.put(kept.key, kept.panel)

    return write


def _standing_on(project: Project, dataset: str) -> Iterator[Metric]:
    for metric in project.metrics.values():
        if kept_of(project, metric) is Kept.BUCKETS and dataset in datasets_of(project, metric):
            yield metric


def _closed(look: LoopUnit, project: Project, metric: Metric, first: datetime) -> Iterator[Wanted]:
    """What is due of a metric, up to where all its data have been collected."""
    until = collected_until(look, project, metric)
    if until is None:
        return
    for grain in metric.grains:
        span = _kept_span(look, project, metric, grain)
        since = span[1] if span else _begun(look, project, metric) or min(first, until - BACKFILL)
        wanted = closed_buckets(project, metric, grain, since, until, span)
        if wanted.spans:
            yield wanted


def collected_until(look: LoopUnit, project: Project, metric: Metric) -> datetime | None:
    """Up to when everything that a metric is made of has been collected. None: of something nothing has been."""
    ends = [state.until if state else None for state in map(look.collections.get, datasets_of(project, metric))]
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(ends) else None


def _begun(look: LoopUnit, project: Project, metric: Metric) -> datetime | None:
    """Start of the stored history of the metric's datasets, where hours of others tell it."""
    names = set(datasets_of(project, metric))
    others = [one for one in project.metrics.values() if one.dataset in names and kept_of(project, one) is Kept.HOURS]
    spans = [look.points.span(one.name) for one in others]
    return min((span[0] for span in spans if span is not None), default=None)


def _kept_span(look: LoopUnit, project: Project, metric: Metric, grain: Grain) -> tuple[datetime, datetime] | None:
    span = look.points.span(bucket_key(metric.name, grain))
    dataset = project.dataset_of(metric)
    return span and (span[0], after(span[1] - HOUR, grain, dataset.timezone, dataset.week_start))


def _nothing(unit: LoopUnit) -> None:
    """Nothing is kept by buckets."""
