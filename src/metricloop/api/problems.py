"""Errors become RFC 9457 problem details here and nowhere else. No trace of the code ever crosses the door."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from metricloop.define.versions import StoreMovedOn
from metricloop.kernel import errors

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)

# First match wins, so a family stands after its special cases.
STATUS: tuple[tuple[type[errors.MetricloopError], int, str], ...] = (
    (errors.InvalidProject, 422, "The project has problems"),
    (errors.InvalidInput, 422, "The request cannot be understood"),
    (errors.NotFound, 404, "Not found"),
    (errors.Conflict, 409, "Not possible now"),
    (errors.NotPermitted, 403, "Not permitted"),
    (errors.NotAuthenticated, 401, "Not logged in"),
    (errors.SourceFailed, 502, "A source failed"),
    (errors.StoreFailed, 503, "The database failed"),
    (errors.MetricloopError, 500, "Something went wrong here"),
)

# Problems of HTTP itself, which no stage knows: status -> (code, title).
HTTP_PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("malformed", "The request cannot be read"),
    401: ("not_authenticated", "Not logged in"),
    403: ("not_permitted", "Not permitted"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "This address does not take that method"),
    413: ("too_large", "The request is too large"),
    415: ("wrong_content_type", "The request's content type is not JSON"),
    421: ("wrong_host", "This server does not answer under that name"),
    429: ("too_many_attempts", "Too many attempts"),
    500: ("bug", "Something went wrong here"),
}


class ProblemIssue(BaseModel):
    """One thing that is wrong, and where."""

    where: str
    problem: str
    fix: str = ""


class Problem(BaseModel):
    """RFC 9457. `code` is stable and documented; `detail` is English and for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fix: str | None = None
    issues: list[ProblemIssue] = []


def body(
    status: int, code: str, title: str, detail: str, fix: str = "", issues: Sequence[ProblemIssue] = ()
) -> dict[str, Any]:
    """The JSON of a problem."""
    problem = Problem(
        type=f"urn:metricloop:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        code=code,
        fix=fix or None,
        issues=list(issues),
    )
    return problem.model_dump(exclude_none=True, exclude_defaults=True)


def response(
    status: int,
    code: str,
    title: str,
    detail: str,
    fix: str = "",
    issues: Sequence[ProblemIssue] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem as an answer, never to be cached."""
    shown = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(body(status, code, title, detail, fix, issues), status, headers=shown, media_type=MEDIA_TYPE)


def of_error(error: errors.MetricloopError) -> JSONResponse:
    """The answer to an error of our own families."""
    status, title = next((s, t) for family, s, t in STATUS if isinstance(error, family))
    if status >= 500:
        _log.error("%s: %s", error.code, error, exc_info=error)
    detail = f"{error.where}: {error.problem}" if error.where else error.problem
    if isinstance(error, errors.Bug):
        detail = "the server met a state that should be impossible; its log has the details"
    listed = error.issues if isinstance(error, errors.InvalidProject | StoreMovedOn) else ()
    issues = [ProblemIssue(where=issue.where, problem=issue.problem, fix=issue.fix) for issue in listed]
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return response(status, error.code, title, detail, error.fix, issues, headers)


def of_http(status: int, detail: str, fix: str = "", headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer to a problem of HTTP itself."""
    code, title = HTTP_PROBLEMS.get(status, (f"http_{status}", "The request failed"))
    return response(status, code, title, detail, fix, headers=headers)


def _of_validation(error: RequestValidationError) -> JSONResponse:
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return of_http(400, "the body is not JSON", fix="send a JSON object")
    issues = [
        ProblemIssue(where=".".join(str(part) for part in each["loc"]), problem=str(each["msg"])) for each in found[:20]
    ]
    first = issues[0] if issues else ProblemIssue(where="request", problem="is wrong")
    return response(
        422,
        "invalid_input",
        "The request cannot be understood",
        f"{first.where}: {first.problem}",
        "the API's description is at /api/v1/openapi.json",
        issues,
    )


def install(app: FastAPI) -> None:
    """Answer every error of this application by a problem."""

    async def known(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, errors.MetricloopError)
        return of_error(error)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return _of_validation(error)

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return of_http(error.status_code, str(error.detail), headers=error.headers)

    async def unknown(_: Request, error: Exception) -> JSONResponse:
        _log.error("unexpected %s", type(error).__name__, exc_info=error)
        return of_http(500, "the server failed unexpectedly; its log has the details", fix="try again, then report it")

    app.add_exception_handler(errors.MetricloopError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unknown)
