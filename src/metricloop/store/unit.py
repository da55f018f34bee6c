"""The unit of work: every repository, in one transaction that is kept or undone as a whole."""

from __future__ import annotations

from functools import cached_property
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from metricloop.kernel.errors import Bug
from metricloop.store.repositories.access import AuditRepository, CredentialsRepository, PeopleRepository
from metricloop.store.repositories.action import ProposalsRepository, RunsRepository, TasksRepository
from metricloop.store.repositories.axes import Axes, AxisMemory
from metricloop.store.repositories.bands import BandsRepository
from metricloop.store.repositories.collections import CollectionsRepository
from metricloop.store.repositories.definitions import DefinitionsRepository, SettingsRepository, SiteRepository
from metricloop.store.repositories.detection import AnomaliesRepository, StatesRepository
from metricloop.store.repositories.incidents import (
    AssignmentsRepository,
    AttributionsRepository,
    IncidentsRepository,
    ReviewsRepository,
    WatchesRepository,
)
from metricloop.store.repositories.labels import LabelMemory, LabelsRepository
from metricloop.store.repositories.landed import LandedRepository
from metricloop.store.repositories.loop import EventLogRepository
from metricloop.store.repositories.outbox import OutboxRepository
from metricloop.store.repositories.points import PointsRepository
from metricloop.store.transactions import Transactions


class Unit:
    """Satisfies `loop.ports.LoopUnit`. Enter it once, with `with`; every repository belongs to its transaction."""

    def __init__(self, transactions: Transactions, axes: AxisMemory, labels: LabelMemory, *, write: bool) -> None:
        self._transactions = transactions
        self._axis_memory = axes
        self._label_memory = labels
        self._write = write
        self._spent = False
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        if self._spent:
            raise Bug("a unit of work is entered a second time")
        self._spent = True
        self._connection = self._transactions.begin(write=self._write)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, axes = self.connection, self._axes
        self._connection = None
        for name in _REPOSITORIES:
            self.__dict__.pop(name, None)  # a repository asked for from now on is a Bug, not an old connection
        self._transactions.end(connection, keep=error is None)
        if error is None:
            axes.remember()

    @property
    def connection(self) -> Connection:
        """For the job engine, which enqueues in the same transaction. Nobody else needs it."""
        if self._connection is None:
            raise Bug("a unit of work is used outside its 'with' block")
        return self._connection

    @cached_property
    def _axes(self) -> Axes:
        return Axes(self.connection, self._axis_memory)

    @cached_property
    def people(self) -> PeopleRepository:
        return PeopleRepository(self.connection)

    @cached_property
    def credentials(self) -> CredentialsRepository:
        return CredentialsRepository(self.connection)

    @cached_property
    def audit(self) -> AuditRepository:
        return AuditRepository(self.connection)

    @cached_property
    def definitions(self) -> DefinitionsRepository:
        return DefinitionsRepository(self.connection)

    @cached_property
    def points(self) -> PointsRepository:
        return PointsRepository(self.connection, self._axes)

    @cached_property
    def collections(self) -> CollectionsRepository:
        return CollectionsRepository(self.connection)

    @cached_property
    def landed(self) -> LandedRepository:
        return LandedRepository(self.connection)

    @cached_property
    def bands(self) -> BandsRepository:
        return BandsRepository(self.connection, self._axes)

    @cached_property
    def anomalies(self) -> AnomaliesRepository:
        return AnomaliesRepository(self.connection)

    @cached_property
    def labels(self) -> LabelsRepository:
        return LabelsRepository(self.connection, self._label_memory)

    @cached_property
    def states(self) -> StatesRepository:
        return StatesRepository(self.connection)

    @cached_property
    def attributions(self) -> AttributionsRepository:
        return AttributionsRepository(self.connection)

    @cached_property
    def incidents(self) -> IncidentsRepository:
        return IncidentsRepository(self.connection)

    @cached_property
    def assignments(self) -> AssignmentsRepository:
        return AssignmentsRepository(self.connection)

    @cached_property
    def outbox(self) -> OutboxRepository:
        return OutboxRepository(self.connection)

    @cached_property
    def runs(self) -> RunsRepository:
        return RunsRepository(self.connection)

    @cached_property
    def tasks(self) -> TasksRepository:
        return TasksRepository(self.connection)

    @cached_property
    def site(self) -> SiteRepository:
        return SiteRepository(self.connection)

    @cached_property
    def settings(self) -> SettingsRepository:
        return SettingsRepository(self.connection)

    @cached_property
    def watches(self) -> WatchesRepository:
        return WatchesRepository(self.connection)

    @cached_property
    def reviews(self) -> ReviewsRepository:
        return ReviewsRepository(self.connection)

    @cached_property
    def proposals(self) -> ProposalsRepository:
        return ProposalsRepository(self.connection)

    @cached_property
    def events(self) -> EventLogRepository:
        return EventLogRepository(self.connection)


_REPOSITORIES = [name for name, member in vars(Unit).items() if isinstance(member, cached_property)]
