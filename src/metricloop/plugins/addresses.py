"""Which network address a URL really leads to, and whether it may be reached from here."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from metricloop.sdk import SourceFailed


@dataclass(frozen=True, slots=True)
class Address:
    """`url` names the checked IP address in place of the host; `host` is the name for TLS and the Host header."""

    url: str
    host: str


def public_address(url: str, *, allow_private: bool) -> Address:
    """Look the host up once and decide on what was found.

    Raises SourceFailed (not retryable) when any of its addresses is private, loopback, link-local or reserved and
    `allow_private` is False, and (retryable) when the name cannot be looked up.
    """
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host:
        raise SourceFailed("this is not an http(s) address", retryable=False, where="webhook", fix="correct url")
    try:
        found = socket.getaddrinfo(host, parts.port or None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise SourceFailed(
            f"the host {host} cannot be found: {error}", retryable=True, where="webhook", fix="correct url, or wait"
        ) from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    private = [address for address in addresses if not _is_public(address)]
    if private and not allow_private:
        raise SourceFailed(
            f"{host} leads to {private[0]}, which is not a public address",
            retryable=False,
            where="webhook",
            fix="set allow_private: true if that is meant",
        )
    first = addresses[0]
    literal = f"[{first}]" if first.version == 6 else str(first)
    port = f":{parts.port}" if parts.port else ""
    return Address(urlunsplit((parts.scheme, literal + port, parts.path or "/", parts.query, "")), host)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_global) and not mapped.is_multicast
