"""Build and run a replay: the whole loop over history, with a simulated clock."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from metricloop.bootstrap.projects import apply_folder
from metricloop.collect.day_cache import DayCache
from metricloop.collect.prefetch import PrefetchingReader
from metricloop.define.project import Project
from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.clock import SimulatedClock, utc
from metricloop.kernel.errors import InvalidInput
from metricloop.loop.loop import Loop
from metricloop.loop.responders import Responders
from metricloop.loop.site import Site
from metricloop.loop.summary import summary
from metricloop.notify.model import DeliveryResult, DeliveryState, Parcel
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.database import Store, open_store

Progress = Callable[[datetime, datetime, datetime], None]
_STEP = timedelta(days=1)
_AHEAD = timedelta(days=28)  # history read with one question
_KEPT = 200  # days of leaves: six weeks of every metric that is being explained
# What a detector learns from before the first day that is judged.
WARM_UP = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of history: from the first moment of `start` to the end of the day `end`, in the project's zone."""

    start: date
    end: date

    def bounds(self, project: Project) -> tuple[datetime, datetime]:
        if self.end < self.start:
            raise InvalidInput(f"--to {self.end} lies before --from {self.start}", fix="swap them")
        day_after = self.end + timedelta(days=1)
        return _midnight(self.start, project), _midnight(day_after, project)


def _midnight(day: date, project: Project) -> datetime:
    return utc(datetime(day.year, day.month, day.day, tzinfo=project.timezone))


class _HistoryIsNotNews:
    """Channels and actions of a replay: everything is accepted, nobody outside is told of last year's alarms."""

    def send(self, channel: str, parcel: Parcel) -> DeliveryResult:
        return DeliveryResult(DeliveryState.DELIVERED, "replay")

    def perform(self, action: str, options: Mapping[str, Any], request: Mapping[str, Any], key: str) -> str:
        return "replay"


def replay(
    folder: Path,
    start: date,
    end: date,
    *,
    into: str | None = None,
    responders: bool = True,
    progress: Progress = lambda first, now, last: None,
) -> dict[str, Any]:
    """Run the loop over [start, end] and give the summary. A scratch store unless `into` names a database."""
    with _store(into) as store:
        run_history(store, folder, Stretch(start, end), Responders() if responders else None, progress)
        with store.unit(write=False) as unit:
            return summary(unit, current_project(unit))


def run_history(
    store: Store, folder: Path, stretch: Stretch, responders: Responders | None, progress: Progress
) -> datetime:
    """Apply the project to the store and run its history; gives back the moment at which the clock stands then."""
    apply_folder(store, folder, by="replay", at=utc(datetime(2000, 1, 1, tzinfo=SystemClock().now().tzinfo)))
    with store.unit(write=False) as unit:
        project = current_project(unit)
    first, last = stretch.bounds(project)
    clock = SimulatedClock(first)
    quiet = _HistoryIsNotNews()
    sources = Sources(load_registry(), Context(folder, SystemClock()), store.unit)
    try:
        ahead, leaves = PrefetchingReader(sources, _AHEAD, sources), DayCache(sources, _KEPT)
        site = Site(store.unit, project, ahead, leaves, quiet, quiet, "", examiner=ahead)
        loop = Loop(
            site,
            clock,
            current_project,
            since=first - WARM_UP,
            settled=True,
            extra_routes=responders.routes() if responders else None,
            extra_timers=responders.timers() if responders else None,
        )
        at = first
        while at < last:
            progress(first, at, last)
            at = min(at + _STEP, last)
            loop.run_until(at)
        progress(first, last, last)
    finally:
        sources.close()
    return last


@contextmanager
def _store(into: str | None) -> Iterator[Store]:
    if into is not None:
        store = open_store(into)
        try:
            store.migrate()
            yield store
        finally:
            store.close()
        return
    with tempfile.TemporaryDirectory(prefix="metricloop-replay-", ignore_cleanup_errors=True) as place:
        store = open_store(Path(place) / "replay.db", scratch=True)
        try:
            store.migrate()
            yield store
        finally:
            store.close()
