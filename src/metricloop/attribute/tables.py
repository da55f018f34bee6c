"""Columns as people keep them -> a leaf table: which of the three shapes they are, and which of them are dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metricloop.attribute.expect import expect_ratio_from_history
from metricloop.attribute.leaves import Column, Floats, LeafTable, coded
from metricloop.kernel.errors import InvalidInput

SUM = ("actual", "expected")
RATIO = ("actual_num", "actual_den", "expected_num", "expected_den")
HISTORY = ("minute", "num", "den")

_SHAPES = (RATIO, HISTORY, SUM)
_FIX = f"give the columns {', '.join(SUM)}; or {', '.join(RATIO)}; or {', '.join(HISTORY)}"


def measures_in(names: list[str]) -> tuple[str, ...]:
    """The numeric columns of the shape that a file with these columns has; all others are dimensions.

    InvalidInput when it has none of the three shapes, or no dimension.
    """
    for shape in _SHAPES:
        if set(shape) <= set(names):
            if len(names) == len(shape):
                raise InvalidInput("there is no dimension", fix="add a column to split by: every other column is one")
            return shape
    raise InvalidInput(f"the columns are {', '.join(names)}: neither a sum nor a ratio", fix=_FIX)


def table_of(columns: Mapping[str, Column]) -> LeafTable:
    """The leaf table of one incident. Rows with the same dimension values are added up.

    A ratio with its history (`minute` 0 is the incident, negative is the past) makes its own expectation; minutes after
    the incident are not looked at. InvalidInput for values that are missing, not finite, or no history.
    """
    shape = measures_in(list(columns))
    numbers = {name: _numbers(name, columns[name]) for name in shape}
    dimensions = {name: column for name, column in columns.items() if name not in shape}
    try:
        if shape == SUM:
            return LeafTable.of_sum(dimensions, numbers["actual"], numbers["expected"])
        if shape == RATIO:
            num1, den1, num0, den0 = (numbers[name] for name in RATIO)
            return LeafTable.of_ratio(dimensions, num1, den1, num0, den0)
        return _with_history(dimensions, numbers)
    except ValueError as error:
        raise InvalidInput(str(error), fix=_FIX) from error


def _numbers(name: str, column: Column) -> Floats:
    try:
        numbers = np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"column {name} is not all numbers", fix=f"write a number in every row of {name}") from error
    if not np.isfinite(numbers).all():
        raise InvalidInput(f"column {name} has empty cells or infinities", fix=f"write a number in every row of {name}")
    return numbers


def _with_history(dimensions: Mapping[str, Column], numbers: Mapping[str, Floats]) -> LeafTable:
    minute = numbers["minute"]
    if not (minute == 0).any() or not (minute < 0).any():
        raise ValueError("column minute needs rows of the incident (0) and of the past (below 0)")
    encoded = [coded(column) for column in dimensions.values()]
    codes = np.stack([code for _, code in encoded])
    leaves, place = np.unique(codes, axis=1, return_inverse=True)
    names = {
        name: np.asarray(values, dtype=object)[leaves[row]]
        for row, (name, (values, _)) in enumerate(zip(dimensions, encoded, strict=True))
    }
    minutes, bucket = np.unique(minute, return_inverse=True)
    size = leaves.shape[1]

    def grid(values: Floats) -> NDArray[Any]:
        cells = np.bincount(bucket * size + place.ravel(), weights=values, minlength=len(minutes) * size)
        return cells.reshape(len(minutes), size)

    num, den = grid(numbers["num"]), grid(numbers["den"])
    now, past = int(np.flatnonzero(minutes == 0)[0]), minutes < 0
    return expect_ratio_from_history(names, num[now], den[now], num[past], den[past])
