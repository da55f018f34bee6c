"""Runs with their effects, tasks, proposals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, nulls_last

from metricloop.act.model import Effect, Run, RunStatus, Task, TaskState
from metricloop.kernel.errors import Conflict
from metricloop.store.rows import Rows
from metricloop.store.statements import Statement
from metricloop.store.tables import action as tables
from metricloop.tune.model import Proposal, ProposalState

RUNS = Rows(tables.runs, Run)
EFFECTS = Rows(tables.effects, Effect)
TASKS = Rows(tables.tasks, Task)
PROPOSALS = Rows(tables.proposals, Proposal)

_r, _e, _t, _p = tables.runs.c, tables.effects.c, tables.tasks.c, tables.proposals.c
_RUNS = RUNS.query.order_by(_r.started_at, _r.id)
_OF_INCIDENT = Statement(_RUNS.where(_r.incident == bindparam("of")))
_EFFECTS = EFFECTS.query.order_by(_e.created_at, _e.key)
_TASKS = TASKS.query.order_by(nulls_last(_t.due_at), _t.created_at, _t.id)
_PROPOSALS = PROPOSALS.query.order_by(_p.created_at.desc(), _p.id)


class RunsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Run | None:
        return RUNS.get(self._connection, id)

    def of_incident(self, incident: int) -> Sequence[Run]:
        return RUNS.all(self._connection, _OF_INCIDENT, {"of": incident})

    def find(self, *, statuses: Sequence[RunStatus] = (), limit: int = 100) -> Sequence[Run]:
        """Oldest first. Empty `statuses`: any."""
        where: list[ColumnElement[bool]] = [_r.status.in_(list(statuses))] if statuses else []
        return RUNS.all(self._connection, _RUNS.where(*where).limit(limit))

    def add(self, run: Run) -> None:
        RUNS.add(self._connection, run)

    def save(self, run: Run) -> Run:
        saved = RUNS.swap(self._connection, run, "epoch")
        if saved is None:
            raise Conflict(f"run {run.id} has moved on", fix="read it again and repeat")
        return saved

    def effect(self, key: str) -> Effect | None:
        return EFFECTS.get(self._connection, key)

    def put_effect(self, effect: Effect) -> None:
        EFFECTS.put(self._connection, effect)

    def effects(self, *, open_only: bool = False, run: str | None = None) -> Sequence[Effect]:
        """Oldest first. Open: intended, and no outcome known yet."""
        where: list[ColumnElement[bool]] = [_e.done_at.is_(None)] if open_only else []
        if run is not None:
            where.append(_e.run == run)
        return EFFECTS.all(self._connection, _EFFECTS.where(*where))


class TasksRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Task | None:
        return TASKS.get(self._connection, id)

    def add(self, task: Task) -> None:
        TASKS.add(self._connection, task)

    def save(self, task: Task) -> Task:
        saved = TASKS.swap(self._connection, task, "revision")
        if saved is None:
            raise Conflict(f"task {task.id} has changed meanwhile", fix="read it again and repeat")
        return saved

    def find(
        self,
        *,
        assignee: str | None = None,
        incident: int | None = None,
        states: Sequence[TaskState] = (),
        limit: int = 200,
    ) -> Sequence[Task]:
        """Tasks without a due time come last. Empty `states`: any."""
        where: list[ColumnElement[bool]] = [_t.state.in_(list(states))] if states else []
        if assignee is not None:
            where.append(_t.assignee == assignee)
        if incident is not None:
            where.append(_t.incident == incident)
        return TASKS.all(self._connection, _TASKS.where(*where).limit(limit))


class ProposalsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Proposal | None:
        return PROPOSALS.get(self._connection, id)

    def find(
        self, *, states: Sequence[ProposalState] = (), monitor: str | None = None, limit: int = 100
    ) -> Sequence[Proposal]:
        """Empty `states`: any."""
        where: list[ColumnElement[bool]] = [_p.state.in_(list(states))] if states else []
        if monitor is not None:
            where.append(_p.monitor == monitor)
        return PROPOSALS.all(self._connection, _PROPOSALS.where(*where).limit(limit))

    def add(self, proposal: Proposal) -> None:
        PROPOSALS.add(self._connection, proposal)

    def save(self, proposal: Proposal) -> Proposal:
        saved = PROPOSALS.swap(self._connection, proposal, "revision")
        if saved is None:
            raise Conflict(f"proposal {proposal.id} has changed meanwhile", fix="read it again and repeat")
        return saved
