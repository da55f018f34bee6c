"""Puts the HTTP door together. Which route does what stands in `routes`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from metricloop.access.model import Permission
from metricloop.api import problems
from metricloop.api.auth import Allow, Reader
from metricloop.api.description import describe
from metricloop.api.guard import Guard
from metricloop.api.ports import System
from metricloop.api.routes import (
    audit,
    data,
    definitions,
    events,
    health,
    incidents,
    labels,
    loop,
    metrics,
    monitors,
    people,
    points,
    preview,
    proposals,
    query,
    reviews,
    runs,
    session,
    setup,
    sources,
    tasks,
    tokens,
)
from metricloop.api.streams import Streams
from metricloop.api.throttle import FailedLogIns
from metricloop.kernel.errors import Bug

PREFIX = "/api/v1"
FAMILIES = (
    session, tokens, loop, sources, setup, metrics, query, monitors, definitions, preview, incidents, data, labels,
    reviews, tasks, runs, proposals, people, points, audit, events,
)  # fmt: skip

# Who is not logged in may log in, ask who he is, and ask whether the server lives. Nothing else.
PUBLIC = {
    ("GET", "/healthz"),
    ("GET", "/api/v1/session"),
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    ("POST", "/api/v1/session/link"),
}


def build_app(system: System) -> FastAPI:
    """The whole HTTP API over a running system. Does not serve the pages: `metricloop.web` adds them."""
    app = bare_app()

    @app.get(f"{PREFIX}/openapi.json", include_in_schema=False)
    def openapi(caller: Reader) -> dict[str, Any]:
        """The API's description."""
        return describe(app, demanded())

    app.state.system = system
    app.state.failed_log_ins = FailedLogIns()
    app.state.streams = Streams()
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(Guard, url=system.url)
    return app


def bare_app() -> FastAPI:
    """Routes and error answers, without a system: enough to describe the API."""
    app = FastAPI(title="metricloop", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(app)
    for router, prefix in _routers():
        app.include_router(router, prefix=prefix)
    for method, path, permission in permissions():
        if permission is None and (method, path) not in PUBLIC:
            raise Bug(f"{method} {path} lets everybody in")
    return app


def _routers() -> Iterator[tuple[APIRouter, str]]:
    yield health.router, ""
    for family in FAMILIES:
        yield family.router, PREFIX


def demanded() -> dict[tuple[str, str], str | None]:
    """(method, path) -> the name of the permission each route demands; None: open to everybody."""
    return {(method, path): each.value if each else None for method, path, each in permissions()}


def permissions() -> Iterator[tuple[str, str, Permission | None]]:
    """(method, path, permission) of every route; None: open to everybody."""
    for router, prefix in _routers():
        for route in router.routes:
            if isinstance(route, APIRoute):
                guards = [each.call for each in route.dependant.dependencies if isinstance(each.call, Allow)]
                for method in sorted(route.methods or ()):
                    yield method, prefix + route.path, guards[0].permission if guards else None
