"""Receives the streams of a project and pulls what is pulled every so often, in threads of their own.

One process receives a stream at a time: it holds a lease in the store, renewed with what it receives. Where the
process dies, another goes on when the lease has ended, and the broker sends again what was not acknowledged.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from metricloop.plugins.landed_pull import Puller
from metricloop.plugins.landed_rows import OpenLanding, Place, built, place_of
from metricloop.plugins.registry import Registry, plugin_failed
from metricloop.sdk import (
    Batch,
    Clock,
    Context,
    InvalidInput,
    LandingSource,
    PullSource,
    SourceFailed,
    StreamSource,
)
from metricloop.sdk.host import Landing, MetricloopError, Source, held, may_hold, sound

log = logging.getLogger(__name__)

LOOK_S = 1.0
SIGN = timedelta(seconds=5)  # how often a quiet stream's sign of life is written
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
FORGET = timedelta(hours=1)


class _LeaseLost(Exception):
    """Another process receives this stream now."""


class Receiver:
    """Hands what one stream sends to the store. `take` is what the plugin calls."""

    def __init__(self, stream: StreamSource, place: Place, clock: Clock, holder: str) -> None:
        self._stream = stream
        self._place = place
        self._clock = clock
        self._holder = holder
        self._written: datetime | None = None

    def receive(self, stopping: threading.Event) -> None:
        """Until told to stop, or until the lease is lost. Raises SourceFailed when the stream breaks off."""
        self._written = None
        if not may_hold(self._place.landing(), self._holder, self._clock.now()):
            return
        self._place.keep(Batch(), self._clock.now(), self._renewed)
        try:
            self._stream.consume(self._take, stopping)
        except _LeaseLost:
            log.warning("another process receives the stream %s now", self._place.source.name)
        finally:
            self._release()

    def _take(self, batch: Batch) -> None:
        now = self._clock.now()
        empty = not batch.records and not batch.refused
        if empty and self._written is not None and now - self._written < SIGN:
            return
        self._place.keep(batch, now, lambda landing: self._seen(landing, now, batch.caught_up))
        self._written = now

    def _seen(self, landing: Landing, now: datetime, caught_up: bool) -> Landing:
        renewed = self._renewed(landing)
        return sound(replace(renewed, complete_until=now)) if caught_up else renewed

    def _renewed(self, landing: Landing) -> Landing:
        now = self._clock.now()
        if not may_hold(landing, self._holder, now):
            raise _LeaseLost
        return held(landing, self._holder, now)

    def _release(self) -> None:
        def let_go(landing: Landing) -> Landing:
            return replace(landing, holder=None, held_until=None) if landing.holder == self._holder else landing

        self._place.keep(Batch(), self._clock.now(), let_go)


@dataclass
class _Running:
    """A thread for one source; `mark` says for which options."""

    mark: str
    made: LandingSource
    thread: threading.Thread
    stopping: threading.Event = field(default_factory=threading.Event)


class Streams:
    """Keeps a thread for every source of the project that streams, is pulled every so often, or forgets old rows.

    `sources` is asked again and again, so that new, changed and removed sources are followed.
    """

    def __init__(
        self,
        registry: Registry,
        context: Context,
        open_unit: OpenLanding,
        sources: Callable[[], Mapping[str, Source]],
    ) -> None:
        self._registry = registry
        self._context = context
        self._open_unit = open_unit
        self._sources = sources
        self._holder = uuid.uuid4().hex
        self._running: dict[str, _Running] = {}
        self._left_out: dict[str, str] = {}  # by name, the mark of sources that land nothing or cannot be opened
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._watch, name="streams", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends what is being received after the batch that is being committed."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        for name in list(self._running):
            self._end(name)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow(self._sources())
            except Exception:
                log.exception("the sources of the project cannot be looked at; it is tried again")
            self._stopping.wait(LOOK_S)

    def _follow(self, sources: Mapping[str, Source]) -> None:
        for name in [name for name in self._running if name not in sources]:
            self._end(name)
        for name, source in sources.items():
            if self._stopping.is_set():
                return
            running = self._running.get(name)
            if _mark(source) in (running.mark if running else None, self._left_out.get(name)):
                continue
            if running is not None:
                self._end(name)
            self._begin(source)

    def _begin(self, source: Source) -> None:
        try:
            made = built(self._registry, self._context, source)
        except (InvalidInput, SourceFailed) as error:
            log.error("the source %s cannot be opened: %s", source.name, error)
            made = None
        if made is None:
            self._left_out[source.name] = _mark(source)
            return
        self._left_out.pop(source.name, None)
        place = place_of(source, made, self._open_unit)
        stopping = threading.Event()
        thread = threading.Thread(
            target=self._keep_on, args=(made, place, stopping), name=f"land-{source.name}", daemon=True
        )
        self._running[source.name] = _Running(_mark(source), made, thread, stopping)
        thread.start()

    def _end(self, name: str) -> None:
        running = self._running.pop(name)
        running.stopping.set()
        running.thread.join(timeout=10)
        running.made.close()

    def _keep_on(self, made: LandingSource, place: Place, stopping: threading.Event) -> None:
        """Whatever goes wrong is written down and tried again, after a wait that grows."""
        clock = self._context.clock
        turn = _turn_of(made, place, clock, self._holder)
        wait, forgot = FIRST_WAIT_S, clock.now() - FORGET
        while not stopping.is_set():
            try:
                if clock.now() - forgot >= FORGET:
                    forgot = clock.now()
                    place.forget(forgot)
                turn(stopping)
                wait = FIRST_WAIT_S
                stopping.wait(LOOK_S)
            except SourceFailed as error:
                # Without its cause: the texts of drivers may hold addresses with passwords in them.
                log.warning("the source %s broke off; it is tried again: %s", place.source.name, error)
                wait = _rest(place, error, clock, stopping, wait)
            except Exception as error:
                log.exception("the source %s broke off; it is tried again", place.source.name)
                wait = _rest(place, plugin_failed("stream", place.source.plugin, error), clock, stopping, wait)


Turn = Callable[[threading.Event], object]


def _turn_of(made: LandingSource, place: Place, clock: Clock, holder: str) -> Turn:
    """What the thread of this source does again and again."""
    if isinstance(made, StreamSource):
        return Receiver(made, place, clock, holder).receive
    every = place.declared.every_s
    if isinstance(made, PullSource) and every is not None:
        puller, age = Puller(made, place, clock), timedelta(seconds=every)
        return lambda stopping: puller.pull_if_older(age)
    return lambda stopping: stopping.wait(60.0)  # nothing but to forget old rows now and then


def _rest(place: Place, error: SourceFailed, clock: Clock, stopping: threading.Event, wait: float) -> float:
    """Write the failure down and wait; gives back how long to wait next time."""
    try:
        place.fail(error, clock.now())
    except MetricloopError as worse:
        log.error("that could not be written down: %s", worse)
    stopping.wait(wait)
    return min(2 * wait, LONGEST_WAIT_S)


def _mark(source: Source) -> str:
    return f"{source.plugin} {sorted(source.options.items(), key=str)!r}"
