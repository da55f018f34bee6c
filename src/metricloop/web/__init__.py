"""The built web UI: static files, with index.html for the pages' own addresses.

In: the HTTP API's application. Out: the same with the pages. Never answers for /api, and knows nothing of data.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from metricloop.api.app import build_app
from metricloop.api.ports import System

STATIC = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"  # names under assets/ change with their content
_FILE_ENDINGS = {
    ".js",
    ".mjs",
    ".css",
    ".map",
    ".svg",
    ".png",
    ".ico",
    ".woff2",
    ".json",
    ".txt",
    ".webmanifest",
    ".html",
}
_NOT_BUILT = (
    "The web UI is not built into this installation.\n"
    "Fix: in a checkout run 'python run.py setup'; a released package always holds it.\n"
    "The API works: see /api/v1/openapi.json.\n"
)


def build_site(system: System, static: Path = STATIC) -> FastAPI:
    """API and pages over a running system."""
    app = build_app(system)
    app.mount("/", Pages(static), name="pages")
    return app


class Pages(StaticFiles):
    """Files of the UI; any other address without an ending is one of the UI's own and gets index.html."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._built = (folder / "index.html").is_file()

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.startswith("api/") or path == "api":
            raise HTTPException(404, "there is no such address in the API")
        if not self._built:
            return PlainTextResponse(_NOT_BUILT, 503, headers={"Cache-Control": "no-store"})
        found = await self._found(path, scope)
        found.headers["Cache-Control"] = _FOREVER if path.startswith("assets/") else "no-cache"
        return found

    async def _found(self, path: str, scope: Scope) -> Response:
        name = PurePosixPath(path)
        if path in ("", "."):
            return await super().get_response("index.html", scope)
        try:
            if any(part.startswith(".") for part in name.parts):
                raise HTTPException(404)
            return await super().get_response(path, scope)
        except HTTPException as missing:
            # A page's own address may hold a dot (a metric's name), so only what ends like a file is one.
            if missing.status_code != 404 or path.startswith("assets/") or name.suffix in _FILE_ENDINGS:
                raise
            return await super().get_response("index.html", scope)
