"""What a column looks like from its type, its name and a sample of its values."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import count

from metricloop.define.starter_guesses import is_entity
from metricloop.define.starter_times import ISO, format_of, is_ambiguous, parsed

_NUMBER = re.compile(r"int|serial|numeric|decimal|number|float|double|real|money", re.I)
_TEXT = re.compile(r"char|text|string|enum|uuid", re.I)
_TIME = re.compile(r"time|date", re.I)
_CODE = re.compile(
    r"(^|[_ \b])(id|no|code|key|uuid|zip|postal.?code|phone|lat(itude)?|lon(gitude)?|year|month)$"
    r"|(编号|单号|编码|代码|号码|电话|手机|邮编|序号|年份|月份|id)$",
    re.I,
)
_YES = {"1": "= 1", "true": "= true", "yes": "= 'yes'", "y": "= 'y'", "是": "= '是'", "t": "= 't'"}
_NO = {"0", "false", "no", "n", "否", "f"}
_SIGNED = re.compile(r"[¥￥$€£]?\s*-?\d{1,3}(,\d{3})*(\.\d+)?\s*[元%％]?|[¥￥$€£]?\s*-?\d+(\.\d+)?\s*[元%％]?")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_NULLS = {"nil", "n/a", "na", "null", "none", "nan", "-", "--", "#n/a", "\\n", "无", "空"}
_UNFIT = str.maketrans({"[": "(", "]": ")", '"': "'", "`": "'", "\\": "/", "\t": " ", "\n": " ", "\r": " "})
_MOST_ENTITIES = 20  # customers by name: more are counted, not told apart
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

    yes: for a flag, the condition for which it says yes. zoned: whether its times carry a zone. written: how the times
    of a text column are written (strptime, or `iso`); `number` for a text column of numbers with signs (￥1,234); empty
    where the source knows its type. stray: the first value that does not fit the others. ambiguous: whether day and
    month could change places.
    """

    name: str
    kind: str
    look: Look
    distinct: int
    times: tuple[datetime, ...] = ()
    yes: str = ""
    zoned: bool = False
    written: str = ""
    stray: str = ""
    ambiguous: bool = False

    @property
    def quoted(self) -> str:
        """The column as an expression names it."""
        return self.name if re.fullmatch(r"[A-Za-z_]\w*", self.name) else '"' + self.name.replace('"', '""') + '"'


def name_of(text: str) -> str:
    """A name made of whatever a table or column is called: lower case, letters of any language, digits and _."""
    plain = re.sub(r"\W+", "_", text.rpartition(".")[2] or text).strip("_").lower()
    return plain[:48] or "table"


def free_name(name: str, taken: Collection[str]) -> str:
    """The name itself, or with the first number behind it under which nothing is known."""
    return name if name not in taken else next(f"{name}_{n}" for n in count(2) if f"{name}_{n}" not in taken)


def nulls_in(kind: str, values: Sequence[object]) -> set[str]:
    """Words that stand for no value in a text column whose other values are all numbers or times."""
    texts = [str(value).strip() for value in values if value is not None]
    words = {text for text in texts if text.lower() in _NULLS}
    rest = [text for text in texts if text and text not in words]
    if not _TEXT.search(kind) or not words or not rest:
        return set()
    fits = all(_SIGNED.fullmatch(text) for text in rest) or format_of(rest) != (None, None)
    return words if fits else set()


def plain_names(columns: Sequence[str]) -> dict[str, str]:
    """Names with signs that no expression may hold -> the same without them."""
    taken = set(columns)
    found: dict[str, str] = {}
    for name in columns:
        plain = " ".join(name.translate(_UNFIT).split()) or "column"
        if name.translate(_UNFIT) != name or plain != name:
            free = (
                plain
                if plain not in taken
                else next(f"{plain} {n}" for n in range(2, 999) if f"{plain} {n}" not in taken)
            )
            taken.add(free)
            found[name] = free
    return found


def look_at(name: str, kind: str, values: Sequence[object]) -> ColumnFacts:
    """Facts about a column; without values, its type alone decides."""
    given = [value for value in values if value is not None and value != ""]
    distinct = len({str(value) for value in given})
    if not given and _TIME.search(kind):
        return ColumnFacts(name, kind, Look.TIME, 0, zoned=_says_zone(kind))
    found = _time_facts(name, kind, given, distinct) if _may_be_time(name, kind, given) else None
    if found is not None and found.look is Look.TIME:
        return found
    yes = _flag(name, given)
    if yes:
        return ColumnFacts(name, kind, Look.FLAG, distinct, yes=yes)
    return found or _number_in_text(name, kind, given, distinct) or _plain(name, kind, given, distinct)


def _plain(name: str, kind: str, given: Sequence[object], distinct: int) -> ColumnFacts:
    return ColumnFacts(name, kind, _look(name, kind, given, distinct), distinct)


def _look(name: str, kind: str, given: Sequence[object], distinct: int) -> Look:
    if _CODE.search(name):
        few = 1 < distinct <= min(50, len(given) // 20)
        return Look.CATEGORY if few and not re.search(r"id$|lat|lon|号$", name, re.I) else Look.IDENTIFIER
    if _NUMBER.search(kind):
        return Look.NUMBER
    if not _TEXT.search(kind) and not re.search("bool", kind, re.I):
        return Look.OTHER
    if is_entity(name) and distinct > _MOST_ENTITIES:
        return Look.IDENTIFIER
    repeats = distinct * 2 <= len(given)
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


def _may_be_time(name: str, kind: str, given: Sequence[object]) -> bool:
    """Numbers such as 20240131 count only where the column is called a date."""
    if _TIME.search(kind) or _TEXT.search(kind):
        return True
    named = re.search(r"date|day|日期|时间", name, re.I)
    return bool(named and given and all(re.fullmatch(r"(19|20)\d{6}", str(value)) for value in given))


def _time_facts(name: str, kind: str, given: Sequence[object], distinct: int) -> ColumnFacts | None:
    """A time column; or another with the value that kept it from being one; None where nothing hints at it."""
    typed = [value for value in given if isinstance(value, date)]
    texts = [str(value).strip() for value in given]
    form, stray = (ISO, None) if typed and len(typed) == len(given) else format_of(texts)
    if form is None:
        return ColumnFacts(name, kind, Look.OTHER, distinct, stray=stray) if stray else None
    times = [at for at in (parsed(value, form) for value in given) if at is not None]
    zoned = _says_zone(kind) or any(at.tzinfo is not None for at in times)
    return ColumnFacts(
        name,
        kind,
        Look.TIME,
        distinct,
        tuple(at.replace(tzinfo=None) for at in times),
        zoned=zoned,
        written="" if _TIME.search(kind) else form,
        ambiguous=form != ISO and is_ambiguous(texts, form),
    )


def _number_in_text(name: str, kind: str, given: Sequence[object], distinct: int) -> ColumnFacts | None:
    """Numbers that a text column holds; nearly all of its values must be some, and one must carry a sign."""
    if not _TEXT.search(kind) or not given or _CODE.search(name):
        return None
    texts = [str(value).strip() for value in given]
    strays = [text for text in texts if not _SIGNED.fullmatch(text)]
    if len(strays) * 10 > len(texts) or all(_PLAIN.fullmatch(text) for text in texts):
        return None
    if strays:
        return ColumnFacts(name, kind, Look.OTHER, distinct, stray=strays[0])
    return ColumnFacts(name, kind, Look.NUMBER, distinct, written="number")


def _says_zone(kind: str) -> bool:
    low = kind.lower()
    return "with time zone" in low or "timestamptz" in low
