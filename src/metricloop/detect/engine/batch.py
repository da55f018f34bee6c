"""Whole series through the engine at once: rows go in one after the other, all series side by side.

Series of any length and step may be mixed. Row t of a result depends on rows up to t alone, and on no other series.
Verdicts known at `split` are told from there on: the engine goes over the series a second time with those spans masked
from learning, and only its rows from the split on are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from metricloop.detect.engine.alarms import Runs, drawn_depth, scores, thresholds
from metricloop.detect.engine.engine import Engine
from metricloop.detect.engine.rhythm import Places, Rhythm, Whole, places_of, step_of
from metricloop.detect.engine.settings import Alarming, Settings
from metricloop.kernel.series import Flags, Floats

Working = Callable[[Whole], np.ndarray[tuple[int], np.dtype[np.int8]]]


@dataclass(frozen=True, slots=True)
class Rows:
    """One series, oldest row first. seconds: local wall time since 1970; values: NaN is missing.

    trials: denominators of a rate, or None. known: rows of spans that people have judged; told from row `split` on.
    """

    seconds: Whole
    values: Floats
    trials: Floats | None = None
    known: Flags | None = None
    split: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """One series' verdicts, as many rows as went in. NaN where there is no band."""

    expected: Floats
    lower: Floats
    upper: Floats
    score: Floats
    anomaly: Flags


def judge_series(
    series: Sequence[Rows], alarming: Alarming, settings: Settings | None = None, working: Working | None = None
) -> list[Judged]:
    """Judge all rows of all series. `working`: which days are worked or free against the week, from local seconds."""
    result: list[Judged | None] = [None] * len(series)
    for group in groups(series):
        together = [series[i] for i in group]
        found = _pass(together, alarming, settings or Settings(), working, told=False)
        later = [k for k, rows in enumerate(together) if rows.known is not None and rows.known[: rows.split].any()]
        again = _pass([together[k] for k in later], alarming, settings or Settings(), working, told=True)
        for k, after in zip(later, again, strict=True):
            found[k] = _joined(found[k], after, together[k].split)
        for i, one in zip(group, found, strict=True):
            result[i] = one
    return [one for one in result if one is not None]


def groups(series: Sequence[Rows]) -> list[list[int]]:
    """Series of similar length go together, as many as fit in memory; how they are grouped changes no verdict."""
    by_length: dict[int, list[list[int]]] = {}
    for i, rows in enumerate(series):
        size = max(rows.values.size, 1)
        packs = by_length.setdefault(size.bit_length(), [[]])
        if (len(packs[-1]) + 1) << size.bit_length() > _MOST_CELLS:
            packs.append([])
        packs[-1].append(i)
    return [pack for packs in by_length.values() for pack in packs if pack]


def _joined(before: Judged, after: Judged, split: int) -> Judged:
    def both(name: str) -> Floats:
        return np.concatenate([getattr(before, name)[:split], getattr(after, name)[split:]])

    anomaly = both("anomaly").astype(np.bool_)
    return Judged(both("expected"), both("lower"), both("upper"), both("score"), anomaly)


_STRANGE_DAY = 2.0
_MOST_CELLS = 1 << 23


class _Table:
    """Series of different lengths as [T, S] arrays; after its end a series is missing."""

    def __init__(self, series: Sequence[Rows], working: Working | None, told: bool) -> None:
        shape = (max((rows.values.size for rows in series), default=0), len(series))
        self.rhythm = Rhythm.of([step_of(rows.seconds) for rows in series])
        self.values = np.full(shape, np.nan)
        self.widen = np.ones(shape)
        self.masked = np.zeros(shape, dtype=np.bool_)
        self.places = [np.zeros(shape, dtype=np.int32) for _ in range(3)]
        for s, rows in enumerate(series):
            size = rows.values.size
            self.values[:size, s] = np.where(np.isfinite(rows.values), rows.values, np.nan)
            days = working(rows.seconds) if working else None
            places = places_of(rows.seconds, int(self.rhythm.slots[s]), days)
            for table, column in zip(self.places, (places.day, places.week, places.hour), strict=True):
                table[:size, s] = column
            if rows.trials is not None:
                self.widen[:size, s] = widening(rows.trials)
            if days is not None:
                self.widen[:size, s] *= np.where(days != 0, _STRANGE_DAY, 1.0)
                self.masked[:size, s] |= days != 0
            if told and rows.known is not None:
                self.masked[: rows.split, s] |= rows.known[: rows.split]


def widening(trials: Floats) -> Floats:
    """How much wider a rate scatters at each row than at its usual denominator, from the rows before: at least 1."""
    known = np.where(np.isfinite(trials) & (trials > 0), trials, 0.0)
    seen: Floats = np.cumsum(known > 0) - (known > 0).astype(np.float64)
    mean = np.where(seen > 0, (np.cumsum(known) - known) / np.maximum(seen, 1), known)
    return np.asarray(
        np.sqrt(np.maximum(mean / np.maximum(known, 1e-300), 1.0), where=known > 0, out=np.ones(known.size))
    )


def _pass(
    series: Sequence[Rows], alarming: Alarming, settings: Settings, working: Working | None, told: bool
) -> list[Judged]:
    table = _Table(series, working, told)
    rhythm = table.rhythm
    engine = Engine(rhythm, settings, alarming.direction)
    runs = Runs(rhythm, alarming)
    threshold = thresholds(rhythm, alarming)
    drawn = drawn_depth(threshold, alarming)
    shape = table.values.shape
    bands = np.full((3, *shape), np.nan)
    depth, anomaly = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for t in range(shape[0]):
        values = table.values[t]
        places = Places(*(column[t] for column in table.places))
        verdict, seen = engine.judge(values, places, threshold, drawn, table.widen[t])
        engine.learn(values, places, seen, table.masked[t])
        effect = np.abs(values - verdict.expected)
        least = np.maximum(alarming.minimum_effect, alarming.minimum_relative_effect * np.abs(verdict.expected))
        small = effect < least
        depth[t] = np.where(small, 0.0, verdict.depth)
        anomaly[t] = verdict.judged & runs.take((depth[t] >= threshold) & verdict.judged)
        bands[:, t] = verdict.expected, verdict.lower, verdict.upper
    score = scores(depth)
    return [
        Judged(bands[0, :size, s], bands[1, :size, s], bands[2, :size, s], score[:size, s], anomaly[:size, s])
        for s, size in enumerate(rows.values.size for rows in series)
    ]
