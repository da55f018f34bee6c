"""Sources, ChannelBook and ActionBook: whatever a stranger's plugin does, the stages see only what their ports say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metricloop.define.model import Source
from metricloop.define.responsibility import ChannelDefinition
from metricloop.kernel.message import Text
from metricloop.notify.model import DeliveryState
from metricloop.plugins.actions import ActionBook
from metricloop.plugins.channels import ChannelBook
from metricloop.plugins.registry import Registry, load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import (
    ActionPlugin,
    ChannelPlugin,
    Context,
    DeliveryResult,
    Options,
    Parcel,
    SourceFailed,
    SourcePlugin,
)
from tests.collect.flights import FLIGHTS, hour, reading
from tests.plugins.context import context, parcel


class Strange:
    """A stranger's plugin of every kind that raises what no plugin may raise."""

    dialect = "duckdb"

    def __init__(self, options: Options, context: Context) -> None:
        pass

    def tables(self) -> Sequence[str]:
        raise KeyError("tables")

    def columns(self, table: str) -> Mapping[str, str]:
        raise KeyError(table)

    def describe(self, sql: str) -> Mapping[str, str]:
        raise KeyError(sql)

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        raise ZeroDivisionError("in a stranger's code")

    def close(self) -> None:
        pass

    def send(self, parcel: Parcel) -> DeliveryResult:
        raise ZeroDivisionError("in a stranger's code")

    def perform(self, request: Mapping[str, Any], key: str) -> str:
        raise ZeroDivisionError("in a stranger's code")


STRANGE = Registry(
    sources={"strange": SourcePlugin("strange", Options, build=Strange)},
    channels={"strange": ChannelPlugin("strange", Options, build=Strange)},
    actions={"strange": ActionPlugin("strange", Options, build=Strange)},
)
SHOP = Source("shop", "strange", Text())


def test_what_a_source_plugin_raises_names_the_dataset_and_the_plugin() -> None:
    sources = Sources(STRANGE, context(Path(".")))
    with pytest.raises(SourceFailed, match="plugin strange failed: ZeroDivisionError") as caught:
        sources.read(reading(hour(1, 1), hour(1, 2), source=SHOP))
    assert "dataset flights" in caught.value.where and caught.value.fix
    with pytest.raises(SourceFailed, match="plugin strange failed: KeyError"):
        sources.check(SHOP, FLIGHTS)
    sources.close()


def test_wrong_options_and_unknown_plugins_are_source_failures() -> None:
    sources = Sources(load_registry(), context(Path(".")))
    for source, says in (
        (replace(SHOP, plugin="oracle"), "no source plugin 'oracle'"),
        (replace(SHOP, plugin="files", options={"folder": "."}), "tables"),
    ):
        with pytest.raises(SourceFailed, match=says) as caught:
            sources.read(reading(hour(1, 1), hour(1, 2), source=source))
        assert not caught.value.retryable and caught.value.fix


def test_a_source_is_opened_anew_when_its_options_change(tmp_path: Path) -> None:
    sources = Sources(load_registry(), context(tmp_path))
    for name, rows in (("a.csv", 1), ("b.csv", 2)):
        (tmp_path / name).write_text("time_hour,carrier,origin,dest\n" + "2013-01-01T10:00:00Z,AA,JFK,BOS\n" * rows)
        source = replace(SHOP, plugin="files", options={"folder": ".", "tables": {"flights": name}})
        asked = reading(hour(1, 1), hour(1, 2), measures=("scheduled",), source=source)
        assert [row.measures for row in sources.read(asked)] == [(float(rows),)]
    sources.close()


def test_a_closed_book_of_sources_can_be_used_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time_hour\n2013-01-01T10:00:00Z\n")
    sources = Sources(load_registry(), context(tmp_path))
    source = replace(SHOP, plugin="files", options={"folder": ".", "tables": {"flights": "a.csv"}})
    asked = reading(hour(1, 1), hour(1, 2), measures=("scheduled",), source=source)
    first = sources.read(asked)
    sources.close()
    assert sources.read(asked) == first
    sources.close()


def channels(registry: Registry, folder: Path, *definitions: ChannelDefinition) -> ChannelBook:
    return ChannelBook(registry, context(folder), lambda: {one.name: one for one in definitions})


def test_a_configured_channel_sends(tmp_path: Path) -> None:
    book = channels(load_registry(), tmp_path, ChannelDefinition("ops", "file", {"folder": "out"}))
    assert book.send("ops", parcel()).outcome is DeliveryState.DELIVERED
    assert (tmp_path / "out" / "messages.jsonl").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        (ChannelDefinition("ops", "strange", {}), "plugin strange failed: ZeroDivisionError"),
        (ChannelDefinition("ops", "pigeon", {}), "no channel plugin 'pigeon'"),
        (ChannelDefinition("ops", "strange", {"speed": 3}), "speed"),
        (ChannelDefinition("other", "strange", {}), "no channel 'ops'"),
    ],
)
def test_sending_never_raises(definition: ChannelDefinition, says: str, tmp_path: Path) -> None:
    result = channels(STRANGE, tmp_path, definition).send("ops", parcel())
    assert (result.outcome, result.retryable) == (DeliveryState.FAILED, False)
    assert says in result.provider_message


def test_an_action_is_done_once_per_key(tmp_path: Path) -> None:
    book = ActionBook(load_registry(), context(tmp_path))
    said = [book.perform("file", {"folder": "out"}, {"reorder": 5}, key) for key in ("a", "a", "b")]
    assert said == ["recorded", "already recorded", "recorded"]


@pytest.mark.parametrize(
    ("action", "options", "says"),
    [
        ("strange", {}, "plugin strange failed: ZeroDivisionError"),
        ("strange", {"speed": 3}, "speed"),
        ("magic", {}, "no action plugin 'magic'"),
    ],
)
def test_an_action_that_cannot_be_done_is_a_source_failure(
    action: str, options: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceFailed, match=says) as caught:
        ActionBook(STRANGE, context(tmp_path)).perform(action, options, {}, "k")
    assert not caught.value.retryable
    assert caught.value.where and caught.value.fix
