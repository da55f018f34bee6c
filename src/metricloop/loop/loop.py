"""The loop itself: what is due, in order of due time, and every event routed until none is left.

The same code runs live and in replay. Live, the worker calls `run_until(now)` again and again; in replay the clock is
moved to each due time. A crash at any moment loses nothing: what was not committed is due again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from metricloop.collect import reconcile
from metricloop.collect import use_cases as collect
from metricloop.collect.arrival import next_close, quiet_after
from metricloop.collect.kept import Kept, has_buckets, hourly_metrics, kept_of
from metricloop.collect.model import Collection
from metricloop.define.dataset import Dataset
from metricloop.define.project import Project
from metricloop.kernel.clock import Clock
from metricloop.kernel.errors import Conflict, MetricloopError, StoreFailed
from metricloop.kernel.events import Event, Timer
from metricloop.kernel.message import Message
from metricloop.loop.ports import LoopUnit
from metricloop.loop.routes import ROUTES, TIMERS, Route
from metricloop.loop.site import Site

log = logging.getLogger(__name__)

RETRY_SOURCE = timedelta(minutes=5)
RETRY_HELD = timedelta(minutes=15)
_TRIES = 3
# What a route may raise that is its own fault, or its subject's, and no reason to stop everything else.
_BROKEN = (
    MetricloopError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)

Routes = Mapping[str, Sequence[Route]]


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do at `at`: read a dataset, compare its history with the source, or tell a timer."""

    at: datetime
    dataset: Dataset | None = None
    timer: Timer | None = None
    history: bool = False


class Loop:
    """Runs one site. `load_project` gives the live definitions; `changed` is told of every event after its commit.

    since: where the history of a dataset begins when nothing was collected yet. settled: the sources are history that
    does not change, so that it need not be compared every night. Extra routes and timers (the demo's scripted
    responders) come after the loop's own.
    """

    def __init__(
        self,
        site: Site,
        clock: Clock,
        load_project: Callable[[LoopUnit], Project],
        *,
        since: datetime | None = None,
        settled: bool = False,
        changed: Callable[[Event], None] = lambda event: None,
        extra_routes: Routes | None = None,
        extra_timers: Mapping[str, Route] | None = None,
    ) -> None:
        self.site = site
        self._clock = clock
        self._load_project = load_project
        self._since = since
        self._settled = settled
        self._changed = changed
        extra = extra_routes or {}
        self._routes = {kind: (*ROUTES.get(kind, ()), *extra.get(kind, ())) for kind in {*ROUTES, *extra}}
        self._timers = {**TIMERS, **(extra_timers or {})}
        self._revision = -1
        self._used: list[str] = []
        self._failures: dict[str, int] = {}
        self._met: dict[str, datetime] = {}  # when a dataset of which nothing is known was first seen

    def next_due(self) -> datetime | None:
        """The earliest moment at which something is due; `now` when an event waits. None when nothing ever is."""
        waiting, due = self._look()
        if waiting:
            return self._clock.now()
        return due.at if due else None

    def run_until(self, at: datetime, turn_over: Callable[[], bool] = lambda: False) -> None:
        """Do everything due up to `at`, in order of due time. `turn_over` true: stop at the next boundary."""
        while True:
            waiting, due = self._look()
            for event in waiting:
                self._handle(event)
            if waiting:
                continue
            if due is None or due.at > at or turn_over():
                return
            moment = self._clock.reach(due.at)
            if due.dataset is not None and due.history:
                self._reconcile(due.dataset, moment)
            elif due.dataset is not None:
                self._collect(due.dataset, moment)
            elif due.timer is not None:
                self._ring(due.timer, moment)

    def pump(self) -> None:
        """Route every waiting event, and those that it leads to, until none is left."""
        while waiting := self._look()[0]:
            for event in waiting:
                self._handle(event)

    def _look(self) -> tuple[Sequence[Event], Due | None]:
        """The events that wait; without any, what is due next: one short look at the store for each step."""
        with self.site.open_unit(write=False) as unit:
            self._refresh(unit)
            waiting = unit.events.unhandled(100)
            return waiting, None if waiting else self._earliest(unit)

    def _refresh(self, unit: LoopUnit) -> None:
        revision = unit.definitions.revision()
        if revision != self._revision:
            project = self.site.project = self._load_project(unit)
            # Nothing is read from a dataset of which nothing is kept; it would stay due for ever.
            kept = [m for m in project.metrics.values() if kept_of(project, m) is not Kept.RECKONED]
            self._used = sorted({metric.dataset for metric in kept})
            self._revision = revision

    def _earliest(self, unit: LoopUnit) -> Due | None:
        project = self.site.project
        dues: list[Due] = []
        for dataset in (project.datasets[name] for name in self._used):
            state = unit.collections.get(dataset.name)
            dues.append(self._tick_of(state, dataset))
            looked = state.looked_back_at if state is not None and not self._settled else None
            if looked is not None:
                dues.append(Due(quiet_after(looked, dataset.timezone), dataset, history=True))
        timer = unit.events.next_timer()
        if timer is not None:
            dues.append(Due(timer.due_at, timer=timer))
        return min(dues, key=lambda due: due.at, default=None)

    def _tick_of(self, state: Collection | None, dataset: Dataset) -> Due:
        """When the dataset's next bucket closes; a failed source is asked again after a while, and so is one whose data
        are not ready."""
        if state is not None and state.failed_since is not None and state.last_run_at is not None:
            return Due(state.last_run_at + RETRY_SOURCE, dataset)
        if state is not None and state.held is not None and state.last_run_at is not None:
            return Due(state.last_run_at + RETRY_HELD, dataset)
        if state is None or state.until is None:
            if self._since:
                return Due(next_close(self._since, dataset), dataset)
            # Always the same moment: a due time that moves on with the clock is never reached.
            return Due(self._met.setdefault(dataset.name, self._clock.now()), dataset)
        return Due(next_close(state.until, dataset), dataset)

    def _collect(self, dataset: Dataset, at: datetime) -> None:
        project, source = self.site.project, self.site.project.sources[dataset.source]
        metrics = hourly_metrics(project, dataset.name)
        with self.site.open_unit(write=False) as look:
            due = collect.look_for_due(look, dataset, source, metrics, at, self._since)
        if due is None:
            return
        fetched = collect.fetch(self.site.reader, due, self.site.examiner)  # outside the transaction: it may be slow
        with self.site.open_unit() as unit:
            collect.keep(unit, fetched)

    def _reconcile(self, dataset: Dataset, at: datetime) -> None:
        project, source = self.site.project, self.site.project.sources[dataset.source]
        metrics, apart = hourly_metrics(project, dataset.name), has_buckets(project, dataset.name)
        with self.site.open_unit(write=False) as look:
            asked = reconcile.look_to_compare(look, dataset, source, metrics, at, apart=apart)
        compared = reconcile.compare(self.site.reader, asked, self.site.examiner) if asked else None
        with self.site.open_unit() as unit:
            if compared is not None:
                reconcile.keep_compared(unit, compared)
            else:
                reconcile.put_off(unit, dataset.name, at)

    def _ring(self, timer: Timer, at: datetime) -> None:
        event = Event(f"{timer.key}@{timer.due_at.isoformat()}", timer.kind, timer.subject, at, timer.data)
        route = self._timers.get(timer.kind)
        try:
            write = route(self.site, event) if route else None
            with self.site.open_unit() as unit:
                if unit.events.take_timer(timer.key, timer.due_at) and write is not None:
                    write(unit)
        except StoreFailed:
            raise
        except _BROKEN as error:
            self._set_aside(event, error, lambda unit: unit.events.take_timer(timer.key, timer.due_at))
            return
        self._failures.pop(event.key, None)
        self._changed(event)

    def _handle(self, event: Event) -> None:
        try:
            writes = [route(self.site, event) for route in self._routes.get(event.kind, ())]
            with self.site.open_unit() as unit:
                if not unit.events.mark_handled(event.key):
                    return
                for write in writes:
                    write(unit)
        except StoreFailed:
            raise
        except _BROKEN as error:
            self._set_aside(event, error, lambda unit: unit.events.mark_handled(event.key))
            return
        self._failures.pop(event.key, None)
        self._changed(event)

    def _set_aside(self, event: Event, error: Exception, take: Callable[[LoopUnit], bool]) -> None:
        """What cannot be handled must not hold up the rest: tried again, then parked (`take`), and told of."""
        self.site.judge.forget()
        count = self._failures.get(event.key, 0) + 1
        self._failures[event.key] = count
        if count < _TRIES or (isinstance(error, Conflict) and count < 10 * _TRIES):
            return
        log.error("event %s could not be handled: %s", event.key, error, exc_info=error)
        del self._failures[event.key]
        with self.site.open_unit() as unit:
            if take(unit):
                told = Message("loop.event_failed", {"event": event.key, "problem": str(error)[:300]})
                unit.audit.record(
                    at=event.at, actor="system", action="event.failed", subject_kind="event", subject_id=event.key,
                    after=str(told.params["problem"]),
                )  # fmt: skip
