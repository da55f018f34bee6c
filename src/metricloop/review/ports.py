"""What review needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.review.model import Review


class Reviews(Protocol):
    def get(self, incident: int) -> Review | None: ...

    def put(self, review: Review) -> None: ...

    def published(self, limit: int = 100) -> Sequence[Review]:
        """Newest first."""
        ...


class ReviewUnit(UnitOfWork, Protocol):
    @property
    def reviews(self) -> Reviews: ...
