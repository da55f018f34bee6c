"""What review needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.attribute.model import Attribution
from metricloop.detect.model import Label
from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.review.model import Review
from metricloop.triage.model import Incident, TimelineEntry


class RecordedIncidents(Protocol):
    """The incidents as review sees them."""

    def get(self, number: int) -> Incident | None: ...

    def timeline(self, number: int) -> Sequence[TimelineEntry]: ...


class RecordedAttributions(Protocol):
    def get(self, incident: int) -> Attribution | None: ...


class RecordedLabels(Protocol):
    def of_incident(self, incident: int) -> Sequence[Label]: ...


class Reviews(Protocol):
    def get(self, incident: int) -> Review | None: ...

    def put(self, review: Review) -> None: ...

    def published(self, limit: int = 100) -> Sequence[Review]:
        """Newest first."""
        ...


class ReviewUnit(UnitOfWork, Protocol):
    @property
    def incidents(self) -> RecordedIncidents: ...

    @property
    def attributions(self) -> RecordedAttributions: ...

    @property
    def labels(self) -> RecordedLabels: ...

    @property
    def reviews(self) -> Reviews: ...
