"""People, roles, sessions, tokens and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metricloop.kernel.message import Text


class Role(StrEnum):
    """What kind of work somebody does here; a person may hold several."""

    VIEWER = "viewer"
    RESPONDER = "responder"
    OWNER = "owner"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """One thing a caller may do; `rules.GRANTS` says which role has which."""

    READ = "read"
    INCIDENT_HANDLE = "incident.handle"
    INCIDENT_LABEL = "incident.label"
    TASK_DO = "task.do"
    APPROVAL_DECIDE = "approval.decide"
    RUN_CONTROL = "run.control"
    REVIEW_WRITE = "review.write"
    PROPOSAL_DECIDE = "proposal.decide"
    DEFINITION_EDIT = "definition.edit"
    DEFINITION_PUBLISH = "definition.publish"
    SITE_MODE = "site.mode"
    AUDIT_READ = "audit.read"
    POINTS_PUSH = "points.push"
    ACCESS_MANAGE = "access.manage"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a person. `verified` only when the person has confirmed it."""

    channel: str
    address: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can own, be told, decide. `scripted`: played by the demo, never a real person."""

    id: str
    name: str
    language: str = "en"
    roles: tuple[Role, ...] = (Role.VIEWER,)
    teams: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    scripted: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """Rows that a team sees: values by dimension, all of which must fit. metrics: which metrics; empty: every one."""

    where: Mapping[str, tuple[str, ...]]
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """People who name it as theirs. With `grants` its members see these rows alone; without, nothing is narrowed."""

    name: str
    label: Text = Text()
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A local log-in of a person. Holds the argon2id hash, never the password."""

    person: str
    password_hash: str
    created_at: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in. `id` is the hash of the cookie's secret, never the secret."""

    id: str
    person: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A credential for scripts; may hold fewer roles than its person. `id` is the secret's hash.

    sources: with names here it may push records to these sources, and nothing else.
    """

    id: str
    name: str
    person: str
    roles: tuple[Role, ...]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    sources: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LoginLink:
    """A link that logs `person` in once, from this computer only. `id` is the secret's hash."""

    id: str
    person: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as far as the doors have established it.

    sources: not None for a token that may push records to these sources, and nothing else.
    """

    person: Person
    roles: tuple[Role, ...]
    via: str  # "session", "token", "command line", "demo"
    sources: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the audit trail; `hash` covers the line and `previous_hash`, so a change anywhere shows."""

    sequence: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    before: str | None
    after: str | None
    previous_hash: str
    hash: str
