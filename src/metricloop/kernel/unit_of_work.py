"""One unit of work is one transaction: all of it is kept, or none of it."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from metricloop.kernel.events import Events


class Audit(Protocol):
    """Append-only. `record` chains a line onto the last one inside the same transaction."""

    def record(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject_kind: str,
        subject_id: str,
        before: str | None = None,
        after: str | None = None,
    ) -> None: ...


class UnitOfWork(Protocol):
    """Entered with `with`; commits when the block ends well, rolls back when it raises.

    Stages narrow this protocol with the repositories they need; one class in `store` satisfies them all.
    """

    @property
    def events(self) -> Events: ...

    @property
    def audit(self) -> Audit: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
