"""What detect needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.detect.model import Anomaly, DetectorState, Label
from metricloop.kernel.series import BandPanel, Panel
from metricloop.kernel.slices import Slice
from metricloop.kernel.unit_of_work import UnitOfWork


class StoredPoints(Protocol):
    """The stored hourly points, as collected."""

    def axis(self, metric: str) -> tuple[Slice, ...]: ...

    def read(self, metric: str, start: datetime, end: datetime) -> Panel:
        """Hourly buckets that begin in [start, end) and are stored, oldest first, all slices of the axis."""
        ...

    def span(self, metric: str) -> tuple[datetime, datetime] | None:
        """Start of the first bucket and end of the last one, or None."""
        ...


class Bands(Protocol):
    """What each monitor expected and how it judged, packed like points; the newest judgement of a bucket wins."""

    def put(self, monitor: str, version: int, panel: BandPanel) -> None: ...

    def read(
        self, monitor: str, start: datetime, end: datetime, slices: Sequence[Slice] | None = None
    ) -> BandPanel: ...

    def judged_until(self, monitor: str) -> datetime | None:
        """End of the last bucket this monitor has judged."""
        ...

    def set_judged_until(self, monitor: str, until: datetime) -> None: ...


class Anomalies(Protocol):
    def get(self, id: str) -> Anomaly | None: ...

    def open_of(self, monitor: str) -> Sequence[Anomaly]:
        """Open anomalies of a monitor, by slice."""
        ...

    def of(self, ids: Sequence[str]) -> Sequence[Anomaly]: ...

    def between(self, metric: str, start: datetime, end: datetime) -> Sequence[Anomaly]:
        """Anomalies of a metric that touch [start, end), oldest first."""
        ...

    def put(self, anomaly: Anomaly) -> None: ...


class Labels(Protocol):
    def get(self, id: str) -> Label | None: ...

    def of_metric(self, metric: str) -> Sequence[Label]:
        """Labels of a metric that are not withdrawn, oldest first."""
        ...

    def of_incident(self, incident: int) -> Sequence[Label]: ...

    def put(self, label: Label) -> None: ...


class States(Protocol):
    """Checkpoints of detectors."""

    def latest(self, monitor: str, version: int, before: datetime | None = None) -> DetectorState | None:
        """The newest checkpoint whose `until` is at or before `before` (any when None)."""
        ...

    def put(self, state: DetectorState) -> None: ...

    def drop_after_metric(self, metric: str, at: datetime) -> None:
        """Forget checkpoints of all monitors on `metric` later than `at`: what they learnt from has changed."""
        ...


class DetectUnit(UnitOfWork, Protocol):
    @property
    def points(self) -> StoredPoints: ...

    @property
    def bands(self) -> Bands: ...

    @property
    def anomalies(self) -> Anomalies: ...

    @property
    def labels(self) -> Labels: ...

    @property
    def states(self) -> States: ...
