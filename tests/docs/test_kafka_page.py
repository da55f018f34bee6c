"""The Kafka source of the how-to: what stands there is a plugin, and its types are right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from metricloop.sdk import Batch, SourcePlugin, StreamSource
from tests.docs.pages import page
from tests.plugins.context import context
from tests.plugins.landing import ORDERS, order


def code() -> str:
    found = re.search(r"(?ms)^```python\n(.*?)^```$", page("how-to/write-a-kafka-source.md"))
    assert found is not None
    return found[1]


class Message:
    """What the driver hands out, as far as the page uses it."""

    def __init__(self, value: bytes, offset: int) -> None:
        self._value, self._offset = value, offset

    def error(self) -> None:
        return None

    def value(self) -> bytes:
        return self._value

    def topic(self) -> str:
        return "orders"

    def partition(self) -> int:
        return 0

    def offset(self) -> int:
        return self._offset


def test_the_kafka_page_makes_records_of_messages(tmp_path: Path) -> None:
    module = ModuleType("metricloop_kafka")
    sys.modules["metricloop_kafka"] = module  # pydantic looks annotations up there
    exec(compile(code(), "write-a-kafka-source.md", "exec"), module.__dict__)
    plugin: SourcePlugin[Any] = module.__dict__["PLUGIN"]
    options = plugin.config.model_validate(
        {"servers": "k:9092", "tables": {"o": {**ORDERS, "key": [], "topic": "orders"}}}
    )
    source = plugin.build(options, context(tmp_path))
    assert isinstance(source, StreamSource) and source.declared().tables["o"].time == "at"
    make: Any = source
    batch: Batch = make._batch([Message(json.dumps(order(1)).encode(), 5), Message(b"{", 6)])
    assert [record.key for record in batch.records] == ["orders 0 5"] and len(batch.refused) == 1 and batch.caught_up
    del sys.modules["metricloop_kafka"]


@pytest.mark.deep
def test_the_kafka_page_is_typed(tmp_path: Path) -> None:
    (tmp_path / "metricloop_kafka.py").write_text(code(), encoding="utf-8")
    ignore = tmp_path / "mypy.ini"
    ignore.write_text("[mypy]\nplugins = pydantic.mypy\n[mypy-confluent_kafka.*]\nignore_missing_imports = True\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ignore), "metricloop_kafka.py"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert checked.returncode == 0, checked.stdout
