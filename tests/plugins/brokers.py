"""The real brokers of the test machine: RabbitMQ, an MQTT broker, NATS with JetStream; with names of our own in them.

Their addresses are METRICLOOP_TEST_RABBITMQ, _MQTT and _NATS, by default those of this machine.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.missing import missing
from tests.plugins.landing import ORDERS

RABBITMQ = os.environ.get("METRICLOOP_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672")
MQTT = os.environ.get("METRICLOOP_TEST_MQTT", "mqtt://127.0.0.1:1883")
NATS = os.environ.get("METRICLOOP_TEST_NATS", "nats://127.0.0.1:4222")


@dataclass(frozen=True)
class Broker:
    """A place of our own in a broker. options: of our source, over `port` instead of the broker's own if given."""

    plugin: str
    port: int
    options: Callable[[int], dict[str, Any]]
    publish: Callable[[Sequence[bytes]], None]


@contextmanager
def rabbitmq() -> Iterator[Broker]:
    import pika

    port = _reach(RABBITMQ, 5672, "RabbitMQ", "METRICLOOP_TEST_RABBITMQ")
    queue = f"metricloop_test_{secrets.token_hex(6)}"

    def on_channel(do: Callable[[Any], object]) -> None:
        connection = pika.BlockingConnection(pika.URLParameters(RABBITMQ))
        try:
            do(connection.channel())
        finally:
            connection.close()

    def options(port: int) -> dict[str, Any]:
        parts = urlsplit(RABBITMQ)
        url = f"amqp://{parts.username}:{parts.password}@127.0.0.1:{port}"
        return {"url": url, "timeout_s": 3, "tables": {"orders": {**ORDERS, "queue": queue}}}

    def publish(messages: Sequence[bytes]) -> None:
        on_channel(lambda channel: [channel.basic_publish("", queue, message) for message in messages])

    on_channel(lambda channel: channel.queue_declare(queue, durable=True))
    try:
        yield Broker("rabbitmq", port, options, publish)
    finally:
        on_channel(lambda channel: channel.queue_delete(queue))


@contextmanager
def mqtt() -> Iterator[Broker]:
    from paho.mqtt.client import Client, MQTTv5
    from paho.mqtt.enums import CallbackAPIVersion
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    port = _reach(MQTT, 1883, "an MQTT broker", "METRICLOOP_TEST_MQTT")
    topic, session = f"metricloop_test/{secrets.token_hex(6)}", f"metricloop-test-{secrets.token_hex(6)}"

    def options(port: int) -> dict[str, Any]:
        table = {**ORDERS, "topic": f"{topic}/+"}
        return {"host": "127.0.0.1", "port": port, "client_id": session, "timeout_s": 3, "tables": {"orders": table}}

    def publish(messages: Sequence[bytes]) -> None:
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        client.connect("127.0.0.1", port)
        client.loop_start()
        for message in messages:
            client.publish(f"{topic}/north", message, qos=1).wait_for_publish(10)
        client.disconnect()
        client.loop_stop()

    yield Broker("mqtt", port, options, publish)
    ended: Any = Properties
    asked = ended(PacketTypes.CONNECT)
    asked.SessionExpiryInterval = 0
    last = Client(CallbackAPIVersion.VERSION2, session, protocol=MQTTv5)
    last.connect("127.0.0.1", port, clean_start=True, properties=asked)
    last.loop(0.2)
    last.disconnect()


@contextmanager
def nats() -> Iterator[Broker]:
    import nats as driver

    port = _reach(NATS, 4222, "NATS with JetStream", "METRICLOOP_TEST_NATS")
    stream = f"metricloop_test_{secrets.token_hex(6)}"

    def on_server(do: Callable[[Any], Any]) -> None:
        async def run() -> None:
            client = await driver.connect(NATS)
            try:
                await do(client.jetstream())
            finally:
                await client.close()

        asyncio.run(run())

    def options(port: int) -> dict[str, Any]:
        table = {**ORDERS, "stream": stream, "subject": f"{stream}.*"}
        return {"servers": [f"nats://127.0.0.1:{port}"], "ack_wait_s": 5, "timeout_s": 3, "tables": {"orders": table}}

    def publish(messages: Sequence[bytes]) -> None:
        async def send(js: Any) -> None:
            for message in messages:
                await js.publish(f"{stream}.north", message)

        on_server(send)

    on_server(lambda js: js.add_stream(name=stream, subjects=[f"{stream}.>"]))
    try:
        yield Broker("nats", port, options, publish)
    finally:
        on_server(lambda js: js.delete_stream(stream))


BROKERS: dict[str, Callable[[], AbstractContextManager[Broker]]] = {"rabbitmq": rabbitmq, "mqtt": mqtt, "nats": nats}


def _reach(url: str, usual: int, what: str, variable: str) -> int:
    port = urlsplit(url).port or usual
    try:
        socket.create_connection((urlsplit(url).hostname or "127.0.0.1", port), timeout=3).close()
    except OSError:
        missing(f"{what} does not answer at port {port}", f"start one, or set {variable} to its address")
    return port
