"""People, credentials, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, update

from metricloop.access.model import Account, ApiToken, AuditEvent, LoginLink, Person, Session
from metricloop.access.rules import audit_event
from metricloop.kernel.clock import utc
from metricloop.store.locks import hold
from metricloop.store.rows import Rows
from metricloop.store.statements import Statement
from metricloop.store.tables import access as tables

PEOPLE = Rows(tables.people, Person)
ACCOUNTS = Rows(tables.accounts, Account)
SESSIONS = Rows(tables.sessions, Session)
TOKENS = Rows(tables.api_tokens, ApiToken)
LINKS = Rows(tables.login_links, LoginLink)
AUDIT = Rows(tables.audit_events, AuditEvent)

_ALL_PEOPLE = Statement(PEOPLE.query.order_by(tables.people.c.id))
_TOKENS = TOKENS.query.order_by(tables.api_tokens.c.created_at, tables.api_tokens.c.id)
_NEWEST_LINES = AUDIT.query.order_by(tables.audit_events.c.sequence.desc())
_LAST_LINE = Statement(_NEWEST_LINES.limit(1))
_LINES = AUDIT.query.order_by(tables.audit_events.c.sequence)


class PeopleRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person: str) -> Person | None:
        return PEOPLE.get(self._connection, person)

    def all(self) -> Sequence[Person]:
        return PEOPLE.all(self._connection, _ALL_PEOPLE)

    def put(self, person: Person) -> None:
        PEOPLE.put(self._connection, person)


class CredentialsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def account(self, person: str) -> Account | None:
        return ACCOUNTS.get(self._connection, person)

    def put_account(self, account: Account) -> None:
        ACCOUNTS.put(self._connection, account)

    def session(self, id: str) -> Session | None:
        return SESSIONS.get(self._connection, id)

    def put_session(self, session: Session) -> None:
        SESSIONS.put(self._connection, session)

    def drop_session(self, id: str) -> None:
        self._connection.execute(delete(tables.sessions).where(tables.sessions.c.id == id))

    def token(self, id: str) -> ApiToken | None:
        return TOKENS.get(self._connection, id)

    def tokens(self, person: str | None = None) -> Sequence[ApiToken]:
        """Oldest first."""
        query = _TOKENS if person is None else _TOKENS.where(tables.api_tokens.c.person == person)
        return TOKENS.all(self._connection, query)

    def put_token(self, token: ApiToken) -> None:
        TOKENS.put(self._connection, token)

    def drop_token(self, id: str) -> None:
        self._connection.execute(delete(tables.api_tokens).where(tables.api_tokens.c.id == id))

    def link(self, id: str) -> LoginLink | None:
        return LINKS.get(self._connection, id)

    def put_link(self, link: LoginLink) -> None:
        LINKS.put(self._connection, link)

    def use_link(self, id: str, at: datetime) -> bool:
        unused = (tables.login_links.c.id == id) & tables.login_links.c.used_at.is_(None)
        return self._connection.execute(update(tables.login_links).where(unused).values(used_at=at)).rowcount == 1


class AuditRepository:
    """Each line is chained onto the last one. Writers queue up: a chain has one end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: AuditEvent | None = None

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
    ) -> None:
        if self._last is None:
            hold(self._connection, "audit")  # until the transaction ends; so the line before stays the last one
            self._last = AUDIT.first(self._connection, _LAST_LINE)
        line = audit_event(
            self._last,
            at=utc(at),  # the hash is over the text of the time, which comes back in UTC
            actor=actor,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            before=before,
            after=after,
        )
        _INSERT_LINE.run(self._connection, AUDIT.values(line))
        self._last = line

    def lines(self, after: int = 0, limit: int = 1000) -> Sequence[AuditEvent]:
        later = tables.audit_events.c.sequence > bindparam("after")
        return AUDIT.all(self._connection, _LINES.where(later).limit(limit), {"after": after})

    def newest(self, offset: int, limit: int) -> Sequence[AuditEvent]:
        return AUDIT.all(self._connection, _NEWEST_LINES.offset(offset).limit(limit))


_INSERT_LINE = Statement(tables.audit_events.insert().inline())
