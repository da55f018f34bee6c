from __future__ import annotations

from collections.abc import Sequence

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Streams come first. Brokers' drivers wait by select(), which knows a thousand open files at most, and a process
    in which chDB ran has more: it keeps three open for each of its threads.
    """
    first: Sequence[str] = ("test_streams.py", "test_landed_streams.py")
    items.sort(key=lambda item: item.path.name not in first)
