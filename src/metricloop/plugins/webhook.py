"""Channel and action `webhook`: signed HTTP POSTs by the Standard Webhooks specification
(github.com/standard-webhooks/standard-webhooks).

The same id goes out on every retry, so that the receiver can recognise a repeat. Redirects are failures. Does not go
through a proxy, and by default reaches public addresses only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import Field, field_validator

from metricloop.plugins.addresses import public_address
from metricloop.sdk import (
    ActionPlugin,
    ChannelPlugin,
    Context,
    DeliveryResult,
    DeliveryState,
    Options,
    Parcel,
    Secret,
    SourceFailed,
)

_MOST = 20_000  # bytes of body that receivers are promised at most
_BUSY = {408, 425, 429}
_SHORT = 300  # characters of an answer that are kept


class WebhookOptions(Options):
    url: Secret | str = Field(description="https://..., or env:NAME / file:PATH when the address itself is secret")
    secret: Secret | None = Field(None, description="env:NAME or file:PATH of whsec_... (24 to 64 bytes, base64)")
    timeout_s: float = Field(15.0, gt=0, le=30)
    allow_private: bool = Field(False, description="also reach this machine and private networks")

    @field_validator("url", mode="before")
    @classmethod
    def _an_address(cls, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(("env:", "file:")):
            return Secret(value)
        if isinstance(value, str) and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://, or be env:NAME or file:PATH")
        return value


class WebhookActionOptions(WebhookOptions):
    method: Literal["POST", "PUT"] = "POST"


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """`v1,<base64>` of HMAC-SHA256 over `id.timestamp.body`. `secret` may begin with `whsec_`.

    Raises SourceFailed on a secret that is not 24 to 64 bytes in base64.
    """
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not 24 <= len(key) <= 64:
        raise SourceFailed(
            "the signing secret is not 24 to 64 bytes in base64",
            retryable=False,
            where="webhook",
            fix="make one with: openssl rand -base64 32, and write whsec_ before it",
        )
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said, as far as it is short."""

    status: int
    text: str
    retry_after: str | None

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


class _Post:
    """One signed request; never follows a redirect."""

    def __init__(self, options: WebhookOptions, context: Context) -> None:
        self._options = options
        self._clock = context.clock

    def now(self) -> datetime:
        return self._clock.now()

    def send(self, method: str, id: str, payload: Mapping[str, Any], more: Mapping[str, str]) -> Answer:
        """The answer, whatever its status. Raises SourceFailed when there is none or the request must not be made."""
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str).encode()
        if len(body) > _MOST:
            raise SourceFailed(f"the body has {len(body)} bytes", retryable=False, fix=f"send at most {_MOST}")
        options = self._options
        url = options.url.value() if isinstance(options.url, Secret) else options.url
        address = public_address(url, allow_private=options.allow_private)
        timestamp = int(self.now().timestamp())
        headers = {"content-type": "application/json", "webhook-id": id, "webhook-timestamp": str(timestamp), **more}
        if options.secret is not None:
            headers["webhook-signature"] = signature(options.secret.value(), id, timestamp, body)
        headers["host"] = urlsplit(url).netloc.rpartition("@")[2]
        try:
            with httpx.Client(timeout=options.timeout_s, trust_env=False) as client:
                # To the address that was checked, under the name that was asked for: a second look-up could differ.
                extensions = {"sni_hostname": address.host}
                with client.stream(method, address.url, content=body, headers=headers, extensions=extensions) as got:
                    start = next(got.iter_bytes(_MOST), b"")
                    text = start.decode("utf-8", "replace")[:_SHORT].strip()
                    return Answer(got.status_code, text, got.headers.get("retry-after"))
        except httpx.HTTPError as error:
            raise SourceFailed(
                f"no answer from {address.host}: {type(error).__name__}: {error}",
                retryable=True,
                where="webhook",
                fix="check that the receiver runs and may be reached from here",
            ) from error


class WebhookChannel:
    """2xx is accepted, everything else is not; what may pass is retryable."""

    def __init__(self, options: WebhookOptions, context: Context) -> None:
        self._post = _Post(options, context)

    def send(self, parcel: Parcel) -> DeliveryResult:
        about = {
            "id": parcel.id,
            "to": parcel.address,
            "subject": parcel.subject,
            "body": parcel.body,
            "link": parcel.link,
        }
        payload = {
            "type": "notification.created",
            "timestamp": parcel.at.isoformat(),
            "data": {**parcel.data, **about},
        }
        try:
            answer = self._post.send("POST", parcel.id, payload, {})
        except SourceFailed as error:
            return DeliveryResult(DeliveryState.FAILED, "no answer", str(error)[:_SHORT], retryable=error.retryable)
        code = str(answer.status)
        if answer.accepted:
            return DeliveryResult(DeliveryState.ACCEPTED, code, answer.text)
        wait = retry_after(answer.retry_after, self._post.now())
        return DeliveryResult(DeliveryState.FAILED, code, answer.text, may_pass(answer.status), wait)


class WebhookAction:
    """Does something in another system. `key` goes out as webhook-id and as Idempotency-Key."""

    def __init__(self, options: WebhookActionOptions, context: Context) -> None:
        self._post = _Post(options, context)
        self._method = options.method

    def perform(self, request: Mapping[str, Any], key: str) -> str:
        payload = {"type": "action.requested", "timestamp": self._post.now().isoformat(), "data": dict(request)}
        answer = self._post.send(self._method, key, payload, {"idempotency-key": key})
        if not answer.accepted:
            raise SourceFailed(
                f"the receiver answered {answer.status}: {answer.text}",
                retryable=may_pass(answer.status),
                where="webhook",
                fix="see the receiver's log; 410 means that the address is given up",
            )
        return f"{answer.status} {answer.text}".strip()


def may_pass(status: int) -> bool:
    """Whether the same request may succeed later: busy or broken receivers yes; refusals and redirects no."""
    return status in _BUSY or status >= 500


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110 10.2.3); None when absent or unreadable."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header.strip())
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (at - now).total_seconds()) if at.tzinfo else None


CHANNEL = ChannelPlugin("webhook", WebhookOptions, "A signed HTTP POST (Standard Webhooks)", build=WebhookChannel)
ACTION = ActionPlugin("webhook", WebhookActionOptions, "A signed HTTP request, once per key", build=WebhookAction)
