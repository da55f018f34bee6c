"""Texts that tell a time, in the ways people and spreadsheets write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

ISO = "iso"  # what every engine takes for a time by itself

# As strptime has it. Where a day and a month may change places, both stand here, and the values decide.
_DATES = (
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%Y%m%d",
    "%b %d %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
)
_CLOCKS = ("", " %H:%M:%S", " %H:%M", " %I:%M %p")
_MONTHS = ("%Y-%m", "%Y/%m", "%Y年%m月", "%b %Y", "%B %Y")
FORMATS = (*(day + clock for day in _DATES for clock in _CLOCKS), *_MONTHS)
_GLANCE = 20  # texts that are tried with every format; the others only with those that fit these
_DIGIT = re.compile(r"\d")
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d(:?\d\d)?)?)?")


def format_of(texts: Sequence[str]) -> tuple[str | None, str | None]:
    """(the one format of all texts, or None; the first text that does not fit the format of the first ones).

    A format counts as found when nine in ten texts have it, so that the odd one out can be named.
    """
    different = list(dict.fromkeys(texts))
    some = different[:_GLANCE]
    if sum(bool(_DIGIT.search(text)) for text in some) * 2 <= len(some):
        return None, None
    for form in (ISO, *FORMATS):
        if sum(parsed(text, form) is None for text in some) * 4 > len(some):
            continue
        strays = {text for text in different if parsed(text, form) is None}
        if sum(text in strays for text in texts) * 10 <= len(texts):
            return (form, None) if not strays else (None, next(text for text in different if text in strays))
    return None, None


def is_ambiguous(texts: Sequence[str], form: str) -> bool:
    """Whether day and month could change places in every text."""
    twin = form.replace("%m/%d", "%d/%m") if "%m/%d" in form else form.replace("%d/%m", "%m/%d")
    return twin != form and all(parsed(text, twin) is not None for text in texts)


def parsed(value: object, form: str = ISO) -> datetime | None:
    """The time that a value tells, aware where it says so; None where it tells none."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip()
    try:
        if form == ISO:
            return datetime.fromisoformat(_padded(text)) if _ISO.fullmatch(text) else None
        found = datetime.strptime(text, form).replace(tzinfo=UTC)
        return found.replace(tzinfo=None)  # a wall's time, of no zone yet
    except ValueError:
        return None


def _padded(text: str) -> str:
    """With two digits for month and day, as fromisoformat wants it."""
    day, clock = re.split(r"(?=[T ])", text, maxsplit=1) if re.search("[T ]", text) else (text, "")
    year, month, number = day.split("-")
    return f"{year}-{month:0>2}-{number:0>2}{clock[:1]}{clock[1:].replace(' ', '')}"
