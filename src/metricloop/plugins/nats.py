"""Source `nats`: JSON messages of a NATS JetStream stream, by a durable consumer for each table.

A message is acknowledged when it is committed. It is known by its `Nats-Msg-Id` or by its place in the stream, where
the table declares no key.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import Field, field_validator

from metricloop.sdk import (
    Batch,
    Context,
    Declared,
    LandingOptions,
    Mapper,
    Record,
    Refused,
    Secret,
    SourceFailed,
    SourcePlugin,
    TableOptions,
    Taken,
)
from metricloop.sdk.mapping import declared, driver_missing

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.js.client import JetStreamContext

_BATCH = 500
_WAIT_S = 0.5


class NatsTable(TableOptions):
    stream: str = Field(min_length=1)
    subject: str | None = Field(None, description="only these messages of the stream; may hold * and >")


class NatsOptions(LandingOptions):
    servers: list[str | Secret] = Field(
        min_length=1, description="nats://host:4222, or references where they are secret"
    )
    token: Secret | None = None
    user: str | None = None
    password: Secret | None = None
    credentials: str | None = Field(None, description="path of a .creds file")
    durable: str = Field(
        "metricloop", pattern=r"^[A-Za-z0-9_-]+$", description="name of the consumers, with the table's"
    )
    ack_wait_s: float = Field(60.0, ge=5, description="after so long without an acknowledgement a message comes again")
    timeout_s: float = Field(10.0, gt=0, le=120)
    tables: dict[str, NatsTable] = Field(min_length=1)

    @field_validator("servers", mode="before")
    @classmethod
    def _references(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [Secret(v) if isinstance(v, str) and v.startswith(("env:", "file:")) else v for v in value]


class NatsSource:
    """A StreamSource; the driver's event loop lives in the thread that calls `consume`."""

    def __init__(self, options: NatsOptions, context: Context) -> None:
        self._options = options
        self._mappers = {name: Mapper(name, table) for name, table in options.tables.items()}

    def declared(self) -> Declared:
        return declared(self._options.tables, keep_days=self._options.keep_days)

    def consume(self, take: Callable[[Batch], None], stopping: threading.Event) -> None:
        try:
            from nats.errors import Error
            from nats.js.errors import Error as JetStreamError
        except ImportError as error:
            raise driver_missing("nats-py", "nats") from error
        try:
            asyncio.run(self._run(take, stopping))
        except (Error, JetStreamError, OSError, TimeoutError) as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Holds nothing between two calls of consume."""

    async def _run(self, take: Callable[[Batch], None], stopping: threading.Event) -> None:
        client = await self._connected()
        try:
            js = client.jetstream(timeout=self._options.timeout_s)
            readers = {name: await self._subscribed(js, name) for name in self._options.tables}
            while not stopping.is_set():
                for name, reader in readers.items():
                    messages = await _fetch(client, reader, self._options.timeout_s)
                    batch = self._batch(name, messages)
                    await asyncio.to_thread(take, batch)  # meanwhile the connection answers the server's pings
                    for message in messages:
                        await message.ack()
                    if messages:
                        await client.flush(round(self._options.timeout_s) or 1)
        finally:
            await client.close()

    async def _connected(self) -> Client:
        import nats

        options = self._options
        return await nats.connect(
            [server.value() if isinstance(server, Secret) else server for server in options.servers],
            name="metricloop",
            connect_timeout=int(max(1, options.timeout_s)),
            allow_reconnect=False,  # it is connected to anew by whoever calls us, who knows that it was away
            max_reconnect_attempts=1,  # of the first connection, which would be tried for minutes
            reconnect_time_wait=0.2,
            error_cb=_quiet,
            token=options.token.value() if options.token else None,
            user=options.user,
            password=options.password.value() if options.password else None,
            user_credentials=options.credentials,
        )

    async def _subscribed(self, js: JetStreamContext, name: str) -> JetStreamContext.PullSubscription:
        from nats.js.api import AckPolicy, ConsumerConfig

        table = self._options.tables[name]
        durable = f"{self._options.durable}-{''.join(c if c.isalnum() else '_' for c in name)}"
        config = ConsumerConfig(
            durable_name=durable,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self._options.ack_wait_s,
            filter_subject=table.subject,
            max_ack_pending=4 * _BATCH,
        )
        return await js.pull_subscribe(table.subject or "", durable=durable, stream=table.stream, config=config)

    def _batch(self, name: str, messages: list[Msg]) -> Batch:
        records: list[Record] = []
        refused: list[Refused] = []
        for message in messages:
            taken = self._taken(name, message)
            records.extend(taken.records)
            refused.extend(taken.refused)
        return Batch(records, refused, caught_up=len(messages) < _BATCH)

    def _taken(self, name: str, message: Msg) -> Taken:
        about = {"subject": message.subject, **{f"header.{k}": v for k, v in (message.headers or {}).items()}}
        about |= {f"subject.{place}": part for place, part in enumerate(message.subject.split("."))}
        return self._mappers[name].read(message.data, about, _delivery(message))

    def _failed(self, error: Exception) -> SourceFailed:
        # The driver's texts may hold addresses with passwords in them; only the kind of error is passed on.
        return SourceFailed(
            f"the stream broke off: {type(error).__name__}",
            retryable=True,
            where="nats",
            fix="check servers and credentials, that the server runs with JetStream, and that the stream exists",
        )


async def _quiet(error: Exception) -> None:
    """The driver would log what is raised anyway."""


async def _fetch(client: Client, reader: JetStreamContext.PullSubscription, timeout: float) -> list[Msg]:
    """What came within a moment. Raises the driver's error when the connection is gone."""
    try:
        return await reader.fetch(_BATCH, timeout=_WAIT_S)
    except TimeoutError:
        await client.flush(round(timeout) or 1)  # asks the server for an answer: silence could be a dead connection
        return []


def _delivery(message: Msg) -> str:
    """The sender's own id, or the place in the stream; with the time, for a stream that was made anew counts anew."""
    sent = (message.headers or {}).get("Nats-Msg-Id")
    if sent:
        return sent
    about = message.metadata
    return f"{about.stream} {about.sequence.stream} {about.timestamp.isoformat()}"


PLUGIN = SourcePlugin("nats", NatsOptions, "JSON messages of NATS JetStream", build=NatsSource)
