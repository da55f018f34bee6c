"""The profiler of the benchmarks: what it counts where, and that it leaves nothing behind."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from types import ModuleType

import pytest
from benchmarks.spans import Spans

SOURCE = """
class Shelf:
    def fetch(self):
        return sum(range(20_000))

def cook(shelf):
    return shelf.fetch() + sum(range(20_000))

def burn():
    raise ValueError("too hot")
"""


@pytest.fixture
def kitchen() -> ModuleType:
    made = importlib.util.module_from_spec(importlib.machinery.ModuleSpec("kitchen", None))
    exec(SOURCE, made.__dict__)
    return made


def test_a_layer_belongs_to_the_stage_that_asked_for_it(kitchen: ModuleType) -> None:
    spans = Spans()
    spans.time_stage("cook", kitchen)
    spans.time_layer("shelf", kitchen.Shelf)
    with spans.running():
        kitchen.cook(kitchen.Shelf())
        kitchen.Shelf().fetch()
    assert set(spans.seconds) == {("other", ""), ("other", "shelf"), ("cook", ""), ("cook", "shelf")}
    assert spans.calls == {"kitchen.cook": 1, "Shelf.fetch": 2}


def test_every_function_is_itself_again_after_the_block(kitchen: ModuleType) -> None:
    cook, fetch = kitchen.cook, kitchen.Shelf.fetch
    spans = Spans()
    spans.time_stage("cook", kitchen)
    spans.time_layer("shelf", kitchen.Shelf)
    with pytest.raises(ValueError, match="too hot"), spans.running():
        assert kitchen.cook is not cook
        kitchen.burn()
    assert (kitchen.cook, kitchen.Shelf.fetch) == (cook, fetch)


def test_a_function_that_raises_ends_its_span(kitchen: ModuleType) -> None:
    spans = Spans()
    spans.time_stage("cook", kitchen)
    with spans.running():
        with pytest.raises(ValueError, match="too hot"):
            kitchen.burn()
        before = spans.seconds["cook", ""]
        sum(range(20_000))
    assert spans.seconds["cook", ""] == before
