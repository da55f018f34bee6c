"""What the sources that are database servers have in common: where one is, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import Field, model_validator

from metricloop.sdk import Options, Secret, SourceFailed


class Limits(Options):
    """How much of the source is taken."""

    timeout_s: float = Field(60.0, gt=0, le=3600, description="seconds one query may take")
    connections: int = Field(2, ge=1, le=32, description="connections at the same time; further queries wait")


class ServerOptions(Limits):
    """Either `url` (a whole address, by reference) or host, database and user."""

    url: Secret | None = Field(None, description="env:NAME or file:PATH of a whole address")
    host: str = "localhost"
    port: int | None = Field(None, ge=1, le=65535)
    database: str | None = None
    user: str | None = None
    password: Secret | None = Field(None, description="env:NAME or file:PATH")
    connect_timeout_s: int = Field(10, ge=1, le=120)

    @model_validator(mode="after")
    def _one_address(self) -> Any:
        apart = any(name in self.model_fields_set for name in ("host", "port", "database", "user", "password"))
        if self.url is not None and apart:
            raise ValueError("give either url, or host, port, database, user and password")
        return self


@dataclass(frozen=True, slots=True)
class Server:
    """An address taken apart. Its words for people (`where` of an error) are made of the options, never of this."""

    scheme: str
    host: str
    port: int
    database: str | None
    user: str | None
    password: str = field(repr=False)


def where_of_server(options: ServerOptions) -> str:
    """How errors call it: the reference of its address, or host and database."""
    if options.url is not None:
        return options.url.reference
    port = f":{options.port}" if options.port else ""
    return f"{options.host}{port}/{options.database or ''}"


def server_of(options: ServerOptions, ports: dict[str, int]) -> Server:
    """Where the server is. `ports`: known schemes, each with its usual port; the first one stands for no url.

    Raises SourceFailed, without the address in it, when the reference leads nowhere or to no such address.
    """
    if options.url is None:
        scheme = next(iter(ports))
        password = options.password.value() if options.password else ""
        port = options.port or ports[scheme]
        return Server(scheme, options.host, port, options.database, options.user, password)
    try:
        parts = urlsplit(options.url.value())
        port = parts.port or ports.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in ports or not parts.hostname or parts.query or parts.fragment:
        raise SourceFailed(
            "this is not an address of such a server",
            retryable=False,
            where=options.url.reference,
            fix=f"write {next(iter(ports))}://user:password@host:port/database, special characters as %XX",
        )
    user = unquote(parts.username) if parts.username else None
    database = unquote(parts.path.strip("/")) or None
    return Server(parts.scheme, parts.hostname, port, database, user, unquote(parts.password or ""))


def no_driver(package: str, extra: str, error: ImportError) -> SourceFailed:
    """The driver is an extra of metricloop that was not installed."""
    return SourceFailed(
        f"the driver {package} is not installed ({error.name or error})",
        retryable=False,
        where=f"Python package {package}",
        fix=f'pip install "metricloop[{extra}]"',
    )
