"""Log-in and log-out."""

from __future__ import annotations

import math
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response

from metricloop.access import use_cases as access
from metricloop.access.credentials import SESSION_LONGEST
from metricloop.access.model import Caller, Person
from metricloop.api.auth import (
    COOKIE,
    Reader,
    Running,
    address_of,
    caller_of,
    drop_cookie,
    is_this_computer,
    set_cookie,
)
from metricloop.api.ports import System
from metricloop.api.schemas.session import LanguageBody, LoginBody, LoginLinkBody, Me
from metricloop.api.throttle import FailedLogIns
from metricloop.kernel.errors import NotAuthenticated, NotPermitted

router = APIRouter(prefix="/session", tags=["session"])


def _me(caller: Caller, system: System) -> Me:
    language: Literal["zh", "en"] = "zh" if caller.person.language == "zh" else "en"
    return Me(
        id=caller.person.id,
        name=caller.person.name,
        roles=[role.value for role in caller.roles],
        language=language,
        timezone=system.project().timezone.key,
        permissions=list(access.granted(caller)),
    )


@router.post("")
def login(body: LoginBody, request: Request, response: Response, system: Running) -> Me:
    """Log in by name and password. After three failures each further one makes the next wait longer (429)."""
    name, address, now = body.username.strip(), address_of(request), system.wall_clock.now()
    failed: FailedLogIns = request.app.state.failed_log_ins
    wait = failed.wait(name, address, now).total_seconds()
    if wait > 0:
        headers = {"Retry-After": str(math.ceil(wait))}
        raise HTTPException(429, f"too many wrong passwords; try again in {math.ceil(wait)} s", headers)
    try:
        with system.open_unit(write=False) as unit:
            person = access.check_log_in(unit, name, body.password, passwords=system.passwords)
    except NotAuthenticated:
        failed.failed(name, address, system.wall_clock.now())
        raise
    failed.succeeded(name, address)
    return _logged_in(system, person, request, response)


def _logged_in(system: System, person: Person, request: Request, response: Response) -> Me:
    with system.open_unit() as unit:
        session, secret = access.log_in(unit, person, secrets=system.secrets, at=system.wall_clock.now())
    set_cookie(request, response, secret, session.created_at + SESSION_LONGEST)
    return _me(Caller(person=person, roles=person.roles, via="session"), system)


@router.post("/link")
def login_by_link(body: LoginLinkBody, request: Request, response: Response, system: Running) -> Me:
    """Log in by a printed link: once, within 15 minutes, and only from the computer the server runs on."""
    if not is_this_computer(request):
        raise NotPermitted(
            "a log-in link works only on the computer the server runs on",
            fix="open it there, or log in by name and password",
        )
    with system.open_unit() as unit:
        at = system.wall_clock.now()
        session, secret = access.use_link(unit, body.link, secrets=system.secrets, at=at)
        caller = access.session_caller(unit, secret, at=at)
    set_cookie(request, response, secret, session.created_at + SESSION_LONGEST)
    return _me(caller, system)


@router.get("")
def get_session(request: Request, system: Running) -> Me:
    """Who is logged in; 401 where nobody is."""
    return _me(caller_of(request), system)


@router.delete("", status_code=204)
def logout(request: Request, response: Response, system: Running) -> None:
    """End the session. Does no harm where there is none."""
    secret = request.cookies.get(COOKIE)
    if secret:
        with system.open_unit() as unit:
            access.log_out(unit, secret, at=system.wall_clock.now())
    drop_cookie(request, response)


@router.put("/language")
def set_language(body: LanguageBody, caller: Reader, system: Running) -> Me:
    """The language in which this person reads pages and gets messages."""
    with system.open_unit() as unit:
        changed = access.set_language(unit, caller, body.language, at=system.wall_clock.now())
    return _me(changed, system)
