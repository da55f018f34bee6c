"""What verify needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.kernel.series import BandPanel
from metricloop.kernel.slices import Slice
from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.triage.model import Incident, TimelineEntry
from metricloop.verify.model import Watch


class WatchedIncidents(Protocol):
    """The incidents as verify sees them."""

    def get(self, number: int) -> Incident | None: ...

    def note(self, entry: TimelineEntry) -> None: ...


class JudgedBuckets(Protocol):
    """How a monitor judged its buckets."""

    def read(
        self, monitor: str, start: datetime, end: datetime, slices: Sequence[Slice] | None = None
    ) -> BandPanel: ...


class Watches(Protocol):
    def get(self, incident: int) -> Watch | None: ...

    def waiting(self) -> Sequence[Watch]: ...

    def put(self, watch: Watch) -> None: ...


class VerifyUnit(UnitOfWork, Protocol):
    @property
    def incidents(self) -> WatchedIncidents: ...

    @property
    def bands(self) -> JudgedBuckets: ...

    @property
    def watches(self) -> Watches: ...
