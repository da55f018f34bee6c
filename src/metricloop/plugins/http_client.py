"""Asks an HTTP API for JSON: with credentials by reference, patience where it is busy, and bounds on what it may send.

No redirect is followed, so that credentials go to the host that was named and to no other.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from pydantic import Field, field_validator, model_validator

from metricloop.plugins.webhook import may_pass, retry_after
from metricloop.sdk import Clock, Options, Secret, SourceFailed
from metricloop.sdk.mapping import parse_json
from metricloop.sdk.plain_values import JsonPath
from metricloop.sdk.selectors import selector

_SHORT = 300
_MOST_BYTES = 64 * 1024**2
Plain = str | int | float | bool | None


class AuthOptions(Options):
    """One way to log in: `bearer`, or `user` and `password`, or `header` or `query` with `value`."""

    bearer: Secret | None = None
    user: str | None = None
    password: Secret | None = None
    header: str | None = Field(None, pattern=r"^[A-Za-z0-9-]+$", description="name of a header that holds `value`")
    query: str | None = Field(None, description="name of a parameter that holds `value`")
    value: Secret | None = None

    @model_validator(mode="after")
    def _one_way(self) -> AuthOptions:
        ways = [self.bearer is not None, self.user is not None, self.header is not None, self.query is not None]
        if sum(ways) != 1:
            raise ValueError("give exactly one of bearer, user, header, query")
        if (self.user is not None) != (self.password is not None):
            raise ValueError("user and password go together")
        if (self.header is not None or self.query is not None) != (self.value is not None):
            raise ValueError("header or query, and value, go together")
        return self


class SuccessOptions(Options):
    """What an answer says in its body when it is good: APIs that answer 200 with an error inside are told by it."""

    path: JsonPath
    equals: Plain


class HttpOptionsBase(Options):
    url: str = Field(description="https://..., what the paths of tables start from")
    auth: AuthOptions | None = None
    headers: dict[str, str] = Field(default_factory=dict, description="more headers; nothing secret")
    success: SuccessOptions | None = None
    timeout_s: float = Field(30.0, gt=0, le=600)
    retries: int = Field(4, ge=0, le=10, description="how often a busy or broken server is asked again at once")
    longest_wait_s: float = Field(60.0, ge=0, le=600, description="the longest wait before asking again")

    @field_validator("url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must begin with https:// or http://")
        if parts.username or parts.password:
            raise ValueError("write user and password under auth, by reference")
        return value


class HttpClient:
    """One connection pool; thread safe. Errors name host and path, never parameters, which may be secret."""

    def __init__(self, options: HttpOptionsBase, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._closing = threading.Event()

    def get(self, path: str, query: Mapping[str, Plain]) -> tuple[Any, httpx.Headers]:
        return self.ask("GET", path, query, None)

    def ask(
        self, method: str, path: str, query: Mapping[str, Plain], body: Mapping[str, Any] | None
    ) -> tuple[Any, httpx.Headers]:
        """The parsed answer and its headers. path: from `url`, or an address of the same host. Raises SourceFailed."""
        url = self.address(path)
        tries = self._options.retries + 1
        for attempt in range(1, tries + 1):
            try:
                return self._once(method, url, query, body)
            except _Busy as busy:
                if attempt == tries or not self._wait(busy, attempt):
                    raise busy.error from busy
        raise SourceFailed("this client was closed", retryable=True, fix="try again")

    def close(self) -> None:
        self._closing.set()
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    def address(self, path: str) -> str:
        """The whole address. Raises SourceFailed for one of another host."""
        base = self._options.url
        absolute = path if "://" in path else f"{base.rstrip('/')}/{path.lstrip('/')}" if path else base
        url = urljoin(base, absolute)
        if _origin(url) != _origin(base):
            raise SourceFailed(
                f"the API leads to another host, {urlsplit(url).netloc}",
                retryable=False,
                where=base,
                fix="make that host a source of its own; credentials are not sent elsewhere",
            )
        return url

    def _once(
        self, method: str, url: str, query: Mapping[str, Plain], body: Mapping[str, Any] | None
    ) -> tuple[Any, httpx.Headers]:
        where = url.partition("?")[0]
        headers, parameters = self._credentials()
        asked = httpx.URL(url).copy_merge_params({k: _text(v) for k, v in query.items() if v is not None} | parameters)
        auth = self._basic()
        try:
            with self._opened().stream(method, asked, json=body, headers=headers, auth=auth) as answer:
                raw = _bounded(answer, where)
        except httpx.TransportError as error:
            raise _Busy(_no_answer(where, error), None) from error
        except httpx.HTTPError as error:
            raise _no_answer(where, error) from error
        if not answer.is_success:
            raise self._refused(answer, raw, where)
        try:
            document = parse_json(raw)
        except ValueError as error:
            raise _Busy(_strange(where, str(error)), None) from error
        self._check_success(document, where)
        return document, answer.headers

    def _opened(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                self._client = httpx.Client(timeout=self._options.timeout_s, follow_redirects=False)
            return self._client

    def _credentials(self) -> tuple[dict[str, str], dict[str, str]]:
        auth = self._options.auth
        headers = {"accept": "application/json", **self._options.headers}
        if auth is None or auth.user is not None:
            return headers, {}
        if auth.bearer is not None:
            return {**headers, "authorization": f"Bearer {auth.bearer.value()}"}, {}
        secret = auth.value.value() if auth.value else ""
        return ({**headers, auth.header: secret}, {}) if auth.header else (headers, {str(auth.query): secret})

    def _basic(self) -> tuple[str, str] | None:
        auth = self._options.auth
        return (auth.user, auth.password.value()) if auth and auth.user is not None and auth.password else None

    def _refused(self, answer: httpx.Response, raw: bytes, where: str) -> Exception:
        said = raw.decode("utf-8", "replace")[:_SHORT].strip()
        passing = may_pass(answer.status_code)
        error = SourceFailed(
            f"the server answered {answer.status_code}: {said}",
            retryable=passing,
            where=where,
            fix=_FIXES.get(answer.status_code, "see the API's documentation and the options of this source"),
        )
        wait = retry_after(answer.headers.get("retry-after"), self._clock.now())
        return _Busy(error, wait) if passing else error

    def _check_success(self, document: Any, where: str) -> None:
        success = self._options.success
        if success is None:
            return
        found = selector(success.path).one(document)
        if found != success.equals or isinstance(found, bool) != isinstance(success.equals, bool):
            raise SourceFailed(
                f"the answer says {success.path} = {str(found)[:80]}, not {success.equals}: {str(document)[:_SHORT]}",
                retryable=True,
                where=where,
                fix="see the API's documentation for this code",
            )

    def _wait(self, busy: _Busy, attempt: int) -> bool:
        """Wait as long as the server says, or ever longer; False when that is too long or the client was closed."""
        seconds = busy.wait if busy.wait is not None else min(0.5 * 2**attempt, self._options.longest_wait_s)
        return seconds <= self._options.longest_wait_s and not self._closing.wait(seconds)


class _Busy(Exception):
    """May pass; `wait`: seconds that the server asks for."""

    def __init__(self, error: SourceFailed, wait: float | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


_FIXES = {
    401: "check the credentials under auth",
    403: "let these credentials read what the table asks for",
    404: "check url and path",
    429: "ask less often: a higher every_s, larger pages, or a higher limit at the API",
}


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _text(value: Plain) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bounded(answer: httpx.Response, where: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > _MOST_BYTES:
            raise SourceFailed(
                f"the answer has more than {_MOST_BYTES} bytes",
                retryable=False,
                where=where,
                fix="ask for smaller pages",
            )
        parts.append(part)
    return b"".join(parts)


def _no_answer(where: str, error: httpx.HTTPError) -> SourceFailed:
    return SourceFailed(
        f"no answer: {type(error).__name__}: {error}",
        retryable=True,
        where=where,
        fix="check that the server runs and may be reached from here; a slow one needs a higher timeout_s",
    )


def _strange(where: str, reason: str) -> SourceFailed:
    return SourceFailed(
        f"the answer cannot be read: {reason}", retryable=True, where=where, fix="check url and path in a browser"
    )
