"""Which role may do what, and how the audit chain is hashed. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from metricloop.access.model import AuditEvent, Caller, Permission, Role
from metricloop.kernel.errors import NotPermitted

_P = Permission
_HANDLING = frozenset({_P.READ, _P.INCIDENT_HANDLE, _P.INCIDENT_LABEL, _P.TASK_DO, _P.REVIEW_WRITE})
_DECIDING = frozenset({_P.APPROVAL_DECIDE, _P.RUN_CONTROL, _P.PROPOSAL_DECIDE, _P.DEFINITION_EDIT})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({_P.READ}),
    Role.AUDITOR: frozenset({_P.READ, _P.AUDIT_READ}),
    Role.RESPONDER: _HANDLING | {_P.APPROVAL_DECIDE, _P.RUN_CONTROL},
    Role.OWNER: _HANDLING | _DECIDING,
    Role.STEWARD: _HANDLING | _DECIDING | {_P.DEFINITION_PUBLISH, _P.SITE_MODE, _P.POINTS_PUSH},
    Role.ADMINISTRATOR: frozenset(Permission),
}

GENESIS = "0" * 64


def permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything these roles may do together."""
    return frozenset().union(*(GRANTS[role] for role in roles))


def require(caller: Caller, permission: Permission) -> None:
    """Raise NotPermitted, naming the roles that would do, unless the caller may."""
    if caller.sources is not None and permission is not Permission.POINTS_PUSH:
        raise NotPermitted("this token may push records and nothing else", fix="use a token without `sources`")
    if permission in permissions(caller.roles):
        return
    enough = ", ".join(sorted(role.value for role, granted in GRANTS.items() if permission in granted))
    raise NotPermitted(
        f"{caller.person.name} may not {permission.value}",
        fix=f"ask an administrator for one of these roles: {enough}",
    )


def require_source(caller: Caller, source: str) -> None:
    """Raise NotPermitted when the caller's token is for other sources."""
    if caller.sources is not None and source not in caller.sources:
        raise NotPermitted(f"this token is not for the source {source!r}", fix="make a token for it")


def audit_event(
    previous: AuditEvent | None,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    before: str | None,
    after: str | None,
) -> AuditEvent:
    """The next line of the chain after `previous` (None: the first)."""
    line = AuditEvent(
        sequence=previous.sequence + 1 if previous else 1,
        at=at,
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        before=before,
        after=after,
        previous_hash=previous.hash if previous else GENESIS,
        hash="",
    )
    return replace(line, hash=_hash(line))


def _hash(line: AuditEvent) -> str:
    body = [
        line.previous_hash, line.sequence, line.at.isoformat(), line.actor, line.action,
        line.subject_kind, line.subject_id, line.before, line.after,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def first_break(chain: Sequence[AuditEvent], previous: AuditEvent | None = None) -> int | None:
    """Sequence number of the first line that does not follow from the one before it; None when all hold.

    Cannot see that lines were cut off at the end; keep the last hash elsewhere for that.
    """
    for line in chain:
        expected_sequence = previous.sequence + 1 if previous else 1
        expected_previous = previous.hash if previous else GENESIS
        sound = line.sequence == expected_sequence and line.previous_hash == expected_previous
        if not sound or line.hash != _hash(line):
            return line.sequence
        previous = line
    return None
