"""Source `mqtt`: JSON messages of MQTT topics, received in a session that the broker keeps while we are away.

Protocol 5. A message is acknowledged when it is committed; one that was not comes again when we are back. MQTT gives
messages no identity, so a record is known by its declared key, or by its content.
"""

from __future__ import annotations

import hashlib
import selectors
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

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

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage
    from paho.mqtt.enums import MQTTErrorCode

_LOOP_S = 0.5
_BATCH = 500
_KEEPALIVE_S = 15  # a connection that died in silence is noticed after half as long again
_WEEK_S = 7 * 86400


class MqttTable(TableOptions):
    topic: str = Field(
        min_length=1, description="may hold + and #; `@topic` and `@topic.0`... are its whole and its levels"
    )


class MqttOptions(LandingOptions):
    host: str
    port: int = Field(1883, ge=1, le=65535)
    tls: bool = Field(False, description="encrypted, and the broker's certificate checked; usually on port 8883")
    user: str | None = None
    password: Secret | None = Field(None, description="env:NAME or file:PATH")
    client_id: str | None = Field(
        None, max_length=200, description="names the session; made of the options if not said"
    )
    session_s: int = Field(_WEEK_S, ge=60, description="how long the broker keeps messages while nobody is connected")
    timeout_s: float = Field(10.0, gt=0, le=120, description="to connect")
    tables: dict[str, MqttTable] = Field(min_length=1)


class MqttSource:
    """A StreamSource."""

    def __init__(self, options: MqttOptions, context: Context) -> None:
        self._options = options
        self._mappers = {name: Mapper(name, table) for name, table in options.tables.items()}

    def declared(self) -> Declared:
        return declared(self._options.tables, keep_days=self._options.keep_days)

    def consume(self, take: Callable[[Batch], None], stopping: threading.Event) -> None:
        session = _Session(self._options)
        try:
            session.connect(stopping)
            while not stopping.is_set():
                waiting = session.receive()
                take(self._batch(waiting, caught_up=len(waiting) < _BATCH))
                session.acknowledge(waiting)
        finally:
            session.close()

    def close(self) -> None:
        """Holds nothing between two calls of consume."""

    def _batch(self, messages: list[MQTTMessage], *, caught_up: bool) -> Batch:
        from paho.mqtt.client import topic_matches_sub

        records: list[Record] = []
        refused: list[Refused] = []
        for message in messages:
            about = _about(message.topic)
            for name, table in self._options.tables.items():
                if topic_matches_sub(table.topic, message.topic):
                    taken = self._mappers[name].read(bytes(message.payload), about)
                    records.extend(taken.records)
                    refused.extend(taken.refused)
        return Batch(records, refused, caught_up=caught_up)


class _Session:
    """A connection driven by the thread that uses it; what goes wrong in it comes out as SourceFailed."""

    def __init__(self, options: MqttOptions) -> None:
        self._options = options
        self._waiting: list[MQTTMessage] = []
        self._refused: str | None = None
        self._connected = False
        self._subscribed = False
        self._client = self._made()

    def connect(self, stopping: threading.Event) -> None:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        properties: Any = Properties  # which the driver has not typed
        asked = properties(PacketTypes.CONNECT)
        asked.SessionExpiryInterval = self._options.session_s
        try:
            options = self._options
            self._client.connect(options.host, options.port, _KEEPALIVE_S, clean_start=False, properties=asked)
        except (OSError, ValueError) as error:
            raise self._failed(str(error)) from error
        until = time.monotonic() + options.timeout_s
        while time.monotonic() < until:
            if self._subscribed or stopping.is_set():
                return
            self._turn(_LOOP_S)
        raise self._failed(f"no answer within {self._options.timeout_s:g} s")

    def receive(self) -> list[MQTTMessage]:
        """What came within a moment. Raises SourceFailed when the connection is gone."""
        self._turn(_LOOP_S)
        before = 0
        while before < len(self._waiting) < _BATCH:  # the driver takes one packet at a time
            before = len(self._waiting)
            self._turn(0.01)
        waiting, self._waiting = self._waiting, []
        return waiting

    def acknowledge(self, messages: list[MQTTMessage]) -> None:
        for message in messages:
            self._client.ack(message.mid, message.qos)

    def close(self) -> None:
        self._client.disconnect()
        self._moved(0.1)

    def _made(self) -> Client:
        try:
            from paho.mqtt.client import Client, MQTTv5
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError as error:
            raise driver_missing("paho-mqtt", "mqtt") from error
        options = self._options
        client = Client(CallbackAPIVersion.VERSION2, _client_id(options), protocol=MQTTv5, manual_ack=True)
        client.connect_timeout = options.timeout_s
        if options.user is not None or options.password is not None:
            client.username_pw_set(options.user or "", options.password.value() if options.password else None)
        if options.tls:
            client.tls_set()
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        return client

    def _on_connect(self, client: Client, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self._refused = f"the broker refuses the connection: {reason}"
            return
        self._connected = True
        client.subscribe([(table.topic, 1) for table in self._options.tables.values()])

    def _on_subscribe(self, client: Client, data: Any, mid: int, reasons: Any, properties: Any) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        if refused:
            self._refused = f"the broker refuses a topic: {', '.join(refused)}"
        self._subscribed = not refused

    def _on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        self._waiting.append(message)

    def _turn(self, seconds: float) -> None:
        from paho.mqtt.client import MQTT_ERR_SUCCESS, error_string

        done = self._moved(seconds)
        if self._refused is not None:
            raise self._failed(self._refused, retryable=False)
        if done != MQTT_ERR_SUCCESS:
            raise self._failed(error_string(done))

    def _moved(self, seconds: float) -> MQTTErrorCode:
        """One turn of the driver, as its own loop() does it, but that this one also works in a process with more than
        a thousand files open, where select() does not.
        """
        from paho.mqtt.enums import MQTTErrorCode

        wire = self._client.socket()
        if wire is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        decrypted = getattr(wire, "pending", lambda: 0)()  # bytes that TLS has read already
        writing = self._client.want_write()
        with selectors.DefaultSelector() as waiting:
            waiting.register(wire, selectors.EVENT_READ | (selectors.EVENT_WRITE if writing else 0))
            ready = [events for _, events in waiting.select(0 if decrypted else seconds)]
        found = ready[0] if ready else 0
        done = MQTTErrorCode.MQTT_ERR_SUCCESS
        if decrypted or found & selectors.EVENT_READ:
            done = self._client.loop_read()
        if not done and self._client.socket() is not None and found & selectors.EVENT_WRITE:
            done = self._client.loop_write()
        return done or self._client.loop_misc()

    def _failed(self, problem: str, *, retryable: bool = True) -> SourceFailed:
        return SourceFailed(
            problem,
            retryable=retryable,
            where=f"mqtt {self._options.host}:{self._options.port}",
            fix="check host, port, tls, user and password, and that the broker runs",
        )


def _client_id(options: MqttOptions) -> str:
    if options.client_id is not None:
        return options.client_id
    return f"metricloop-{hashlib.sha256(repr(options).encode()).hexdigest()[:16]}"


def _about(topic: str) -> Mapping[str, str]:
    return {"topic": topic, **{f"topic.{place}": level for place, level in enumerate(topic.split("/"))}}


PLUGIN = SourcePlugin("mqtt", MqttOptions, "JSON messages of MQTT topics", build=MqttSource)
