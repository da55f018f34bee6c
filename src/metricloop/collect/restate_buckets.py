"""Buckets read again, of metrics whose hours do not add up: what differs is put beside the old readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from metricloop.collect.buckets import BucketsKept
from metricloop.collect.kept import metric_of
from metricloop.collect.model import Cause, Restatement
from metricloop.collect.ports import CollectUnit
from metricloop.collect.redefine import note_restated
from metricloop.kernel.grain import HOUR
from metricloop.kernel.series import Floats, Panel, positions
from metricloop.kernel.slices import Slice


def restate_buckets(
    unit: CollectUnit, dataset: str, kept: Sequence[BucketsKept], cause: Cause, now: datetime
) -> datetime | None:
    """Keep what buckets that were read again say otherwise than the stored ones, on the record like restated hours.

    Gives the start of the first that had changed; None: none had. Tells nothing: what stands on them is the caller's.
    """
    unit.collections.hold(dataset)
    starts: set[datetime] = set()
    metrics: list[str] = []
    for one in kept:
        if one.panel.starts:
            stored = unit.points.read(one.key, one.panel.starts[0], one.panel.starts[-1] + HOUR)
            changed = otherwise(stored, one.panel)
            unit.points.put(one.key, changed)
            starts |= set(changed.starts)
            metrics += [metric_of(one.key)] if changed.starts else []
    if not starts:
        return None
    names = tuple(dict.fromkeys(metrics))
    start, end, count = min(starts), max(starts) + HOUR, len(starts)
    said = f"{count} buckets of {', '.join(names)} ({cause.value})"
    unit.audit.record(
        at=now, actor="system", action="points.restate", subject_kind="dataset", subject_id=dataset,
        before=f"{start.isoformat()}..{end.isoformat()}", after=said,
    )  # fmt: skip
    for old in unit.collections.restatements(dataset):
        if (old.at, old.cause) == (now, cause):  # hours of the same occasion
            start, end, count = min(start, old.start), max(end, old.end), max(count, old.buckets)
            names = tuple(dict.fromkeys((*old.metrics, *names)))
    unit.collections.put_restatement(Restatement(dataset, now, cause, start, end, count, names))
    note_restated(unit, dataset)
    return min(starts)


def otherwise(stored: Panel, fresh: Panel) -> Panel:
    """The buckets of `fresh` that say something else than is stored. A stored reading that is newer stands.

    A slice of which nothing was is a zero or missing by how it was asked for; between these two there is no difference.
    """
    axis = tuple(dict.fromkeys((*fresh.slices, *stored.slices)))
    old, new = _on(stored, axis), _on(fresh, axis)
    row_of = {start: row for row, start in enumerate(stored.starts)}
    chosen: list[int] = []
    for row, start in enumerate(fresh.starts):
        at = row_of.get(start)
        if at is None:
            there = bool(new[0][row].any())
        elif stored.collected_at[at] > fresh.collected_at[row]:
            there = False
        else:
            both = (old[1][at] > 0) & (new[1][row] > 0)
            same_base = _close(old[1][at][both], new[1][row][both])
            there = not (same_base and _close(old[0][at], new[0][row]))
        chosen += [row] if there else []
    starts, read = tuple(fresh.starts[row] for row in chosen), tuple(fresh.collected_at[row] for row in chosen)
    return Panel(fresh.slices, starts, fresh.numerator[chosen], fresh.denominator[chosen], read)


def _on(panel: Panel, axis: tuple[Slice, ...]) -> tuple[Floats, Floats]:
    """Values and denominators on another axis; nothing is 0."""
    values, below = np.zeros((2, len(panel.starts), len(axis)))
    place = positions(axis)
    columns = [place[one] for one in panel.slices]
    values[:, columns], below[:, columns] = np.nan_to_num(panel.values()), np.nan_to_num(panel.denominator)
    return values, below


def _close(one: Floats, other: Floats) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-9))
