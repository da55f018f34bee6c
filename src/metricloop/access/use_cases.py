"""Who gets in: log-in by password, link or token, and what ends it.

`at` is the wall clock's time, never the demo's: a session must not run out because the demo runs fast.
Secrets are given out once and kept as SHA-256 only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from metricloop.access.credentials import (
    LINK_VALID,
    SESSION_STEP,
    TOKEN_STEP,
    check_password,
    fingerprint,
    session_end,
)
from metricloop.access.model import Account, ApiToken, Caller, LoginLink, Permission, Person, Role, Session
from metricloop.access.ports import AccessUnit, Passwords, Secrets
from metricloop.access.rules import permissions
from metricloop.kernel.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted

_AGAIN = "log in again"


def create_account(
    unit: AccessUnit, person: str, password: str, *, passwords: Passwords, by: str, at: datetime
) -> Account:
    """Give a person of the project a local log-in, or set its password anew: sessions from before end."""
    _person(unit, person)
    check_password(person, password)
    known = unit.credentials.account(person)
    account = Account(person=person, password_hash=passwords.hash(password), created_at=at)
    unit.credentials.put_account(account)
    action = "account.password_set" if known else "account.created"
    unit.audit.record(at=at, actor=by, action=action, subject_kind="person", subject_id=person)
    return account


def set_password(
    unit: AccessUnit, person: str, password: str, *, passwords: Passwords, by: str, at: datetime
) -> Account:
    """As `create_account`, but only for an account that exists."""
    if unit.credentials.account(person) is None:
        raise NotFound(f"{person!r} has no account", fix="create it first")
    return create_account(unit, person, password, passwords=passwords, by=by, at=at)


def disable_account(unit: AccessUnit, person: str, *, by: str, at: datetime) -> None:
    """Shut a person out at once: password, sessions and tokens stop working. Setting a password opens it again."""
    account = unit.credentials.account(person)
    if account is None:
        raise NotFound(f"{person!r} has no account")
    unit.credentials.put_account(replace(account, disabled=True))
    unit.audit.record(at=at, actor=by, action="account.disabled", subject_kind="person", subject_id=person)


def check_log_in(unit: AccessUnit, person: str, password: str, *, passwords: Passwords) -> Person:
    """The person whose name and password these are. Raises NotAuthenticated, and takes as long for a name nobody has.

    Only reads, so that the slow check holds no write lock; `log_in` follows in a unit that writes.
    """
    account = unit.credentials.account(person)
    known = unit.people.get(person)
    if account is None or account.disabled or known is None:
        passwords.hash(password)  # as slow as a check: the time must not tell which names exist
        raise _wrong()
    if not passwords.matches(account.password_hash, password):
        raise _wrong()
    return known


def _wrong() -> NotAuthenticated:
    return NotAuthenticated("name and password do not fit", fix="check both; an administrator can set a new password")


def log_in(unit: AccessUnit, person: Person, *, secrets: Secrets, at: datetime) -> tuple[Session, str]:
    """Open a session for a person whose password was just checked; gives back the cookie's secret, too."""
    session, secret = _open_session(unit, person.id, secrets, at)
    unit.audit.record(
        at=at, actor=person.id, action="session.opened", subject_kind="person", subject_id=person.id, after="password"
    )
    return session, secret


def log_out(unit: AccessUnit, secret: str, *, at: datetime) -> None:
    """End the session; ending one that is gone does no harm."""
    session = unit.credentials.session(fingerprint(secret))
    if session is None:
        return
    unit.credentials.drop_session(session.id)
    unit.audit.record(
        at=at, actor=session.person, action="session.closed", subject_kind="person", subject_id=session.person
    )


def make_link(unit: AccessUnit, person: str, *, secrets: Secrets, by: str, at: datetime) -> str:
    """The secret of a link that logs `person` in once within 15 minutes. The door takes it from this computer only."""
    _person(unit, person)
    secret = secrets.new()
    unit.credentials.put_link(LoginLink(fingerprint(secret), person, created_at=at, expires_at=at + LINK_VALID))
    unit.audit.record(at=at, actor=by, action="link.made", subject_kind="person", subject_id=person)
    return secret


def use_link(unit: AccessUnit, secret: str, *, secrets: Secrets, at: datetime) -> tuple[Session, str]:
    """Open a session by a log-in link. Raises NotAuthenticated when it is unknown, too old or used before."""
    link = unit.credentials.link(fingerprint(secret))
    fix = "make a new one: metricloop user link"
    if link is None:
        raise NotAuthenticated("this log-in link is not known", fix=fix)
    if at >= link.expires_at:
        raise NotAuthenticated("this log-in link is too old", fix=fix)
    _able(unit, link.person, since=link.created_at)
    if not unit.credentials.use_link(link.id, at):
        raise NotAuthenticated("this log-in link was used before", fix=fix)
    session, cookie = _open_session(unit, link.person, secrets, at)
    unit.audit.record(
        at=at, actor=link.person, action="session.opened", subject_kind="person", subject_id=link.person, after="link"
    )
    return session, cookie


def _open_session(unit: AccessUnit, person: str, secrets: Secrets, at: datetime) -> tuple[Session, str]:
    secret = secrets.new()
    session = Session(fingerprint(secret), person, created_at=at, expires_at=session_end(at, at))
    unit.credentials.put_session(session)
    return session, secret


def session_caller(unit: AccessUnit, secret: str, *, at: datetime) -> Caller:
    """Who holds this cookie. Raises NotAuthenticated when the session has ended. Only reads."""
    session = unit.credentials.session(fingerprint(secret))
    if session is None or at >= session.expires_at:
        raise NotAuthenticated("the session has ended", fix=_AGAIN)
    person = _able(unit, session.person, since=session.created_at)
    return Caller(person=person, roles=person.roles, via="session")


def session_needs_renewal(unit: AccessUnit, secret: str, *, at: datetime) -> bool:
    """Whether the session was used long enough after it was last noted that `renew_session` is worth a write."""
    session = unit.credentials.session(fingerprint(secret))
    return session is not None and session_end(session.created_at, at) - session.expires_at >= SESSION_STEP


def renew_session(unit: AccessUnit, secret: str, *, at: datetime) -> None:
    """Note that the session is in use, so that its 12 hours of rest begin anew."""
    session = unit.credentials.session(fingerprint(secret))
    if session is not None and at < session.expires_at:
        unit.credentials.put_session(replace(session, expires_at=session_end(session.created_at, at)))


def token_caller(unit: AccessUnit, secret: str, *, at: datetime) -> Caller:
    """Who holds this API token: never more roles than its person has now. Raises NotAuthenticated. Only reads."""
    token = unit.credentials.token(fingerprint(secret))
    if token is None or (token.expires_at is not None and at >= token.expires_at):
        raise NotAuthenticated("this API token is not known or has expired", fix="make a new one in the settings")
    person = _able(unit, token.person, since=None)
    roles = tuple(r for r in token.roles if r in person.roles)
    return Caller(person=person, roles=roles, via="token", sources=token.sources)


def token_needs_note(unit: AccessUnit, secret: str, *, at: datetime) -> bool:
    """Whether the token's last use lies long enough back that `note_token` is worth a write."""
    token = unit.credentials.token(fingerprint(secret))
    return token is not None and (token.last_used_at is None or at - token.last_used_at >= TOKEN_STEP)


def note_token(unit: AccessUnit, secret: str, *, at: datetime) -> None:
    """Note when the token was last used, to ten minutes."""
    token = unit.credentials.token(fingerprint(secret))
    if token is not None:
        unit.credentials.put_token(replace(token, last_used_at=at))


def issue_token(
    unit: AccessUnit,
    caller: Caller,
    name: str,
    roles: Sequence[Role],
    *,
    expires_at: datetime | None,
    secrets: Secrets,
    at: datetime,
    sources: Sequence[str] | None = None,
) -> tuple[ApiToken, str]:
    """A credential for the caller's scripts, with some of the caller's roles; gives back the secret this one time.

    sources: one that may push records to these sources and do nothing else; that they exist is not checked.
    """
    if caller.via == "token":
        raise NotPermitted("a token may not make tokens", fix="log in and make it in the settings")
    if not name.strip() or not roles:
        raise InvalidInput("a token needs a name and at least one role", fix="say what it is for and what it may do")
    beyond = sorted(role.value for role in roles if role not in caller.roles)
    if beyond:
        raise NotPermitted(f"you do not have the roles {', '.join(beyond)}", fix="choose among your own roles")
    if expires_at is not None and expires_at <= at:
        raise InvalidInput("the token would have expired already", fix="choose a later time, or none")
    if sources is not None and Permission.POINTS_PUSH not in permissions(roles):
        raise InvalidInput("none of these roles may push records", fix="add a role that may: steward or administrator")
    secret = f"mlt_{secrets.new()}"
    scope = None if sources is None else tuple(sources)
    token = ApiToken(fingerprint(secret), name.strip(), caller.person.id, tuple(roles), at, expires_at, sources=scope)
    unit.credentials.put_token(token)
    _record_token(unit, "token.issued", token, caller, at)
    return token, secret


def revoke_token(unit: AccessUnit, caller: Caller, id: str, *, may_manage: bool, at: datetime) -> None:
    """Make a token worthless. One's own always; another person's only with `may_manage`."""
    token = unit.credentials.token(id)
    if token is None or not (may_manage or token.person == caller.person.id):
        raise NotFound("there is no such token of yours")
    unit.credentials.drop_token(id)
    _record_token(unit, "token.revoked", token, caller, at)


def _record_token(unit: AccessUnit, action: str, token: ApiToken, caller: Caller, at: datetime) -> None:
    unit.audit.record(
        at=at,
        actor=caller.person.id,
        action=action,
        subject_kind="token",
        subject_id=token.id[:12],
        after=f"{token.person}: {token.name}, {', '.join(role.value for role in token.roles)}{_scope(token)}",
    )


def _scope(token: ApiToken) -> str:
    return "" if token.sources is None else f", only to push to {', '.join(token.sources)}"


def set_language(unit: AccessUnit, caller: Caller, language: str, *, at: datetime) -> Caller:
    """The language in which this person reads pages and messages."""
    person = replace(caller.person, language=language)
    unit.people.put(person)
    unit.audit.record(
        at=at,
        actor=person.id,
        action="person.language_set",
        subject_kind="person",
        subject_id=person.id,
        before=caller.person.language,
        after=language,
    )
    return replace(caller, person=person)


def granted(caller: Caller) -> tuple[str, ...]:
    """Names of everything the caller may do, in order."""
    return tuple(sorted(permission.value for permission in permissions(caller.roles)))


def _person(unit: AccessUnit, person: str) -> Person:
    found = unit.people.get(person)
    if found is None:
        known = ", ".join(sorted(each.id for each in unit.people.all())) or "nobody"
        raise NotFound(f"there is no person {person!r}", fix=f"known: {known}")
    return found


def _able(unit: AccessUnit, person: str, *, since: datetime | None) -> Person:
    """The person, unless shut out, or (with `since`) given a new password after that time."""
    found = unit.people.get(person)
    account = unit.credentials.account(person)
    if found is None or (account is not None and account.disabled):
        raise NotAuthenticated("this account is shut", fix="ask an administrator")
    if account is not None and since is not None and account.created_at > since:
        raise NotAuthenticated("the password was changed since", fix=_AGAIN)
    return found
