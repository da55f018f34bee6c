"""The ports of collect in memory: a unit of work that keeps all of a block, or nothing of it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

import numpy as np

from metricloop.collect.model import Collection, Restatement, Tally
from metricloop.kernel.errors import Bug
from metricloop.kernel.events import Event, Timer
from metricloop.kernel.grain import HOUR
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import Slice


@dataclass
class MemoryPoints:
    """Keeps every panel that was put, in order."""

    panels: dict[str, list[Panel]] = field(default_factory=dict)

    def axis(self, metric: str) -> tuple[Slice, ...]:
        seen = dict.fromkeys(s for panel in self.panels.get(metric, []) for s in panel.slices)
        return tuple(seen)

    def put(self, metric: str, panel: Panel) -> None:
        self.panels.setdefault(metric, []).append(panel)

    def read(
        self,
        metric: str,
        start: datetime,
        end: datetime,
        slices: Sequence[Slice] | None = None,
        known_at: datetime | None = None,
    ) -> Panel:
        axis = self.axis(metric) if slices is None else tuple(slices)
        rows: dict[datetime, tuple[list[float], list[float], datetime]] = {}
        for panel in self.panels.get(metric, []):
            place = [panel.column(s) for s in axis]
            for t, at in enumerate(panel.starts):
                if start <= at < end and (known_at is None or panel.collected_at[t] <= known_at):
                    top = [0.0 if c is None else float(panel.numerator[t, c]) for c in place]
                    bottom = [0.0 if c is None else float(panel.denominator[t, c]) for c in place]
                    rows[at] = (top, bottom, panel.collected_at[t])
        starts = tuple(sorted(rows))
        shape = (len(starts), len(axis))
        numerator = np.array([rows[at][0] for at in starts]).reshape(shape)
        denominator = np.array([rows[at][1] for at in starts]).reshape(shape)
        return Panel(axis, starts, numerator, denominator, tuple(rows[at][2] for at in starts))

    def span(self, metric: str) -> tuple[datetime, datetime] | None:
        starts = [at for panel in self.panels.get(metric, []) for at in panel.starts]
        return (min(starts), max(starts) + HOUR) if starts else None


@dataclass
class MemoryCollections:
    rows: dict[str, Collection] = field(default_factory=dict)
    counted: dict[str, dict[datetime, Tally]] = field(default_factory=dict)
    restated: list[Restatement] = field(default_factory=list)

    def hold(self, dataset: str) -> None:
        """Nobody else is here."""

    def get(self, dataset: str) -> Collection | None:
        return self.rows.get(dataset)

    def put(self, collection: Collection) -> None:
        self.rows[collection.dataset] = collection

    def tallies(self, dataset: str, start: datetime, end: datetime) -> Mapping[datetime, Tally]:
        found = self.counted.get(dataset, {})
        return {at: found[at] for at in sorted(found) if start <= at < end}

    def tallies_at(self, dataset: str, starts: Iterable[datetime]) -> Mapping[datetime, Tally]:
        found = self.counted.get(dataset, {})
        return {at: found[at] for at in starts if at in found}

    def put_tallies(self, tallies: Sequence[Tally]) -> None:
        for tally in tallies:
            self.counted.setdefault(tally.dataset, {})[tally.start] = tally

    def forget_tallies(self, dataset: str, before: datetime) -> None:
        self.counted[dataset] = {at: kept for at, kept in self.counted.get(dataset, {}).items() if at >= before}

    def restatements(self, dataset: str, limit: int = 20) -> Sequence[Restatement]:
        return [one for one in reversed(self.restated) if one.dataset == dataset][:limit]

    def put_restatement(self, restatement: Restatement) -> None:
        self.restated.append(restatement)


@dataclass
class MemoryEvents:
    told: list[Event] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        if all(event.key != other.key for other in self.told):
            self.told.append(event)

    def set_timer(self, timer: Timer) -> None:
        raise Bug("not asked by collect")

    def cancel_timer(self, key: str) -> None:
        raise Bug("not asked by collect")

    def of_kind(self, kind: str) -> list[Event]:
        return [event for event in self.told if event.kind == kind]


@dataclass
class MemoryAudit:
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def record(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject_kind: str,
        subject_id: str,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        self.lines.append((actor, action, subject_id))


class MemoryUnit:
    """A `CollectUnit`; entering copies, leaving with an error puts the copy back."""

    def __init__(self) -> None:
        self.points = MemoryPoints()
        self.collections = MemoryCollections()
        self.events = MemoryEvents()
        self.audit = MemoryAudit()

    def __enter__(self) -> Self:
        self._before = copy.deepcopy((self.points, self.collections, self.events))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.points, self.collections, self.events = self._before
