"""From JSON messages to records: which record stands where, its columns by paths, and their declared types.

A value that does not fit its type refuses the record, with the reason: nothing is rounded, cut or guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from metricloop.kernel.errors import SourceFailed
from metricloop.sdk.landing import Declared, LandedTable, Record, Refused, Taken
from metricloop.sdk.plain_values import DUCKDB_TYPES, ColumnOptions, JsonPath, plain
from metricloop.sdk.selectors import selector
from metricloop.sdk.specs import Options


def _from_type(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


class TableOptions(Options):
    """A table: its columns, what identifies a record, and which column says when."""

    columns: dict[str, Annotated[ColumnOptions, BeforeValidator(_from_type)]] = Field(min_length=1, max_length=200)
    records: JsonPath = Field("$", description="where the records stand in a message; a list stands for its elements")
    key: tuple[str, ...] = Field((), description="columns that identify a record; none: its whole content does")
    time: str | None = Field(None, description="the column that says when; without one the table is read whole")
    version: str | None = Field(None, description="a column that grows with each change: an older one never replaces")

    @model_validator(mode="after")
    def _hangs_together(self) -> TableOptions:
        if any(name.startswith("_") for name in self.columns):
            raise ValueError("names of columns must not begin with _")
        if len({name.lower() for name in self.columns}) < len(self.columns):
            raise ValueError("two columns differ in upper and lower case only")
        for name in (*self.key, *filter(None, (self.time, self.version))):
            if name not in self.columns:
                raise ValueError(f"{name!r} is none of the columns")
        if self.time is not None and self.columns[self.time].type not in ("timestamp", "date"):
            raise ValueError(f"the time column {self.time!r} must be a timestamp or a date")
        if self.version is not None and self.columns[self.version].type in ("text", "boolean"):
            raise ValueError(f"the version column {self.version!r} must be a number or a timestamp")
        return self


class LandingOptions(Options):
    """Base of the options of every source that lands records."""

    keep_days: int | None = Field(None, ge=1, description="delete landed records after so many days; not said: never")


def declared(tables: Mapping[str, TableOptions], **more: Any) -> Declared:
    return Declared({name: landed_table(table) for name, table in tables.items()}, **more)


def landed_table(table: TableOptions) -> LandedTable:
    return LandedTable(
        {name: DUCKDB_TYPES[column.type] for name, column in table.columns.items()}, table.time, table.key
    )


def parse_json(raw: bytes | str) -> Any:
    """Plain JSON. Raises ValueError with the reason; NaN and Infinity are no JSON."""
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8: {error.reason}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg}, line {error.lineno}, column {error.colno}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


class Mapper:
    """Reads messages of one table."""

    def __init__(self, name: str, table: TableOptions) -> None:
        self._name = name
        self._table = table
        self._records = selector(table.records)

    def read(self, raw: bytes | str, about: Mapping[str, str] | None = None, delivery: str | None = None) -> Taken:
        """A message as it came. Never raises for what it holds.

        about: what its envelope says (`@topic`). delivery: an id that is the same when it comes again; it becomes the
        key of records whose key columns are not declared or empty.
        """
        try:
            document = parse_json(raw)
            found = self.records_of(document)
        except ValueError as error:
            text = raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")
            return Taken(refused=[Refused(self._name, text, str(error))])
        return self.map(found, document, about, delivery)

    def records_of(self, document: Any) -> list[Any]:
        """The records in a document. Raises ValueError when the path leads nowhere, which is not "no records"."""
        found = self._records.every(document)
        if found is None:
            raise ValueError(f"nothing stands at {self._table.records}")
        return found

    def map(
        self,
        found: Sequence[Any],
        document: Any,
        about: Mapping[str, str] | None = None,
        delivery: str | None = None,
    ) -> Taken:
        """Records of parsed values; each that does not fit is refused alone."""
        records: list[Record] = []
        refused: list[Refused] = []
        for place, value in enumerate(found):
            try:
                own = None if delivery is None else delivery if len(found) == 1 else f"{delivery}#{place}"
                records.append(self._record(value, document, about or {}, own))
            except ValueError as error:
                refused.append(Refused(self._name, json.dumps(value, ensure_ascii=False), str(error)))
        return Taken(records, refused)

    def _record(self, value: Any, document: Any, about: Mapping[str, str], delivery: str | None) -> Record:
        if not isinstance(value, dict):
            raise ValueError(f"a record must be a JSON object, this is {_kind(value)}")
        body = dict(self._cells(value, document, about))
        return Record(self._name, self._key(body) or delivery, self._at(body), body, self._version(body))

    def _cells(self, value: Any, document: Any, about: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        for name, column in self._table.columns.items():
            try:
                yield name, plain(_found(name, column.path, value, document, about), column)
            except ValueError as error:
                raise ValueError(f"column {name}: {error}") from error

    def _key(self, body: Mapping[str, Any]) -> str | None:
        values = [body[name] for name in self._table.key]
        if not values or any(value is None for value in values):
            return None
        return str(values[0]) if len(values) == 1 else json.dumps(values, ensure_ascii=False)

    def _at(self, body: Mapping[str, Any]) -> datetime | None:
        if self._table.time is None:
            return None
        if body[self._table.time] is None:
            raise ValueError(f"column {self._table.time}: it says when, and must not be empty")
        return datetime.fromisoformat(body[self._table.time]).replace(tzinfo=UTC)

    def _version(self, body: Mapping[str, Any]) -> float | None:
        value = body[self._table.version] if self._table.version else None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp()
        return None if value is None else float(value)


def _found(name: str, path: str | None, value: Any, document: Any, about: Mapping[str, str]) -> Any:
    if path is None:
        return value.get(name)
    if path.startswith("@"):
        return about.get(path[1:])
    return selector(path[1:]).one(document) if path.startswith("$$") else selector(path).one(value)


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def driver_missing(package: str, extra: str) -> SourceFailed:
    """For a plugin whose driver is not installed."""
    return SourceFailed(
        f"the Python package {package} is not installed",
        retryable=False,
        fix=f'pip install "metricloop[{extra}]"',
        where=f"package {package}",
    )
