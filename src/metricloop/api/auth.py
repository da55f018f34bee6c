"""Who is asking: cookie or token -> caller, and which permission a route demands."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, cast

from fastapi import Depends, Request, Response

from metricloop.access import use_cases as access
from metricloop.access.model import Caller, Permission
from metricloop.access.rules import require
from metricloop.api.ports import System
from metricloop.kernel.errors import NotAuthenticated

COOKIE = "metricloop_session"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def system_of(request: Request) -> System:
    """The system behind this application."""
    return cast(System, request.app.state.system)


Running = Annotated[System, Depends(system_of)]


def bearer(request: Request) -> str | None:
    """The token of the Authorization header, if there is one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def caller_of(request: Request) -> Caller:
    """Who asks, by token or else by cookie. Raises NotAuthenticated."""
    system, token = system_of(request), bearer(request)
    at = system.wall_clock.now()
    if token is not None:
        return _token_caller(system, token, at)
    secret = request.cookies.get(COOKIE)
    if not secret:
        raise NotAuthenticated("nobody is logged in", fix="log in, or send an API token")
    return _session_caller(system, secret, at)


def _token_caller(system: System, secret: str, at: datetime) -> Caller:
    with system.open_unit(write=False) as unit:
        caller = access.token_caller(unit, secret, at=at)
        note = access.token_needs_note(unit, secret, at=at)
    if note:
        with system.open_unit() as unit:
            access.note_token(unit, secret, at=at)
    return caller


def _session_caller(system: System, secret: str, at: datetime) -> Caller:
    with system.open_unit(write=False) as unit:
        caller = access.session_caller(unit, secret, at=at)
        renew = access.session_needs_renewal(unit, secret, at=at)
    if renew:
        with system.open_unit() as unit:
            access.renew_session(unit, secret, at=at)
    return caller


class Allow:
    """A dependency that lets a caller with this permission in. Every route but the public ones has exactly one."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Caller:
        caller = caller_of(request)
        require(caller, self.permission)
        return caller


Reader = Annotated[Caller, Depends(Allow(Permission.READ))]
Handler = Annotated[Caller, Depends(Allow(Permission.INCIDENT_HANDLE))]
Labeller = Annotated[Caller, Depends(Allow(Permission.INCIDENT_LABEL))]
Doer = Annotated[Caller, Depends(Allow(Permission.TASK_DO))]
Approver = Annotated[Caller, Depends(Allow(Permission.APPROVAL_DECIDE))]
Controller = Annotated[Caller, Depends(Allow(Permission.RUN_CONTROL))]
Reviewer = Annotated[Caller, Depends(Allow(Permission.REVIEW_WRITE))]
Decider = Annotated[Caller, Depends(Allow(Permission.PROPOSAL_DECIDE))]
Editor = Annotated[Caller, Depends(Allow(Permission.DEFINITION_EDIT))]
Steward = Annotated[Caller, Depends(Allow(Permission.DEFINITION_PUBLISH))]
ModeSetter = Annotated[Caller, Depends(Allow(Permission.SITE_MODE))]
Pusher = Annotated[Caller, Depends(Allow(Permission.POINTS_PUSH))]
AuditReader = Annotated[Caller, Depends(Allow(Permission.AUDIT_READ))]


def set_cookie(request: Request, answer: Response, secret: str, expires_at: datetime) -> None:
    """Hand the session's secret to the browser, out of reach of scripts and of other sites."""
    answer.set_cookie(
        COOKIE,
        secret,
        expires=expires_at,
        path="/",
        secure=_is_https(request),
        httponly=True,
        samesite="strict",
    )


def drop_cookie(request: Request, answer: Response) -> None:
    answer.delete_cookie(COOKIE, path="/", secure=_is_https(request), httponly=True, samesite="strict")


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https" or system_of(request).url.startswith("https:")


def address_of(request: Request) -> str:
    """The client's address as the server saw it; "unknown" where there is none."""
    return request.client.host if request.client else "unknown"


def is_this_computer(request: Request) -> bool:
    """Whether the client certainly sits at this computer: a loopback address, and no sign of a proxy in between."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    return is_loopback(address_of(request))


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this computer itself."""
    if host.lower() == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool(mapped.is_loopback if mapped else address.is_loopback)
