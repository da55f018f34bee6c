"""What every request must pass before any route sees it, and the headers every answer carries.

Plain ASGI, so that streams flow through unbuffered. Knows nothing of people: who may do what is in `auth`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from metricloop.api import problems
from metricloop.api.auth import is_loopback

LARGEST_BODY = 1_048_576
UPLOADS = "/api/v1/setup/uploads"
LARGEST_FILE = 100 * 1_048_576
MARK = "x-metricloop"
_SAFE = {"GET", "HEAD", "OPTIONS"}

# The page's own scripts only. Ant Design and ECharts write style attributes and elements, hence 'unsafe-inline' there.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # a log-in link's secret stands in an address
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Host, origin, mark, content type and size of requests; security headers of answers."""

    def __init__(self, app: ASGIApp, *, url: str) -> None:
        self._app = app
        self._own = urlsplit(url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        armoured = _armoured(scope, send)
        refused = self._refusal(scope)
        if refused is not None:
            status, detail, fix = refused
            await problems.of_http(status, detail, fix)(scope, receive, armoured)
            return
        await self._bounded(scope, receive, armoured)

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        if scope["path"] == "/healthz":
            return None
        host = headers.get("host", "")
        if not self._is_own_host(host):
            return 421, f"this server is not {host!r}", f"open {self._own.geturl()}, or set the server's url"
        if scope["method"] in _SAFE:
            return None
        return self._refused_change(headers, host, upload=scope["path"] == UPLOADS)

    def _refused_change(self, headers: Headers, host: str, *, upload: bool) -> tuple[int, str, str] | None:
        origin = headers.get("origin")
        if origin is not None and not self._is_own_origin(origin, host):
            return 403, f"the request comes from another site, {origin!r}", "use metricloop's own pages"
        by_token = headers.get("authorization", "").lower().startswith("bearer ")
        if not by_token and headers.get(MARK) != "1":
            return 403, "the header X-Metricloop is missing", "send X-Metricloop: 1, or an API token"
        length, most = headers.get("content-length", ""), LARGEST_FILE if upload else LARGEST_BODY
        if length.isdigit() and int(length) > most:
            return 413, f"the body has more than {most} bytes", "send less"
        has_body = "transfer-encoding" in headers or (length.isdigit() and int(length) > 0)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if has_body and kind != "application/json" and not (upload and kind == "application/octet-stream"):
            wanted = "application/octet-stream" if upload else "application/json"
            return 415, f"the body is {kind or 'of no stated type'}", f"send Content-Type: {wanted}"
        return None

    def _is_own_host(self, host: str) -> bool:
        """Only our own names are served, so that no foreign name can be bent to this computer (DNS rebinding)."""
        name = urlsplit(f"//{host}").hostname or ""
        return is_loopback(name) or name == (self._own.hostname or "")

    def _is_own_origin(self, origin: str, host: str) -> bool:
        """The same host and port as asked for, or as set; a development server beside us on loopback counts, too
        (other pages of this computer still cannot set the mark)."""
        parts = urlsplit(origin)
        if parts.netloc and parts.netloc in (host, self._own.netloc):
            return True
        return is_loopback(parts.hostname or "") and is_loopback(self._own.hostname or "")

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, but stop reading a body without stated length once it is too large."""
        seen, most = 0, LARGEST_FILE if scope["path"] == UPLOADS else LARGEST_BODY

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413, f"the body has more than {most} bytes")
            return message

        await self._app(scope, counted, send)


def _armoured(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if scope["path"].startswith("/api/"):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
