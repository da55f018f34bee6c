"""Rows as columns: a hundred thousand rows are a few arrays, and become rows when somebody looks at one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import overload

import numpy as np
import numpy.typing as npt

from metricloop.collect.model import Row
from metricloop.kernel.series import Floats

Codes = npt.NDArray[np.int64]
Place = tuple[datetime, datetime | None]
_NEW_ROW = partial(tuple.__new__, Row)  # as Row(*cells) does, without a call of Python for each


class ColumnTable(Sequence[Sequence[object]]):
    """Rows of cells that an engine gave column by column; `columns` are of one length. A row is made when it is asked
    for."""

    def __init__(self, columns: Sequence[Sequence[object]]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, at: int) -> tuple[object, ...]: ...

    @overload
    def __getitem__(self, at: slice) -> list[tuple[object, ...]]: ...

    def __getitem__(self, at: int | slice) -> tuple[object, ...] | list[tuple[object, ...]]:
        if isinstance(at, slice):
            return list(zip(*(column[at] for column in self.columns), strict=True))
        return tuple(column[at] for column in self.columns)

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return zip(*self.columns, strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)


class RowColumns(Sequence[Row]):
    """Rows in order, each of a place (start, and end where the reading named one), a slice and its measures.

    places, slices: the different ones, each used; when, which: [rows], which of them a row has. measures: float64
    [rows, measures]. Equal to any sequence of equal rows.
    """

    def __init__(
        self, places: Sequence[Place], when: Codes, slices: Sequence[tuple[str, ...]], which: Codes, measures: Floats
    ) -> None:
        self.places, self.when = places, when
        self.slices, self.which = slices, which
        self.measures = measures

    @staticmethod
    def of(rows: Sequence[Row]) -> RowColumns:
        """The same rows as columns; what are columns already is given back."""
        if isinstance(rows, RowColumns):
            return rows
        places = {place: i for i, place in enumerate(dict.fromkeys((row.bucket, row.end) for row in rows))}
        slices = {values: i for i, values in enumerate(dict.fromkeys(row.values for row in rows))}
        when = np.fromiter((places[row.bucket, row.end] for row in rows), np.int64, len(rows))
        which = np.fromiter((slices[row.values] for row in rows), np.int64, len(rows))
        width = len(rows[0].measures) if rows else 0
        measures = np.array([row.measures for row in rows], dtype=np.float64).reshape(len(rows), width)
        return RowColumns(list(places), when, list(slices), which, measures)

    def __len__(self) -> int:
        return len(self.when)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        return self._rows[at]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._rows == list(other)

    def __repr__(self) -> str:
        return repr(self._rows)

    @cached_property
    def _rows(self) -> list[Row]:
        places = [self.places[code] for code in self.when.tolist()]
        slices = [self.slices[code] for code in self.which.tolist()]
        measures = zip(*self.measures.T.tolist(), strict=True) if self.measures.shape[1] else [()] * len(self)
        cells = zip(places, slices, measures, strict=True)
        return [_NEW_ROW((start, values, numbers, end)) for (start, end), values, numbers in cells]
