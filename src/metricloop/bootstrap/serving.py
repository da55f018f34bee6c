"""Build the running system: store, plugins, clock, loop, jobs and worker, behind what the doors need."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from metricloop.bootstrap.changes import Hub
from metricloop.bootstrap.projects import apply_folder
from metricloop.bootstrap.setup import Setup
from metricloop.bootstrap.workshop import Workshop
from metricloop.define.project import Project
from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import DemoClock, Stamp, SystemClock
from metricloop.jobs.durable import DurableJobs, jobs_url
from metricloop.jobs.worker import Trouble, Worker
from metricloop.kernel.errors import Conflict, StoreFailed
from metricloop.loop.loop import Loop
from metricloop.loop.responders import Responders
from metricloop.loop.site import Site
from metricloop.plugins.actions import ActionBook
from metricloop.plugins.channels import ChannelBook
from metricloop.plugins.landed_push import Pushes
from metricloop.plugins.landed_streams import Streams
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.database import Store, open_store
from metricloop.store.passwords import Argon2Passwords, RandomSecrets
from metricloop.store.unit import Unit

log = logging.getLogger(__name__)


class Settings(Protocol):
    """How the process runs; the command line's settings satisfy it."""

    @property
    def project(self) -> Path: ...

    @property
    def database(self) -> str: ...

    @property
    def base_url(self) -> str: ...

    @property
    def speed(self) -> float: ...


class _OneAtATime:
    """The loop, entered by one thread at a time: the worker and the web's pump share detectors kept in memory."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._lock = threading.RLock()

    def next_due(self) -> datetime | None:
        with self._lock:
            return self._loop.next_due()

    def run_until(self, at: datetime) -> None:
        with self._lock:
            self._loop.run_until(at)

    def pump(self, patience: float) -> bool:
        """False when the loop was busy for longer than `patience` seconds; then the worker does it soon."""
        if not self._lock.acquire(timeout=patience):
            return False
        try:
            self._loop.pump()
        finally:
            self._lock.release()
        return True


class RunningSystem:
    """The whole system in one process, as the doors see it. `start` begins to work on what is due."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: SystemClock | DemoClock,
        *,
        since: datetime | None = None,
        responders: Responders | None = None,
    ) -> None:
        self._store = store
        self._project_lock = threading.Lock()
        self._project: tuple[int, Project] | None = None
        self.clock = clock
        self.wall_clock = SystemClock()
        self.changes = Hub()
        self.passwords = Argon2Passwords()
        self.secrets = RandomSecrets()
        self.url = settings.base_url
        registry = load_registry()
        home = Context(state_folder(settings.database), self.wall_clock)
        outside = Context(settings.project, self.wall_clock)
        self.sources = Sources(registry, outside, store.unit)
        self.pushes = Pushes(registry, outside, store.unit)
        self._streams = Streams(registry, outside, store.unit, lambda: self.project().sources)
        self.workshop = Workshop(registry, self.sources, settings.project)
        self.setup = Setup(registry, settings.project)
        channels = ChannelBook(registry, home, lambda: self.project().channels)
        site = Site(
            store.unit,
            self.project(),
            self.sources,
            self.sources,
            channels,
            ActionBook(registry, home),
            settings.base_url,
            examiner=self.sources,
        )
        self._loop = _OneAtATime(
            Loop(
                site,
                clock,
                current_project,
                since=since,
                changed=self.changes.tell,
                extra_routes=responders.routes() if responders else None,
                extra_timers=responders.timers() if responders else None,
            )
        )
        keep: Callable[[], None] = clock.keep if isinstance(clock, DemoClock) else lambda: None
        self._worker = Worker(self._loop, DurableJobs(jobs_url(store.url)), clock, each_tick=keep)

    def open_unit(self, *, write: bool = True) -> Unit:
        return self._store.unit(write=write)

    def start(self) -> None:
        self._streams.start()
        self._worker.start()

    def stop(self) -> None:
        """Ends within seconds; what is not done is done after the next start."""
        self._streams.stop()
        self._worker.stop()
        try:
            if isinstance(self.clock, DemoClock):
                self.clock.stop()
        except StoreFailed as error:
            log.warning("the demo's clock was last kept some seconds ago: %s", error)
        self.sources.close()
        self._store.close()

    def stamp(self) -> Stamp:
        return self.clock.stamp()

    def set_speed(self, speed: float) -> None:
        if not isinstance(self.clock, DemoClock):
            raise Conflict("this system runs on real time", fix="only the demo's clock can be set")
        self.clock.set_speed(speed)
        self.changes.tell_change("loop", "clock")
        self._worker.wake()

    def project(self) -> Project:
        """The live definitions; read again only when one of them has changed."""
        with self._project_lock, self._store.unit(write=False) as unit:
            revision = unit.definitions.revision()
            if self._project is None or self._project[0] != revision:
                self._project = (revision, current_project(unit))
            return self._project[1]

    def pump(self) -> None:
        if not self._loop.pump(patience=2.0):
            self._worker.wake()

    def trouble(self) -> Trouble | None:
        """Why the loop stands still, if it does."""
        return self._worker.last_error


def state_folder(database: str) -> Path:
    """Where files beside the database go (the outbox): its folder, or .metricloop here for a server's database."""
    url = make_url(database) if "://" in database else None
    if url is not None and url.get_backend_name() != "sqlite":
        return Path(".metricloop")
    path = Path(url.database or "") if url is not None else Path(database)
    return path.parent


def open_system(settings: Settings, /) -> RunningSystem:
    """The system on real time. An empty store takes the project's folder first; later the store is the truth."""
    store = open_store(settings.database)
    prepare(store, settings.project, at=SystemClock().now())
    return RunningSystem(store, settings, SystemClock())


def prepare(store: Store, project: Path, *, at: datetime) -> None:
    """Bring the store's tables up to date; an empty store takes the project's folder."""
    store.migrate()
    if not _empty(store):
        return
    try:
        apply_folder(store, project, by="serve", at=at)
    except Conflict:
        if _empty(store):
            raise
        # Another process that was started at the same time has just done it.


def _empty(store: Store) -> bool:
    with store.unit(write=False) as unit:
        return not unit.definitions.live()
