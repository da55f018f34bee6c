"""Source `rabbitmq`: JSON messages of RabbitMQ queues (AMQP 0-9-1).

A message is acknowledged when it is committed; one that was not is delivered again. It is known by its `message_id`,
where the table declares no key, or else by its content.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

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
)
from metricloop.sdk.mapping import declared, driver_missing

_BATCH = 500
_WAIT_S = 0.5


class RabbitTable(TableOptions):
    queue: str = Field(min_length=1, description="a durable queue; made if `exchange` is given, must exist otherwise")
    exchange: str | None = Field(None, description="an existing exchange to which the queue is bound")
    routing_key: str = Field("#", description="of the binding")


class RabbitOptions(LandingOptions):
    url: Secret | str = Field(description="amqp:// or amqps://, by reference where it holds a password")
    timeout_s: float = Field(10.0, gt=0, le=120)
    heartbeat_s: int = Field(15, ge=5, le=600)
    tables: dict[str, RabbitTable] = Field(min_length=1)

    @field_validator("url", mode="before")
    @classmethod
    def _an_address(cls, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(("env:", "file:")):
            return Secret(value)
        if isinstance(value, str) and not value.startswith(("amqp://", "amqps://")):
            raise ValueError("must begin with amqp:// or amqps://, or be env:NAME or file:PATH")
        return value


class _Waiting:
    """What was delivered and not yet handed over, with the tag of the last one."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.refused: list[Refused] = []
        self.count = 0
        self.tag = 0

    def batch(self) -> Batch:
        return Batch(self.records, self.refused, caught_up=self.count < _BATCH)


class RabbitSource:
    """A StreamSource. The driver is blocking and lives in the thread that calls `consume`."""

    def __init__(self, options: RabbitOptions, context: Context) -> None:
        self._options = options
        self._mappers = {name: Mapper(name, table) for name, table in options.tables.items()}
        self._cancelled = False

    def declared(self) -> Declared:
        return declared(self._options.tables, keep_days=self._options.keep_days)

    def consume(self, take: Callable[[Batch], None], stopping: threading.Event) -> None:
        try:
            import pika
            from pika.exceptions import AMQPError
        except ImportError as error:
            raise driver_missing("pika", "rabbitmq") from error
        address = self._options.url.value() if isinstance(self._options.url, Secret) else self._options.url
        try:
            asked = pika.URLParameters(address)
            asked.heartbeat = self._options.heartbeat_s
            asked.socket_timeout = asked.stack_timeout = asked.blocked_connection_timeout = self._options.timeout_s
            connection = pika.BlockingConnection(asked)
            try:
                self._receive(connection, take, stopping)
            finally:
                if connection.is_open:
                    connection.close()
        except (AMQPError, OSError, ValueError) as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Holds nothing between two calls of consume."""

    def _receive(self, connection: Any, take: Callable[[Batch], None], stopping: threading.Event) -> None:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=_BATCH)
        waiting = _Waiting()
        self._cancelled = False
        channel.add_on_cancel_callback(self._on_cancel)
        for name, table in self._options.tables.items():
            _prepare(channel, table)
            channel.basic_consume(table.queue, partial(self._on_message, waiting, name))
        while not stopping.is_set():
            connection.process_data_events(time_limit=_WAIT_S)
            if self._cancelled:
                raise SourceFailed("a queue was deleted", retryable=True, where="rabbitmq", fix="make the queue again")
            batch, tag = waiting.batch(), waiting.tag
            waiting.records, waiting.refused, waiting.count, waiting.tag = [], [], 0, 0
            take(batch)
            if tag:
                channel.basic_ack(tag, multiple=True)

    def _on_message(
        self, waiting: _Waiting, name: str, channel: Any, method: Any, properties: Any, body: bytes
    ) -> None:
        taken = self._mappers[name].read(body, _about(method, properties), _delivery(properties))
        waiting.records.extend(taken.records)
        waiting.refused.extend(taken.refused)
        waiting.count += 1
        waiting.tag = method.delivery_tag

    def _on_cancel(self, method: Any) -> None:
        self._cancelled = True

    def _failed(self, error: Exception) -> SourceFailed:
        # The driver's texts may hold the address; only the kind of error and the broker's own words are passed on.
        said = getattr(error, "reply_text", "") or ""
        return SourceFailed(
            f"the queue broke off: {type(error).__name__} {said}".strip(),
            retryable=True,
            where=f"rabbitmq {self._options.url.reference}" if isinstance(self._options.url, Secret) else "rabbitmq",
            fix="check url, user and password, that the broker runs, and that queue and exchange exist",
        )


def _prepare(channel: Any, table: RabbitTable) -> None:
    if table.exchange is None:
        channel.queue_declare(table.queue, passive=True)
        return
    channel.queue_declare(table.queue, durable=True)
    channel.queue_bind(table.queue, table.exchange, table.routing_key)


def _about(method: Any, properties: Any) -> Mapping[str, str]:
    headers = {f"header.{name}": str(value) for name, value in (properties.headers or {}).items()}
    return {"routing_key": method.routing_key, "exchange": method.exchange, **headers}


def _delivery(properties: Any) -> str | None:
    return properties.message_id or None


PLUGIN = SourcePlugin("rabbitmq", RabbitOptions, "JSON messages of RabbitMQ queues", build=RabbitSource)
