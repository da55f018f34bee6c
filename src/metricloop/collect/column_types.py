"""What the sources' own names of types mean: a time, a number, a text. What is not known is none of them."""

from __future__ import annotations

import re

UNTOLD = "unknown"  # what a source says that cannot tell; the first reading will
_WRAPPED = re.compile(r"^(nullable\(|lowcardinality\()+")  # ClickHouse says so around the type
_TIMES = ("timestamp", "datetime", "date", "text (time)")
_DATE = re.compile(r"date(32)?\)*")
_ZONED = re.compile(r"timestamp_?l?tz|with (local )?time zone|datetimeoffset|datetime(64)?\(([0-9], )?'(?!utc')")
_NUMBERS = re.compile(
    r"(unsigned )?(u?(tiny|small|medium|big|huge|large)?int|(small|big)?serial|(big)?numeric|(big)?decimal|dec\b|number"
    r"|float|double|real|(small)?money|bit|long|short|byte)"
)
_TEXTS = re.compile(
    r"(var|n|nvar|bp|national )?char|character|(tiny|medium|long|c|n)?text(?! \(time)|n?clob|string|fixedstring|enum"
)


def is_told(kind: str) -> bool:
    return kind not in ("", UNTOLD)


def is_time(kind: str) -> bool:
    return _bare(kind).startswith(_TIMES)


def is_date(kind: str) -> bool:
    """A day without a time."""
    return _DATE.fullmatch(_bare(kind)) is not None


def has_zone(kind: str) -> bool:
    """An instant, which needs no zone of its own; false also where that cannot be told from the name."""
    return _ZONED.search(_bare(kind)) is not None


def is_number(kind: str) -> bool:
    return _NUMBERS.match(_bare(kind)) is not None


def is_text(kind: str) -> bool:
    return _TEXTS.match(_bare(kind)) is not None


def _bare(kind: str) -> str:
    return _WRAPPED.sub("", kind.lower())
