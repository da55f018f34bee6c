"""What a column looks like from its type, its name and a sample of its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

_NUMBER = re.compile(r"int|serial|numeric|decimal|number|float|double|real|money", re.I)
_TEXT = re.compile(r"char|text|string|enum|uuid", re.I)
_TIME = re.compile(r"time|date", re.I)
_CODE = re.compile(
    r"(^|_|\b)(id|no|code|key|uuid|zip|postal.?code|phone|lat(itude)?|lon(gitude)?|year|month|编号|单号|编码|电话|邮编)$",
    re.I,
)
_YES = {"1": "= 1", "true": "= true", "yes": "= 'yes'", "y": "= 'y'", "是": "= '是'", "t": "= 't'"}
_NO = {"0", "false", "no", "n", "否", "f"}
_MOST_VALUES = 500  # a column with more values than this splits nothing that a person could look at


class Look(StrEnum):
    """What a column can be used for."""

    TIME = "time"
    NUMBER = "number"
    CATEGORY = "category"
    FLAG = "flag"
    IDENTIFIER = "identifier"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column. distinct: different values in the sample. times: of a time column, one for each row that has one.

    yes: for a flag, the condition for which it says yes. zoned: whether its times carry a zone.
    """

    name: str
    kind: str
    look: Look
    distinct: int
    times: tuple[datetime, ...] = ()
    yes: str = ""
    zoned: bool = False

    @property
    def quoted(self) -> str:
        """The column as an expression names it."""
        return self.name if re.fullmatch(r"[A-Za-z_]\w*", self.name) else '"' + self.name.replace('"', '""') + '"'


def name_of(text: str) -> str:
    """A name made of whatever a table or column is called: lower case, letters of any language, digits and _."""
    plain = re.sub(r"\W+", "_", text.rpartition(".")[2] or text).strip("_").lower()
    return plain[:48] or "table"


def look_at(name: str, kind: str, values: Sequence[object]) -> ColumnFacts:
    """Facts about a column; without values, its type alone decides."""
    given = [value for value in values if value is not None and value != ""]
    distinct = len({str(value) for value in given})
    times = _times(given) if _may_be_time(kind) else ()
    if times and len(times) == len(given):
        zoned = any(at.tzinfo is not None for at in times) or "with time zone" in kind.lower() or "tz" in kind.lower()
        naive = tuple(at.replace(tzinfo=None) for at in times)
        return ColumnFacts(name, kind, Look.TIME, distinct, naive, zoned=zoned)
    yes = _flag(name, given)
    if yes:
        return ColumnFacts(name, kind, Look.FLAG, distinct, yes=yes)
    return ColumnFacts(name, kind, _look(name, kind, len(given), distinct), distinct)


def _look(name: str, kind: str, count: int, distinct: int) -> Look:
    if _CODE.search(name):
        few = 1 < distinct <= min(50, count // 20)
        return Look.CATEGORY if few and not re.search(r"id$|lat|lon", name, re.I) else Look.IDENTIFIER
    if _NUMBER.search(kind):
        return Look.NUMBER
    if not _TEXT.search(kind) and not re.search("bool", kind, re.I):
        return Look.OTHER
    repeats = distinct * 2 <= count
    return Look.CATEGORY if 1 < distinct <= _MOST_VALUES and repeats else Look.OTHER


def _flag(name: str, given: Sequence[object]) -> str:
    """The condition for yes where a column has exactly a yes and a no."""
    words = {str(value).lower() for value in given}
    if len(words) != 2 or not words & _NO or not words & _YES.keys():
        return ""
    sample = next(value for value in given if str(value).lower() in _YES)
    quoted = ColumnFacts(name, "", Look.FLAG, 2).quoted
    if isinstance(sample, bool):
        return f"{quoted} = true"
    return f"{quoted} = '{sample}'" if isinstance(sample, str) else f"{quoted} {_YES[str(sample).lower()]}"


def _may_be_time(kind: str) -> bool:
    return bool(_TIME.search(kind)) or bool(_TEXT.search(kind))


def _times(given: Sequence[object]) -> tuple[datetime, ...]:
    """The values as times; empty as soon as one is none."""
    found = []
    for value in given:
        at = _time(value)
        if at is None:
            return ()
        found.append(at)
    return tuple(found)


def _time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d", value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
