"""Incidents with their timelines, attributions, assignments, watches and reviews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, func, or_, select

from metricloop.assign.model import Assignment
from metricloop.attribute.model import Attribution
from metricloop.kernel.errors import Conflict
from metricloop.review.model import Review
from metricloop.store.locks import hold
from metricloop.store.rows import Rows, Upserts
from metricloop.store.statements import Statement
from metricloop.store.tables import incidents as tables
from metricloop.triage.model import Incident, IncidentState, TimelineEntry
from metricloop.verify.model import Outcome, Watch

INCIDENTS = Rows(tables.incidents, Incident)
TIMELINE = Rows(tables.timeline, TimelineEntry)
ATTRIBUTIONS = Rows(tables.attributions, Attribution)
ASSIGNMENTS = Rows(tables.assignments, Assignment)
WATCHES = Rows(tables.watches, Watch)
REVIEWS = Rows(tables.reviews, Review)

_OVER = (IncidentState.CLOSED, IncidentState.MERGED, IncidentState.FALSE_ALARM, IncidentState.EXPECTED)

_i = tables.incidents.c
_NUMBER = Statement(select(func.coalesce(func.max(_i.number), 0)))
_LIVE = INCIDENTS.query.where(_i.state.not_in(_OVER)).order_by(_i.number)
_TOUCHING = Statement(
    INCIDENTS.query.where(_i.started_at < bindparam("stop"))
    .where(or_(_i.ended_at.is_(None), _i.ended_at > bindparam("begin")))
    .order_by(_i.number)
)
# A merged incident keeps its anomalies as history; they belong to the one it was merged into.
_OF_ANOMALY = Statement(
    INCIDENTS.query.join(tables.incident_anomalies, tables.incident_anomalies.c.incident == _i.number)
    .where(tables.incident_anomalies.c.anomaly == bindparam("of"))
    .order_by(_i.state == IncidentState.MERGED, _i.number.desc())
    .limit(1)
)
_TIMELINE = Statement(
    TIMELINE.query.where(tables.timeline.c.incident == bindparam("of")).order_by(
        tables.timeline.c.at, tables.timeline.c.sequence
    )
)
_ATTRIBUTION = Statement(
    ATTRIBUTIONS.query.where(tables.attributions.c.incident == bindparam("of"))
    .order_by(tables.attributions.c.made_at.desc())
    .limit(1)
)
_ASSIGNED = ASSIGNMENTS.query.where(tables.assignments.c.incident == bindparam("of"))
_OLDEST_FIRST = (tables.assignments.c.at, tables.assignments.c.sequence)
_ASSIGNMENTS = Statement(_ASSIGNED.order_by(*_OLDEST_FIRST))
_LATEST_ASSIGNMENT = Statement(_ASSIGNED.order_by(*(column.desc() for column in _OLDEST_FIRST)).limit(1))
_WAITING = Statement(
    WATCHES.query.where(tables.watches.c.outcome == Outcome.WAITING).order_by(tables.watches.c.incident)
)
_PUBLISHED = Statement(
    REVIEWS.query.where(tables.reviews.c.published_at.is_not(None))
    .order_by(tables.reviews.c.published_at.desc(), tables.reviews.c.incident.desc())
    .limit(bindparam("most"))
)


class IncidentsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        hold(self._connection, "incident number")
        return int(_NUMBER.value(self._connection) or 0) + 1

    def get(self, number: int) -> Incident | None:
        return INCIDENTS.get(self._connection, number)

    def live(self) -> Sequence[Incident]:
        return INCIDENTS.all(self._connection, _LIVE)

    def touching(self, start: datetime, end: datetime) -> Sequence[Incident]:
        """Those that share an instant with [start, end); a span that has not ended reaches on without end."""
        return INCIDENTS.all(self._connection, _TOUCHING, {"begin": start, "stop": end})

    def of_anomaly(self, anomaly: str) -> Incident | None:
        return INCIDENTS.first(self._connection, _OF_ANOMALY, {"of": anomaly})

    def add(self, incident: Incident) -> None:
        if not INCIDENTS.add(self._connection, incident):
            raise Conflict(f"an incident {incident.number} or with key {incident.key!r} exists already")
        self._link(incident)

    def save(self, incident: Incident) -> Incident:
        saved = INCIDENTS.swap(self._connection, incident, "revision")
        if saved is None:
            raise Conflict(f"incident {incident.number} has changed meanwhile", fix="read it again and repeat")
        self._link(saved)
        return saved

    def find(
        self,
        *,
        states: Sequence[IncidentState] = (),
        metric: str | None = None,
        owner: str | None = None,
        numbers: Sequence[int] | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[Sequence[Incident], int]:
        """`metric`: leading or not. Empty `states`: any; empty `numbers`: none."""
        where = list(_matching(states, metric, owner, numbers))
        page = INCIDENTS.query.where(*where).order_by(_i.number.desc()).limit(limit).offset(offset)
        count = select(func.count()).select_from(tables.incidents).where(*where)
        return INCIDENTS.all(self._connection, page), int(self._connection.execute(count).scalar_one())

    def note(self, entry: TimelineEntry) -> None:
        TIMELINE.add(self._connection, entry)

    def timeline(self, number: int) -> Sequence[TimelineEntry]:
        return TIMELINE.all(self._connection, _TIMELINE, {"of": number})

    def _link(self, incident: Incident) -> None:
        self._relink(tables.incident_anomalies, _ANOMALY_LINKS, "anomaly", incident.number, incident.anomalies)
        self._relink(tables.incident_metrics, _METRIC_LINKS, "metric", incident.number, incident.metrics)

    def _relink(self, links: Table, upserts: Upserts, column: str, number: int, wanted: Iterable[str]) -> None:
        """Make the rows of a link table say what the incident says; they exist only to be searched."""
        kept = set(self._connection.execute(select(links.c[column]).where(links.c.incident == number)).scalars())
        gone, new = kept - set(wanted), set(wanted) - kept
        if gone:
            which = (links.c.incident == number) & links.c[column].in_(sorted(gone))
            self._connection.execute(delete(links).where(which))
        if new:
            rows = [{column: value, "incident": number} for value in sorted(new)]
            upserts.of(self._connection, replace=False).run_many(self._connection, rows)


_ANOMALY_LINKS = Upserts(tables.incident_anomalies)
_METRIC_LINKS = Upserts(tables.incident_metrics)


def _matching(
    states: Sequence[IncidentState], metric: str | None, owner: str | None, numbers: Sequence[int] | None
) -> Iterable[ColumnElement[bool]]:
    if states:
        yield _i.state.in_(list(states))
    if metric is not None:
        links = tables.incident_metrics.c
        yield _i.number.in_(select(links.incident).where(links.metric == metric))
    if owner is not None:
        yield _i.owner == owner
    if numbers is not None:
        yield _i.number.in_(list(numbers))


class AttributionsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incident: int) -> Attribution | None:
        return ATTRIBUTIONS.first(self._connection, _ATTRIBUTION, {"of": incident})

    def put(self, attribution: Attribution) -> None:
        """Earlier ones stay; one made at the same time is replaced."""
        ATTRIBUTIONS.put(self._connection, attribution)


class AssignmentsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, incident: int) -> Assignment | None:
        return ASSIGNMENTS.first(self._connection, _LATEST_ASSIGNMENT, {"of": incident})

    def of(self, incident: int) -> Sequence[Assignment]:
        return ASSIGNMENTS.all(self._connection, _ASSIGNMENTS, {"of": incident})

    def add(self, assignment: Assignment) -> None:
        """The same id again changes nothing."""
        ASSIGNMENTS.add(self._connection, assignment)


class WatchesRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incident: int) -> Watch | None:
        return WATCHES.get(self._connection, incident)

    def waiting(self) -> Sequence[Watch]:
        """By incident."""
        return WATCHES.all(self._connection, _WAITING)

    def put(self, watch: Watch) -> None:
        WATCHES.put(self._connection, watch)


class ReviewsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, incident: int) -> Review | None:
        return REVIEWS.get(self._connection, incident)

    def put(self, review: Review) -> None:
        REVIEWS.put(self._connection, review)

    def published(self, limit: int = 100) -> Sequence[Review]:
        return REVIEWS.all(self._connection, _PUBLISHED, {"most": limit})
