"""Files whose texts need a word of explanation: another encoding, times and numbers as people write them."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

from metricloop.sdk import SourceFailed

_CLOCK = ("%H", "%I")
# What may stand around the digits of a number; all else stays, and the cast then fails with the value in its words.
_SIGNS = r"^[¥￥$€£]\s*|,|\s*[元%％]$"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def as_texts(times: Mapping[str, str], numbers: Sequence[str]) -> dict[str, str]:
    """Columns that must come in as they are written, as types."""
    return dict.fromkeys((*times, *numbers), "VARCHAR")


def understood(
    query: str, times: Mapping[str, str], numbers: Sequence[str], names: Mapping[str, str]
) -> tuple[str, dict[str, object]]:
    """`query` with those columns turned into times and numbers, and the parameters that it needs besides.

    times: column -> its format, in the letters of strptime; without an hour in it the column becomes a DATE.
    numbers: columns such as ￥1,234 and 12% (which becomes 12). A value that does not fit fails the whole query.
    names: column -> what it is called from here on.
    """
    parts: list[str] = []
    given: dict[str, object] = {}
    for at, (column, form) in enumerate(times.items()):
        kind = "TIMESTAMP" if any(sign in form for sign in _CLOCK) else "DATE"
        given[f"form_{at}"] = form
        parts.append(f"CAST(strptime(trim({quoted(column)}), $form_{at}) AS {kind}) AS {quoted(column)}")
    for column in numbers:
        bare = f"regexp_replace(trim({quoted(column)}), '{_SIGNS}', '', 'g')"
        parts.append(f"CAST({bare} AS DOUBLE) AS {quoted(column)}")
    if parts:
        query = f"SELECT * REPLACE ({', '.join(parts)}) FROM ({query})"
    if names:
        renamed = ", ".join(f"{quoted(before)} AS {quoted(after)}" for before, after in names.items())
        query = f"SELECT * RENAME ({renamed}) FROM ({query})"
    return query, given


def as_utf8(path: Path, encoding: str | None, folder: Path) -> Path:
    """The file itself; where an encoding is said, a copy in UTF-8 in `folder`. Raises SourceFailed.

    All lines of the copy end alike: of two kinds of line ends in one file DuckDB makes nothing.
    """
    if encoding is None:
        return path
    target = folder / f"utf8-{path.name.removesuffix('.gz')}"
    fix = "set encoding of this table to what the file is written in: gb18030 (Chinese Excel), utf-16, cp1252, ..."
    try:
        codecs.lookup(encoding)
        opened = gzip.open if path.suffix.lower() == ".gz" else open
        with opened(path, "rt", encoding=encoding) as source, target.open("w", encoding="utf-8", newline="") as out:
            while block := source.read(1 << 20):
                out.write(block)
    except LookupError as error:
        raise SourceFailed(f"{encoding!r} is no encoding", retryable=False, where=path.name, fix=fix) from error
    except (UnicodeError, OSError) as error:
        problem = f"cannot be read as {encoding}: {error}"
        raise SourceFailed(problem, retryable=False, where=path.name, fix=fix) from error
    return target
