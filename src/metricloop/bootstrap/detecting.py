"""Bands and anomalies of series in CSV files, without a project."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from metricloop.detect.engine.asked import Detecting
from metricloop.detect.engine.batch import Judged, Rows, judge_series
from metricloop.detect.engine.working_days import WorkingDays
from metricloop.kernel.errors import InvalidInput
from metricloop.store.series_files import SeriesFile, band_lines, local_seconds, read_series, write_bands


@dataclass(frozen=True, slots=True)
class Detected:
    """Files read with their verdicts, in the order given; `skipped` lack the columns."""

    found: tuple[tuple[SeriesFile, Judged], ...]
    skipped: tuple[Path, ...]

    def lines(self) -> Iterator[tuple[SeriesFile, list[list[str]]]]:
        for read, judged in self.found:
            columns = (judged.expected, judged.lower, judged.upper, judged.score, judged.anomaly.astype(np.float64))
            yield read, list(band_lines(read, np.stack(columns, axis=1).tolist()))

    def write(self, folder: Path) -> None:
        """One file for each, under its own name; the folder is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        for read, lines in self.lines():
            write_bands(folder / f"{read.name}.csv", lines)


def detect_files(paths: Sequence[Path], asked: Detecting) -> Detected:
    """Judge every file. Raises InvalidInput where something cannot be understood; files lacking columns are skipped."""
    zone = _zone(asked.zone)
    labels = _labels(asked.labels)
    working = WorkingDays(asked.calendar) if asked.calendar else None
    read = [(path, read_series(path, asked.columns, zone)) for path in paths]
    there = [one for _, one in read if one is not None]
    judged = judge_series([_rows(one, labels.get(one.name), zone) for one in there], asked.alarming, working=working)
    skipped = tuple(path for path, one in read if one is None)
    return Detected(tuple(zip(there, judged, strict=True)), skipped)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            f"there is no time zone {name!r}", where="--timezone", fix="give a name such as Asia/Shanghai"
        ) from error


def _labels(path: Path | None) -> dict[str, dict[str, Any]]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()):
            return found
    except (OSError, ValueError):
        pass
    raise InvalidInput(
        "the labels cannot be read",
        where=str(path),
        fix='give JSON: {name: {"windows": [[start, end]], "split_at": t}}',
    )


def _rows(read: SeriesFile, label: dict[str, Any] | None, zone: ZoneInfo | None) -> Rows:
    """Windows count that end before `split_at`; without it nothing is known."""
    if not label or not label.get("split_at"):
        return Rows(read.seconds, read.values, read.trials)
    try:
        split = local_seconds(str(label["split_at"]), zone)
        windows = [(local_seconds(str(a), zone), local_seconds(str(b), zone)) for a, b in label.get("windows", ())]
    except ValueError as error:
        raise InvalidInput(
            f"the labels of {read.name} cannot be read: {error}",
            where="--labels",
            fix='"windows" are pairs of timestamps, "split_at" is one',
        ) from error
    known = np.zeros(read.seconds.size, dtype=np.bool_)
    for start, end in windows:
        if end < split:
            known |= (read.seconds >= start) & (read.seconds <= end)
    first = np.flatnonzero(read.seconds >= split)
    return Rows(read.seconds, read.values, read.trials, known, int(first[0]) if first.size else read.seconds.size)
