"""What access needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.access.model import Account, ApiToken, AuditEvent, LoginLink, Person, Session
from metricloop.kernel.unit_of_work import Audit, UnitOfWork


class People(Protocol):
    def get(self, person: str) -> Person | None: ...

    def all(self) -> Sequence[Person]: ...

    def put(self, person: Person) -> None: ...


class Credentials(Protocol):
    """Accounts, sessions, tokens and log-in links; ids are hashes of secrets."""

    def account(self, person: str) -> Account | None: ...

    def put_account(self, account: Account) -> None: ...

    def session(self, id: str) -> Session | None: ...

    def put_session(self, session: Session) -> None: ...

    def drop_session(self, id: str) -> None: ...

    def token(self, id: str) -> ApiToken | None: ...

    def tokens(self, person: str | None = None) -> Sequence[ApiToken]: ...

    def put_token(self, token: ApiToken) -> None: ...

    def drop_token(self, id: str) -> None: ...

    def link(self, id: str) -> LoginLink | None: ...

    def put_link(self, link: LoginLink) -> None: ...

    def use_link(self, id: str, at: datetime) -> bool:
        """Mark the link used; False when it was used before (so that two clicks race safely)."""
        ...


class AuditTrail(Audit, Protocol):
    """The trail as it is read."""

    def lines(self, after: int = 0, limit: int = 1000) -> Sequence[AuditEvent]:
        """Oldest first, from sequence `after` (exclusive)."""
        ...

    def newest(self, offset: int, limit: int) -> Sequence[AuditEvent]: ...


class Passwords(Protocol):
    """Hashes and checks passwords (argon2id outside the core)."""

    def hash(self, password: str) -> str: ...

    def matches(self, password_hash: str, password: str) -> bool: ...


class Secrets(Protocol):
    """Makes unguessable secrets."""

    def new(self) -> str: ...


class AccessUnit(UnitOfWork, Protocol):
    @property
    def people(self) -> People: ...

    @property
    def credentials(self) -> Credentials: ...

    @property
    def audit(self) -> AuditTrail: ...
