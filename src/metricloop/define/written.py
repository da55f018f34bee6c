"""How the parts of a definition are written: names, columns, durations, zones, texts, SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from metricloop.define.sql_expressions import Refused, check_expression, check_predicate
from metricloop.define.sql_tables import check_table
from metricloop.define.suggest import nearest
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import duration
from metricloop.kernel.message import Text
from metricloop.kernel.periods import Period


def wrong(problem: str, fix: str) -> PydanticCustomError:
    """An error that carries its own problem and fix to the issue."""
    return PydanticCustomError("issue", "{problem}. {fix}", {"problem": problem, "fix": fix})


def _name(value: str) -> str:
    if not re.fullmatch(r"\w[\w.-]{0,62}", value):
        raise wrong(f"{value!r} is not a name", "write letters, digits, _ - and . (at most 63), such as on_time_rate")
    return value


def _column(value: str) -> str:
    if not value or value != value.strip() or not value.isprintable() or len(value) > 128:
        raise wrong(f"{value!r} is not a column name", "write the column as the source names it, such as created_at")
    return value


def _table(value: str) -> str:
    try:
        check_table(value)
    except Refused as error:
        raise wrong(error.problem, error.fix) from error
    return value


def _watched(value: str) -> str:
    return _column(value) if value else value


def _duration(value: object) -> timedelta:
    try:
        return duration(value if isinstance(value, str) else repr(value))
    except InvalidInput as error:
        raise wrong(error.problem, error.fix) from error


def _period(value: object) -> Period:
    try:
        return Period.parse(value if isinstance(value, str) else repr(value))
    except InvalidInput as error:
        raise wrong(error.problem, error.fix) from error


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = nearest(str(value), available_timezones())
        hint = f"did you mean {near}?" if near else "write a zone such as Asia/Shanghai or America/New_York"
        raise wrong(f"{value!r} is not a time zone", hint) from error


def _text(value: object) -> Text:
    """`{zh: ..., en: ...}`, or one text whose language its characters tell."""
    if isinstance(value, str):
        return Text(zh=value) if re.search(r"[㐀-鿿]", value) else Text(en=value)
    languages = isinstance(value, Mapping) and value and set(value) <= {"zh", "en"}
    if isinstance(value, Mapping) and languages and all(isinstance(one, str) and one for one in value.values()):
        return Text(zh=value.get("zh"), en=value.get("en"))
    raise wrong(f"{value!r} is not a text", "write {en: On-time rate, zh: 准点率}, or one of the two, or a plain text")


def _checked(check: Callable[[str], object]) -> Callable[[object], str]:
    def validate(value: object) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str):
            raise wrong(f"{value!r} is not a text", "write a SQL condition or expression as text")
        try:
            check(text)
        except Refused as error:
            raise wrong(error.problem, error.fix) from error
        return text

    return validate


_SECRET = re.compile(
    r"secret|token|passw|passphrase|(api|access|private)_?key|credential|authorization|\bpwd\b", re.IGNORECASE
)
_SECRET_NUMBER = re.compile(r"secret|passw|pwd|pin\b", re.IGNORECASE)  # max_tokens: 5 is none
_LOGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@", re.IGNORECASE)
_QUERY = re.compile(r"://.*[?&](\w*key|\w*token|\w*secret|passw\w*|pwd|sig|signature)=", re.IGNORECASE)


def _no_secrets(options: dict[str, Any]) -> dict[str, Any]:
    for key, value in options.items():
        _check_secret(str(key), value)
    return options


def _check_secret(key: str, value: object) -> None:
    """`value` may be a mapping or list with more inside. Names no value: it may be the secret."""
    reference = "write env:NAME or file:PATH, never the secret itself"
    if isinstance(value, dict):
        _no_secrets(value)
    elif isinstance(value, list):
        for one in value:
            _check_secret(key, one)
    elif isinstance(value, str):
        if _SECRET.search(key) and not value.startswith(("env:", "file:")):
            raise wrong(f"{key} holds a secret in plain sight", reference)
        if _LOGIN.search(value) or _QUERY.search(value):
            raise wrong(f"{key} holds an address with a password or token in it", reference)
    elif isinstance(value, int | float) and not isinstance(value, bool) and _SECRET_NUMBER.search(key):
        raise wrong(f"{key} holds a secret in plain sight", reference)


def _slice_value(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) and value else [value]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) and one != "" for one in values):
        raise wrong(f"{value!r} is not a value of a dimension", 'put it in quotes, such as "1.5" or "true"')
    return tuple(str(one) for one in values)


def _synonyms(value: object) -> dict[str, tuple[str, ...]]:
    """`{zh: [成交额], en: [sales]}`; one word needs no list."""
    if isinstance(value, Mapping) and set(value) <= {"zh", "en"}:
        lists = {str(key): [one] if isinstance(one, str) else one for key, one in value.items()}
        if all(isinstance(one, list) and all(isinstance(w, str) and w.strip() for w in one) for one in lists.values()):
            return {key: tuple(words) for key, words in lists.items()}
    raise wrong(f"{value!r} are no synonyms", "write {zh: [成交额], en: [sales, turnover]}")


Name = Annotated[str, AfterValidator(_name)]
Column = Annotated[str, AfterValidator(_column)]
Table = Annotated[str, AfterValidator(_table)]
Watched = Annotated[str, AfterValidator(_watched)]
Duration = Annotated[timedelta, PlainValidator(_duration)]
CalendarPeriod = Annotated[Period, PlainValidator(_period)]
Zone = Annotated[ZoneInfo, PlainValidator(_zone)]
LocalText = Annotated[Text, PlainValidator(_text)]
Predicate = Annotated[str, PlainValidator(_checked(check_predicate))]
Expression = Annotated[str, PlainValidator(_checked(check_expression))]
Options = Annotated[dict[str, Any], AfterValidator(_no_secrets)]
Synonyms = Annotated[dict[str, tuple[str, ...]], PlainValidator(_synonyms)]
SliceValues = Annotated[tuple[str, ...], PlainValidator(_slice_value)]
Lax = Field(strict=False)  # a word of an enumeration, written as text


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)
