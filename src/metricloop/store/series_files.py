"""Series in CSV files, and bands and anomalies written beside them.

Reads columns by name. Timestamps are ISO 8601 (with or without an offset; `/` for `-` is taken), or seconds since 1970;
those with an offset are put on the clock of `zone`. An empty value, NaN or null is missing. Does not do: sort rows,
fill gaps, guess columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from metricloop.detect.engine.asked import HEADER, Columns
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.series import Floats

_MISSING = frozenset({"", "nan", "null", "none", "na", "n/a"})
_LONE_DIGIT = re.compile(r"(?<![\d.])(\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class SeriesFile:
    """What one file holds. times, texts: as written. seconds: local wall time since 1970. trials: of a rate."""

    name: str
    times: list[str]
    texts: list[str]
    seconds: NDArray[np.int64]
    values: Floats
    trials: Floats | None


def read_series(path: Path, columns: Columns, zone: tzinfo | None) -> SeriesFile | None:
    """One file; None where it lacks a column. Raises InvalidInput where a row cannot be understood."""
    wanted = columns.wanted()
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            header = [cell.strip() for cell in next(reader, [])]
            if not set(wanted) <= set(header):
                return None
            at = [header.index(name) for name in wanted]
            cells = [_cells(row, at, path, reader.line_num) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(
            f"the file cannot be read: {error}", where=str(path), fix="give a CSV file in UTF-8"
        ) from error
    times = [row[0] for row in cells]
    seconds = np.array([_seconds(text, zone, path, i) for i, text in enumerate(times)], dtype=np.int64)
    numbers = [np.array([_number(row[k], path, i) for i, row in enumerate(cells)]) for k in range(1, len(wanted))]
    if len(numbers) == 1:
        return SeriesFile(path.stem, times, [row[1] for row in cells], seconds, numbers[0], None)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(numbers[1] > 0, numbers[0] / numbers[1], np.nan)
    return SeriesFile(path.stem, times, [_text(value) for value in values], seconds, values, numbers[1])


def _cells(row: Sequence[str], at: Sequence[int], path: Path, line: int) -> list[str]:
    if len(row) <= max(at):
        raise InvalidInput("a row is shorter than the header", where=f"{path}:{line}", fix="give each row all columns")
    return [row[i] for i in at]


def _number(text: str, path: Path, row: int) -> float:
    text = text.strip()
    if text.lower() in _MISSING:
        return float("nan")
    try:
        return float(text)
    except ValueError as error:
        raise InvalidInput(
            f"{text!r} is no number", where=f"{path}:{row + 2}", fix="give a number, or nothing where it is missing"
        ) from error


def _seconds(text: str, zone: tzinfo | None, path: Path, row: int) -> int:
    try:
        return local_seconds(text, zone)
    except ValueError as error:
        raise InvalidInput(
            f"{text!r} is no timestamp", where=f"{path}:{row + 2}", fix="give ISO 8601, such as 2026-03-01 14:00:00"
        ) from error


def local_seconds(text: str, zone: tzinfo | None) -> int:
    """Seconds since 1970 by the local clock. Raises ValueError."""
    text = text.strip().replace("/", "-")
    if text.lstrip("-").replace(".", "", 1).isdigit() and len(text) > 8:
        moment: datetime = datetime.fromtimestamp(float(text), UTC)
    else:
        moment = _parsed(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone) if zone else moment
    return int(moment.replace(tzinfo=UTC).timestamp())


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(_LONE_DIGIT.sub(r"0\1", text))


def _text(number: float) -> str:
    return "" if np.isnan(number) else f"{number:.10g}"


def band_lines(read: SeriesFile, numbers: Iterable[Sequence[float]]) -> Iterable[list[str]]:
    """Rows of the result; `numbers`: expected, lower, upper, score and anomaly of each, NaN where there is no band."""
    for time, text, row in zip(read.times, read.texts, numbers, strict=True):
        yield [time, text, *(_text(number) for number in row[:3]), f"{row[3]:.6f}", str(int(row[4]))]


def write_bands(path: Path, lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(lines)
