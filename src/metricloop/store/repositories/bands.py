"""What monitors expected and how they judged, packed: one row per monitor and bucket (an hour, or a local day).

expected, lower, upper and score are kept as float32: they are estimates, and a chart or a rule needs no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, bindparam, select

from metricloop.kernel.series import BandPanel, Flags, Floats, positions
from metricloop.kernel.slices import Slice
from metricloop.store.packing import Array, pack, unpack
from metricloop.store.repositories.axes import Axes
from metricloop.store.rows import Upserts
from metricloop.store.statements import Statement
from metricloop.store.tables import series as tables

_BANDS, _JUDGED = Upserts(tables.bands), Upserts(tables.judged)
_b = tables.bands.c
_READ = Statement(
    select(_b.start, _b.packed)
    .where(_b.monitor == bindparam("of"), _b.start >= bindparam("begin"), _b.start < bindparam("stop"))
    .order_by(_b.start)
)
_UNTIL = Statement(select(tables.judged.c.until).where(tables.judged.c.monitor == bindparam("of")))


class BandsRepository:
    def __init__(self, connection: Connection, axes: Axes) -> None:
        self._connection = connection
        self._axes = axes

    def put(self, monitor: str, version: int, panel: BandPanel) -> None:
        """Replaces what was judged of the same buckets before."""
        if not panel.starts:
            return
        columns = self._axes.columns("bands", monitor, panel.slices)
        floats, flags = _stacked(panel)
        if columns is not None:
            floats, flags = _scattered(floats, flags, columns)
        rows = [
            {
                "monitor": monitor,
                "start": start,
                "version": version,
                "packed": pack([floats[at], np.packbits(flags[at])]),
            }
            for at, start in enumerate(panel.starts)
        ]
        _BANDS.of(self._connection, replace=True).run_many(self._connection, rows)

    def read(self, monitor: str, start: datetime, end: datetime, slices: Sequence[Slice] | None = None) -> BandPanel:
        """Judged buckets that begin in [start, end), oldest first. A slice that was not judged has NaN, score 0."""
        found = _READ.all(self._connection, {"of": monitor, "begin": start, "stop": end})
        judged = [unpack(packed) for _, packed in found]
        width = max((floats.shape[1] for floats, _ in judged), default=0)
        axis = self._axes.read("bands", monitor, at_least=width)
        values, flags = _nothing(len(judged), len(axis))
        for at, (floats, bits) in enumerate(judged):
            known = floats.shape[1]
            values[:, at, :known] = floats
            flags[at, :known] = np.unpackbits(bits, count=known)
        if slices is not None:
            values, flags = _only(values, flags, axis, slices)
            axis = tuple(slices)
        expected, lower, upper, score = values
        return BandPanel(axis, tuple(start for start, _ in found), expected, lower, upper, score, flags)

    def judged_until(self, monitor: str) -> datetime | None:
        found: datetime | None = _UNTIL.value(self._connection, {"of": monitor})
        return found

    def set_judged_until(self, monitor: str, until: datetime) -> None:
        row = {"monitor": monitor, "until": until}
        _JUDGED.of(self._connection, replace=True).run(self._connection, row)


def _stacked(panel: BandPanel) -> tuple[Array, Flags]:
    """Buckets x (expected, lower, upper, score) x slices as float32, and buckets x slices."""
    floats = np.empty((len(panel.starts), 4, len(panel.slices)), dtype=np.float32)
    with np.errstate(over="ignore", under="ignore"):
        for at, values in enumerate((panel.expected, panel.lower, panel.upper, panel.score)):
            floats[:, at] = values
    return floats, np.asarray(panel.anomalous, dtype=np.bool_)


def _nothing(buckets: int, width: int) -> tuple[Floats, Flags]:
    """(expected, lower, upper, score) x buckets x slices of no judgement: no band, score 0, not anomalous."""
    values = np.full((4, buckets, width), np.nan)
    values[3] = 0.0
    return values, np.zeros((buckets, width), dtype=np.bool_)


def _scattered(floats: Array, flags: Flags, columns: Array) -> tuple[Array, Flags]:
    values, anomalous = _nothing(floats.shape[0], int(columns.max()) + 1)
    wide = np.swapaxes(values, 0, 1).astype(np.float32)
    wide[:, :, columns] = floats
    anomalous[:, columns] = flags
    return wide, anomalous


def _only(values: Floats, flags: Flags, axis: tuple[Slice, ...], slices: Sequence[Slice]) -> tuple[Floats, Flags]:
    column = positions(axis)
    chosen, chosen_flags = _nothing(flags.shape[0], len(slices))
    for at, slice in enumerate(slices):
        if slice in column:
            chosen[:, :, at] = values[:, :, column[slice]]
            chosen_flags[:, at] = flags[:, column[slice]]
    return chosen, chosen_flags
