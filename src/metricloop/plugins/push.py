"""Source `push`: records and points that other systems send to `POST /api/v1/points`.

A webhook of a shop, a script at night, a till: whoever can send JSON. The same record again is the same record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from metricloop.sdk import (
    Context,
    Declared,
    InvalidInput,
    LandingOptions,
    Mapper,
    Options,
    Record,
    Refused,
    SourcePlugin,
    TableOptions,
    Taken,
)
from metricloop.sdk.mapping import declared
from metricloop.sdk.plain_values import ColumnOptions

_AT, _VALUE = "at", "value"


class PointsOptions(Options):
    """A table of points: `at`, `value`, and these dimensions. A point is known by its time and dimensions."""

    dimensions: tuple[str, ...] = Field((), max_length=50)

    @model_validator(mode="after")
    def _distinct(self) -> PointsOptions:
        if {_AT, _VALUE, "dimensions"} & set(self.dimensions) or any(name.startswith("_") for name in self.dimensions):
            raise ValueError("a dimension must not be called at, value or dimensions, nor begin with _")
        return self


class PushOptions(LandingOptions):
    tables: dict[str, TableOptions] = Field(default_factory=dict, description="tables of records, with their columns")
    points: dict[str, PointsOptions] = Field(
        default_factory=dict, description="tables of points: at, value, dimensions"
    )

    @model_validator(mode="after")
    def _something(self) -> PushOptions:
        if not self.tables and not self.points:
            raise ValueError("name at least one table under tables or points")
        if self.tables.keys() & self.points.keys():
            raise ValueError("a table stands under tables and under points")
        return self


def points_table(dimensions: tuple[str, ...]) -> TableOptions:
    """The columns of a table of points."""
    columns = {_AT: ColumnOptions(type="timestamp"), _VALUE: ColumnOptions(type="number")}
    columns |= {name: ColumnOptions() for name in dimensions}
    return TableOptions(columns=columns, key=(_AT, *dimensions), time=_AT)


class PushedRecords:
    """A PushSource."""

    def __init__(self, options: PushOptions, context: Context) -> None:
        self._options = options
        self._points = {name: points_table(one.dimensions) for name, one in options.points.items()}

    def declared(self) -> Declared:
        return declared({**self._options.tables, **self._points}, keep_days=self._options.keep_days)

    def accept(self, table: str, item: Mapping[str, Any]) -> Taken:
        if table in self._options.tables:
            options = self._options.tables[table]
            return Mapper(table, options).read(json.dumps(item))
        if table in self._points:
            return self._point(table, item)
        known = ", ".join(sorted({**self._options.tables, **self._points}))
        raise InvalidInput(f"this source has no table {table!r}", fix=f"known: {known}")

    def _point(self, table: str, item: Mapping[str, Any]) -> Taken:
        dimensions = self._options.points[table].dimensions
        given = item.get("dimensions", {})
        flat = {**{k: v for k, v in item.items() if k != "dimensions"}, **(given if isinstance(given, dict) else {})}
        unknown = sorted(set(flat) - {_AT, _VALUE, *dimensions})
        if unknown:
            return _refuse(table, item, f"{', '.join(unknown)}: no dimension of this table")
        taken = Mapper(table, self._points[table]).map([flat], flat)
        if any(record.body[_VALUE] is None for record in taken.records):
            return _refuse(table, item, "column value: it must not be empty")
        return Taken([_known_by_place(record, dimensions) for record in taken.records], taken.refused)

    def close(self) -> None:
        """Holds nothing."""


def _known_by_place(record: Record, dimensions: tuple[str, ...]) -> Record:
    """A point without one of its dimensions has its place, too."""
    key = json.dumps([record.body[name] for name in (_AT, *dimensions)], ensure_ascii=False)
    return Record(record.table, key, record.at, record.body)


def _refuse(table: str, item: Mapping[str, Any], reason: str) -> Taken:
    return Taken(refused=[Refused(table, json.dumps(item, ensure_ascii=False), reason)])


PLUGIN = SourcePlugin("push", PushOptions, "Records and points that other systems send", build=PushedRecords)
