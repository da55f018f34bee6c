"""Reads ahead over history, so that a replay asks its source some hundred times and not some ten thousand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from metricloop.collect.model import Checked, Checksum, Profile, Reading, Row
from metricloop.collect.ports import Examiner, SourceReader
from metricloop.collect.rules import CHUNK
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.kernel.errors import SourceFailed

_Key = tuple[str, str, tuple[str, ...], tuple[str, ...], str | None, int]


@dataclass(frozen=True, slots=True)
class _Chunk:
    reading: Reading
    rows: Sequence[Row]
    buckets: list[datetime]


class PrefetchingReader:
    """A SourceReader over another one, for history that does not change while it is read. Not for live collection.

    Gives exactly the rows that asking hour by hour gives, and none later than the window that was asked for: what is
    known at which simulated time stays the caller's window. Keeps one chunk in memory per dataset, measures and
    grouping; a window longer than a chunk goes straight through, and so do buckets other than hours. Not thread safe.
    """

    def __init__(self, reader: SourceReader, ahead: timedelta = CHUNK, examiner: Examiner | None = None) -> None:
        self._reader = reader
        self._ahead = ahead
        self._examiner = examiner
        self._profiles: dict[str, tuple[Reading, Sequence[Profile], list[datetime]]] = {}
        self._checked: dict[str, tuple[Source, Dataset, Checked]] = {}
        self._chunks: dict[_Key, _Chunk] = {}
        self._too_wide: set[_Key] = set()

    def read(self, reading: Reading) -> Sequence[Row]:
        if reading.buckets is not None or reading.end - reading.start > self._ahead:
            return self._reader.read(reading)
        chunk = self._chunk_for(reading)
        if chunk is None:
            return self._reader.read(reading)
        first, end = bisect_left(chunk.buckets, reading.start), bisect_left(chunk.buckets, reading.end)
        if end - first > reading.limit:
            return self._reader.read(reading)  # to fail there, in the words of the source
        return chunk.rows[first:end]

    def check(self, source: Source, dataset: Dataset) -> Checked:
        known = self._checked.get(dataset.name)
        if known is None or known[:2] != (source, dataset):
            known = self._checked[dataset.name] = (source, dataset, self._reader.check(source, dataset))
        return known[2]

    def profile(self, reading: Reading) -> Sequence[Profile] | None:
        """Like `read`, a chunk at a time."""
        held = self._profiles.get(reading.dataset.name)
        if held is None or not (_covers(held[0], reading) and held[0].measures == reading.measures):
            wider = replace(reading, end=max(reading.end, reading.start + self._ahead))
            found = self._examiner.profile(wider) if self._examiner is not None else None
            if found is None:
                return None
            held = self._profiles[reading.dataset.name] = (wider, found, [one.bucket for one in found])
        _, profiles, starts = held
        return profiles[bisect_left(starts, reading.start) : bisect_left(starts, reading.end)]

    def newest(self, source: Source, dataset: Dataset, now: datetime) -> datetime | None:
        return self._examiner.newest(source, dataset, now) if self._examiner is not None else None

    def changed(self, source: Source, dataset: Dataset, since: datetime) -> Sequence[datetime] | None:
        """None: this history does not change."""
        return None

    def digest(self, reading: Reading) -> Sequence[Checksum] | None:
        """None: this history does not change."""
        return None

    def _chunk_for(self, reading: Reading) -> _Chunk | None:
        key = (reading.source.name, reading.dataset.name, reading.measures, reading.by, reading.where, reading.limit)
        held = self._chunks.get(key)
        if held is not None and _covers(held.reading, reading):
            return held
        if key in self._too_wide:
            return None
        wider = replace(reading, end=reading.start + self._ahead)
        try:
            rows = self._reader.read(wider)
        except SourceFailed as error:  # a chunk may be too much where an hour is not
            if not error.retryable:
                self._too_wide.add(key)
            return None
        self._chunks[key] = _Chunk(wider, rows, [row.bucket for row in rows])
        return self._chunks[key]


def _covers(held: Reading, asked: Reading) -> bool:
    same = held.source == asked.source and held.dataset == asked.dataset
    return same and held.start <= asked.start and asked.end <= held.end
