"""The flights' replay, and where its time goes by stage."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.spans import Spans
from benchmarks.tables import markdown
from metricloop.bootstrap import replaying
from metricloop.plugins.sources import Sources
from metricloop.store import repositories
from metricloop.store.unit import Unit

PROJECT = Path(__file__).resolve().parents[1] / "examples" / "flights"
FIRST, LAST = date(2013, 2, 1), date(2013, 12, 31)
TARGET_S = 120
STAGES = ("collect", "detect", "attribute", "triage", "assign", "notify", "act", "verify", "review", "tune")
_SETTING_UP, _OTHER = "set up", "other"


@dataclass(frozen=True, slots=True)
class Measured:
    """One replay: seconds by the clock and of the processor (all threads), and those of its own thread by span."""

    wall: float
    processor: float
    spans: Spans
    incidents: int

    @property
    def ticks(self) -> int:
        return self.spans.calls["metricloop.collect.use_cases.keep"]


def measure(first: date = FIRST, last: date = LAST) -> Measured:
    spans = Spans()
    _hook(spans)
    wall, processor = time.perf_counter(), time.process_time()
    with spans.running():
        summary = replaying.replay(PROJECT, first, last)
    return Measured(time.perf_counter() - wall, time.process_time() - processor, spans, len(summary["incidents"]))


def _hook(spans: Spans) -> None:
    """The use cases of each stage, the repositories they ask, the units of work, the source."""
    for stage in STAGES:
        spans.time_stage(stage, importlib.import_module(f"metricloop.{stage}.use_cases"))
    for found in pkgutil.iter_modules(repositories.__path__):
        module = importlib.import_module(f"{repositories.__name__}.{found.name}")
        for _, repository in inspect.getmembers(module, inspect.isclass):
            if repository.__module__ == module.__name__ and repository.__name__.endswith("Repository"):
                spans.time_layer("store", repository)
    spans.time(Unit, "__enter__", layer="store")
    spans.time(Unit, "__exit__", layer="store")
    spans.time(Sources, "read", layer="source")
    spans.time(replaying, "apply_folder", stage=_SETTING_UP)


def report(found: Measured) -> str:
    within = "met" if found.wall <= TARGET_S else "MISSED"
    months = (LAST.year - FIRST.year) * 12 + LAST.month - FIRST.month + 1
    note = (
        f"{months} months, {found.ticks} ticks, {found.incidents} incidents: {found.wall:.1f} s by the clock (target "
        f"{TARGET_S} s: {within}), {found.processor:.1f} s of processor time, "
        f"**{found.ticks / found.wall:.0f} ticks per second**.\n\n"
        "Seconds of processor time of the replay's thread. Store: repositories, transactions and commits that the "
        "stage asked for. Source: compiled SQL and DuckDB, loading the files included. Other: the loop itself, "
        "routes, the scripted responders."
    )
    head = ("stage", "total s", "share", "own code s", "store s", "source s", "ms per tick")
    return markdown("Replay of the flights, SQLite", head, _rows(found), note)


def _rows(found: Measured) -> list[list[str]]:
    seconds = found.spans.seconds
    stages = [_SETTING_UP, *STAGES, _OTHER]
    whole = sum(seconds.values())
    rows = []
    for name in [*stages, "all"]:
        mine = dict.fromkeys(("", "store", "source"), 0.0)
        for (stage, layer), spent in seconds.items():
            if name in ("all", stage):
                mine[layer] += spent
        total = sum(mine.values())
        parts = [f"{mine[layer]:.2f}" for layer in ("", "store", "source")]
        rows.append([name, f"{total:.2f}", f"{total / whole:.0%}", *parts, f"{1000 * total / found.ticks:.2f}"])
    return rows
