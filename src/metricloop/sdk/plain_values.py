"""The types that columns of landed tables have, and how a JSON value becomes one: exactly, or not at all."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from metricloop.sdk.selectors import selector
from metricloop.sdk.specs import Options

ColumnType = Literal["text", "integer", "number", "boolean", "timestamp", "date"]
DUCKDB_TYPES: Mapping[ColumnType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
}
_WIDEST = 2**63
_DIGITS = re.compile(r"[+-]?\d{1,19}")
_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no"}


def _a_path(text: str) -> str:
    if not text.startswith("@"):
        selector(text.removeprefix("$") if text.startswith("$$") else text)
    return text


JsonPath = Annotated[str, AfterValidator(_a_path)]


class ColumnOptions(Options):
    """A column of a table: where it stands in the record, and its type."""

    type: ColumnType = "text"
    path: JsonPath | None = Field(
        None, description="in the record, `$.name` if not said; `$$...` in the whole message; `@topic` of its envelope"
    )
    format: str | None = Field(None, description="of a timestamp or date: epoch, epoch_ms, or a strptime pattern")
    zone: ZoneInfo = Field(ZoneInfo("UTC"), description="of times that do not say their own")

    @model_validator(mode="after")
    def _fits(self) -> ColumnOptions:
        if self.format is not None and self.type not in ("timestamp", "date"):
            raise ValueError("only a timestamp or a date has a format")
        return self


def plain(value: Any, column: ColumnOptions) -> Any:
    """The value as it is kept. Raises ValueError with the reason when it does not fit the column's type."""
    if value is None:
        return None
    return _READERS[column.type](value, column)


def _text(value: Any, column: ColumnOptions) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    if "\x00" in text:
        raise ValueError("the text holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("the text holds half a character (a lone surrogate)") from error
    return text


def _integer(value: Any, column: ColumnOptions) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value)
    number = value if isinstance(value, int) and not isinstance(value, bool) else _number(value, column)
    if number != int(number) or not -_WIDEST <= number < _WIDEST:
        raise ValueError(f"{_short(value)} is not a whole number of 64 bits")
    return int(number)


def _number(value: Any, column: ColumnOptions) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{_short(value)} is not a number")
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{_short(value)} is not a number") from error
    if not math.isfinite(number):
        raise ValueError(f"{_short(value)} is not a finite number")
    return number


def _boolean(value: Any, column: ColumnOptions) -> bool:
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ValueError(f"{_short(value)} is not true or false")


def _timestamp(value: Any, column: ColumnOptions) -> str:
    return _instant(value, column).replace(tzinfo=None).isoformat()


def _date(value: Any, column: ColumnOptions) -> str:
    try:
        if column.format is None and isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise ValueError(f"{_short(value)} is not a date as 2026-03-31") from error
    return _instant(value, column).astimezone(column.zone).date().isoformat()


def _instant(value: Any, column: ColumnOptions) -> datetime:
    try:
        if column.format in ("epoch", "epoch_ms"):
            return datetime.fromtimestamp(_number(value, column) / (1000 if column.format == "epoch_ms" else 1), UTC)
        if not isinstance(value, str):
            raise ValueError(f"{_short(value)} is not a time in text; for a number set format: epoch or epoch_ms")
        return _parsed(value.strip(), column)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{_short(value)} is out of the range of times") from error
    except ValueError as error:
        wanted = f"in the format {column.format}" if column.format else "in ISO 8601"
        raise ValueError(f"{_short(value)} is not a time {wanted}") from error


_READERS = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "timestamp": _timestamp,
    "date": _date,
}


def _parsed(text: str, column: ColumnOptions) -> datetime:
    """Raises ValueError. A time without zone is of the column's zone; of two at the end of summer time, the first."""
    if column.format is None:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=column.zone)).astimezone(UTC)
    if "%z" in column.format:
        return datetime.strptime(text, column.format).astimezone(UTC)
    return datetime.strptime(text, column.format).replace(tzinfo=column.zone).astimezone(UTC)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:80]}..."
