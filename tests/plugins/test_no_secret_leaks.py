"""A secret is planted where each bundled plugin takes one; then what it connects to fails."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from metricloop.cli.terminal import LOG_FORMAT, CarefulFormatter
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.kernel.message import Text
from metricloop.notify.model import DeliveryState
from metricloop.plugins.actions import ActionBook
from metricloop.plugins.channels import ChannelBook
from metricloop.plugins.registry import checked_options, load_registry, options_issues
from metricloop.plugins.server import Limits
from metricloop.plugins.sources import Sources
from metricloop.sdk import Plugin, Secret, SourceFailed
from metricloop.sdk.host import ChannelDefinition
from tests.collect.engines import closed_port
from tests.plugins.context import context, parcel

CANARY = "canary-4711-hunter"
DATASET = Dataset("d", "s", "t", "at", ZoneInfo("UTC"), timedelta(0), (), ())
REGISTRY = load_registry()

# What each plugin is given, with the secret in it; {port} is one where nobody listens, or where all is echoed.
ADDRESSES = {
    "postgres": ["postgresql://u:{canary}@127.0.0.1:{port}/d", "postgresql://u:{canary}@:x:/d", "u:{canary}@h",
                 "host=127.0.0.1 port={port} password={canary} nonsense"],
    "mysql": ["mysql://u:{canary}@127.0.0.1:{port}/d", "mysql://u:{canary}@h:x/d", "u:{canary}@h"],
    "clickhouse": ["clickhouse://u:{canary}@127.0.0.1:{port}/d", "http://u:{canary}@127.0.0.1:{port}/d"],
    "warehouse": ["sqlite:///nowhere/{canary}/x.db", "trino://u:{canary}@127.0.0.1:{port}/d", "u:{canary}@h"],
}  # fmt: skip


class Echo(socketserver.BaseRequestHandler):
    """Sends the request back as the text of a refusal, as chatty receivers do."""

    def handle(self) -> None:
        asked = self.request.recv(65536)
        head = f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(asked)}\r\nConnection: close\r\n\r\n"
        self.request.sendall(head.encode() + asked)


@contextmanager
def echoing() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """All that anybody logs, at the finest level, as the command line writes it."""
    handler = logging.FileHandler(tmp_path / "log", encoding="utf-8")
    handler.setFormatter(CarefulFormatter(LOG_FORMAT))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield tmp_path / "log"
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


def secret_fields(plugin: Plugin) -> set[str]:
    return {name for name, field in plugin.config.model_fields.items() if "Secret" in str(field.annotation)}


CASES = [(name, address) for name, addresses in ADDRESSES.items() if name in REGISTRY.sources for address in addresses]


@pytest.mark.parametrize(("name", "address"), CASES)
def test_a_source_that_cannot_be_reached_tells_no_secret(
    name: str,
    address: str,
    tmp_path: Path,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CANARY", address.format(canary=CANARY, port=closed_port()))
    options: dict[str, Any] = {"url": "env:CANARY"}
    if "dialect" in REGISTRY.sources[name].config.model_fields:
        options["dialect"] = "trino"
    source = Source("s", name, Text(), options)
    sources = Sources(REGISTRY, context(tmp_path))
    with pytest.raises(SourceFailed) as caught:
        sources.check(source, DATASET)
    logging.getLogger("metricloop").error("it failed: %s", caught.value, exc_info=caught.value)
    sources.close()
    assert CANARY not in str(caught.value) + repr(caught.value)
    assert "it failed" in log.read_text(encoding="utf-8")
    assert CANARY not in log.read_text(encoding="utf-8")
    assert CANARY not in "".join(capfd.readouterr())


def test_every_server_that_takes_a_secret_address_is_tried_here() -> None:
    servers = {name for name, plugin in REGISTRY.sources.items() if issubclass(plugin.config, Limits)}
    assert {name for name in servers if "url" in secret_fields(REGISTRY.sources[name])} <= set(ADDRESSES)


@pytest.mark.parametrize("echo", [True, False])
def test_a_webhook_tells_no_secret_even_when_its_receiver_does(
    echo: bool, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with echoing() as port:
        monkeypatch.setenv("CANARY", f"http://127.0.0.1:{port if echo else closed_port()}/hooks/{CANARY}?key={CANARY}")
        options = {"url": "env:CANARY", "allow_private": True, "timeout_s": 5}
        channels = ChannelBook(REGISTRY, context(tmp_path), lambda: {"c": ChannelDefinition("c", "webhook", options)})
        result = channels.send("c", parcel())
        with pytest.raises(SourceFailed) as caught:
            ActionBook(REGISTRY, context(tmp_path)).perform("webhook", options, {"a": 1}, "key")
    logging.getLogger("metricloop").error("it failed", exc_info=caught.value)
    assert result.outcome is DeliveryState.FAILED
    assert CANARY not in repr(result) + str(caught.value)
    assert CANARY not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["sources", "channels", "actions"])
def test_a_secret_in_plain_sight_is_refused_without_being_repeated(kind: str) -> None:
    tried = 0
    for plugin in getattr(REGISTRY, kind).values():
        for field in secret_fields(plugin):
            if plugin.config.model_fields[field].annotation == Secret | str:
                continue  # an address that may be secret, and need not
            issues = options_issues(plugin, {field: CANARY}, "here")
            assert issues and CANARY not in str(issues), plugin.name
            tried += 1
    assert tried or kind == "actions"


def test_options_show_references_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", CANARY)
    for name in ADDRESSES.keys() & REGISTRY.sources.keys():
        plugin = REGISTRY.sources[name]
        options = {"url": "env:CANARY"} | ({"dialect": "trino"} if "dialect" in plugin.config.model_fields else {})
        shown = checked_options(plugin, options, "here")
        assert CANARY not in repr(shown) + shown.model_dump_json()
