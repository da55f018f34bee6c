from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from metricloop.notify.model import DeliveryState
from metricloop.plugins.local import (
    ConsoleChannel,
    ConsoleOptions,
    FileAction,
    FileChannel,
    FileOptions,
)
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_action, check_channel
from tests.plugins.context import NOW, context, parcel


def channel(folder: Path) -> FileChannel:
    return FileChannel(FileOptions(folder="out"), context(folder))


def action(folder: Path) -> FileAction:
    return FileAction(FileOptions(folder="out"), context(folder))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ids(path: Path) -> list[str]:
    return [str(line["id"]) for line in lines(path)]


def test_a_message_is_one_line_with_all_that_was_said(tmp_path: Path) -> None:
    result = channel(tmp_path).send(parcel())
    assert result.outcome is DeliveryState.DELIVERED
    assert lines(tmp_path / "out" / "messages.jsonl") == [
        {
            "id": "m1",
            "at": NOW.isoformat(),
            "to": "ana@example.org",
            "subject": "Incident 1",
            "body": "AA 38 % 准点率",
            "link": "https://example.org/i/1",
            "data": {"incident": 1},
        }
    ]


def test_the_file_channel_keeps_what_the_kit_promises(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be")
    broken = FileChannel(FileOptions(folder="blocked"), context(tmp_path))
    arrived = partial(ids, tmp_path / "out" / "messages.jsonl")
    assert check_channel(lambda: channel(tmp_path), arrived=arrived, broken=broken) == []


def test_the_file_action_keeps_what_the_kit_promises(tmp_path: Path) -> None:
    done = partial(ids, tmp_path / "out" / "effects.jsonl")
    assert check_action(lambda: action(tmp_path), request={"a": 1}, done=done) == []


def test_an_effect_is_recorded_once_and_says_so(tmp_path: Path) -> None:
    assert action(tmp_path).perform({"reorder": 5}, "run1:fix") == "recorded"
    assert action(tmp_path).perform({"reorder": 6}, "run1:fix") == "already recorded"
    assert lines(tmp_path / "out" / "effects.jsonl") == [{"id": "run1:fix", "request": {"reorder": 5}}]


def test_an_effect_that_cannot_be_recorded_raises(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(SourceFailed) as caught:
        action(tmp_path).perform({}, "k")
    assert caught.value.retryable and caught.value.fix


def test_the_console_writes_to_stderr_and_keeps_stdout_for_data(capsys: pytest.CaptureFixture[str]) -> None:
    result = ConsoleChannel(ConsoleOptions(), context(Path("."))).send(parcel())
    said = capsys.readouterr()
    assert result.outcome is DeliveryState.DELIVERED
    assert said.out == ""
    assert "Incident 1" in said.err and "准点率" in said.err
