"""Detectors kept warm between buckets: learn the past once, then judge each new bucket and learn it.

What is kept in memory is only a cache of stored points, labels and checkpoints: a unit that rolls back, a crash, or a
second process leaves it behind, and it is rebuilt from the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from metricloop.collect.recipe import Recipe, plain_recipe
from metricloop.collect.series import series_axis, series_span
from metricloop.define.model import Metric
from metricloop.define.monitors import Monitor
from metricloop.detect.flows import read_flows
from metricloop.detect.level import LevelDetector
from metricloop.detect.model import DetectorState, Label
from metricloop.detect.options import seasonal_config
from metricloop.detect.ports import DetectUnit
from metricloop.detect.rules import JudgedBucket, groups_of, masked, watched
from metricloop.detect.seasonal import Judgement, SeasonalConfig, SeasonalDetector
from metricloop.detect.slots import slot_of
from metricloop.kernel.grain import Grain, after
from metricloop.kernel.ids import derived_id
from metricloop.kernel.series import BandPanel, Flags, Floats, Panel, positions
from metricloop.kernel.slices import Slice

Columns = NDArray[np.intp]

_CHECKPOINT_EVERY = {Grain.HOUR: 24, Grain.DAY: 7}


@dataclass(frozen=True, slots=True)
class Watched:
    """What a detector needs to know of its monitor: the live versions of the definitions it stands on.

    restated: how often stored history of its data has been put right; another number means: learn again. recipe: how
    the metric's series is made of what is kept; None: its hours are, and add up.
    """

    monitor: Monitor
    version: int
    metric: Metric
    zone: ZoneInfo
    restated: int = 0
    recipe: Recipe | None = None

    @property
    def made(self) -> Recipe:
        return self.recipe or plain_recipe(self.metric, self.zone)


Detector = SeasonalDetector | LevelDetector


def _kind(config: SeasonalConfig) -> type[SeasonalDetector] | type[LevelDetector]:
    return LevelDetector if config.kind == "level" else SeasonalDetector


@dataclass(slots=True)
class _Warm:
    """A detector in memory. learns: the mark of what `watch` has it learn; masks: labels that shaped what it learnt.

    columns: where each slice of `axis` stands in panels that have the slices `source`; -1 where it does not.
    """

    watch: Watched
    learns: str
    axis: tuple[Slice, ...]
    detector: Detector
    until: datetime
    masks: tuple[str, ...]
    since_checkpoint: int = 0
    source: tuple[Slice, ...] | None = None
    columns: Columns = field(default_factory=lambda: np.zeros(0, dtype=np.intp))


def learns(watch: Watched) -> str:
    """A mark of everything that shapes what a detector learns. Gates and severity are no part of it, so that a new
    version of a monitor that differs only there goes on with what the old one had learnt."""
    metric = watch.metric
    return derived_id(
        "learns",
        seasonal_config(watch.monitor, watch.metric),
        watch.monitor.slices,
        metric.name,
        metric.numerator,
        metric.denominator,
        *watch.made.marks,
    )


class Judge:
    """Judges a monitor's buckets in order of time. One per process; cheap to make anew."""

    def __init__(self) -> None:
        self._warm: dict[str, _Warm] = {}

    def forget(self) -> None:
        """Drop everything in memory; the next call reads the store."""
        self._warm.clear()

    def learn_quietly(self, unit: DetectUnit, watch: Watched, until: datetime) -> datetime | None:
        """First sight of a monitor: learn all stored history up to `until` without judging it. None: no history yet."""
        span = series_span(unit.points, watch.made, watch.monitor.grain)
        if span is None:
            return None
        warm = self._rebuilt(unit, watch, min(until, span[1]))
        if warm is None:
            return None
        self._warm[watch.monitor.name] = warm
        self._checkpoint(unit, watch, warm)
        return warm.until

    def next_buckets(
        self, unit: DetectUnit, watch: Watched, since: datetime, until: datetime
    ) -> list[tuple[JudgedBucket, BandPanel]]:
        """Judge, then learn, every whole bucket in [since, until); `since` is where the last judgement ended."""
        panel, base = self._buckets(unit, watch, since, until)
        if not panel.starts:
            return []
        labels = unit.labels.of_metric(watch.metric.name)
        warm = self._ready(unit, watch, since, labels)
        if warm is None:
            return []
        self._fit_axis(watch, warm, panel.slices)
        found = []
        for row, start in enumerate(panel.starts):
            end = after(start, watch.monitor.grain, watch.zone)
            num, den = self._row(watch, warm, panel, row)
            slot = slot_of(watch.monitor.grain, start, watch.zone)
            judgement = warm.detector.judge(slot, num, den)
            judged, band = _judged(watch, warm, start, end, judgement, num, den)
            found.append((judged, band if base is None else _raised(band, _columns(warm, base[row]))))
            warm.detector.learn(slot, num, den, masked(labels, warm.axis, start, end))
            warm.until = end
            warm.since_checkpoint += 1
        if warm.since_checkpoint >= _CHECKPOINT_EVERY[watch.monitor.grain]:
            self._checkpoint(unit, watch, warm)
        return found

    def _ready(self, unit: DetectUnit, watch: Watched, since: datetime, labels: Sequence[Label]) -> _Warm | None:
        warm = self._warm.get(watch.monitor.name)
        if warm is None or not _fits(warm, watch, since, labels):
            warm = self._rebuilt(unit, watch, since)
            if warm is None:
                self._warm.pop(watch.monitor.name, None)
                return None
            self._warm[watch.monitor.name] = warm
        warm.watch = watch
        return warm

    def _rebuilt(self, unit: DetectUnit, watch: Watched, until: datetime) -> _Warm | None:
        """From the newest fitting checkpoint before `until`, of this version or an earlier one, else from the first
        point."""
        span = series_span(unit.points, watch.made, watch.monitor.grain)
        if span is None:
            return None
        config, mark = seasonal_config(watch.monitor, watch.metric), learns(watch)
        newest_first = (unit.states.latest(watch.monitor.name, v, until) for v in range(watch.version, 0, -1))
        state = next((s for s in newest_first if s is not None and s.meta.get("learns") == mark), None)
        if state:
            warm = _Warm(watch, mark, state.axis, _kind(config).load(config, state.arrays), state.until, ())
        else:
            axis = _watched_slices(watch, series_axis(unit.points, watch.made, watch.monitor.grain))
            warm = _Warm(watch, mark, axis, _kind(config)(config, groups_of(watch.monitor, axis)), span[0], ())
        panel, _ = self._buckets(unit, watch, warm.until, until)
        self._fit_axis(watch, warm, panel.slices)
        labels = unit.labels.of_metric(watch.metric.name)
        for row, start in enumerate(panel.starts):
            end = after(start, watch.monitor.grain, watch.zone)
            num, den = self._row(watch, warm, panel, row)
            mask = masked(labels, warm.axis, start, end)
            warm.detector.learn(slot_of(watch.monitor.grain, start, watch.zone), num, den, mask)
            warm.until = end
        warm.masks = _marks(labels, warm.until)
        return warm

    def _buckets(self, unit: DetectUnit, watch: Watched, start: datetime, end: datetime) -> tuple[Panel, Floats | None]:
        return read_flows(unit.points, watch.made, watch.monitor.grain, start, end)

    def _fit_axis(self, watch: Watched, warm: _Warm, axis: tuple[Slice, ...]) -> None:
        """Take in the slices of a panel's axis that are new. Most buckets bring none, and the last answer stands."""
        if axis == warm.source:
            return
        known = set(warm.axis)
        new = tuple(s for s in _watched_slices(watch, axis) if s not in known)
        if new:
            warm.axis = (*warm.axis, *new)
            warm.detector.grow(groups_of(watch.monitor, warm.axis))
        place = positions(axis)
        warm.columns = np.array([place.get(s, -1) for s in warm.axis], dtype=np.intp)
        warm.source = axis

    def _row(self, watch: Watched, warm: _Warm, panel: Panel, row: int) -> tuple[Floats, Floats]:
        """One bucket of a panel whose axis is fitted."""
        here = warm.columns >= 0
        num = np.where(here, panel.numerator[row][warm.columns], 0.0)
        den = np.where(here, panel.denominator[row][warm.columns], 0.0 if watch.metric.is_ratio else 1.0)
        return num, den

    def _checkpoint(self, unit: DetectUnit, watch: Watched, warm: _Warm) -> None:
        unit.states.put(
            DetectorState(
                monitor=watch.monitor.name,
                metric=watch.metric.name,
                monitor_version=watch.version,
                until=warm.until,
                axis=warm.axis,
                arrays=warm.detector.dump(),
                meta={"learns": warm.learns},
            )
        )
        warm.since_checkpoint = 0


def _watched_slices(watch: Watched, axis: tuple[Slice, ...]) -> tuple[Slice, ...]:
    return tuple(axis[i] for i in watched(watch.monitor, axis))


def _fits(warm: _Warm, watch: Watched, since: datetime, labels: Sequence[Label]) -> bool:
    """Whether what is in memory is what a rebuild up to `since` would give."""
    same = warm.watch == watch or (warm.watch.restated == watch.restated and warm.learns == learns(watch))
    return same and warm.until == since and warm.masks == _marks(labels, since)


def _marks(labels: Sequence[Label], until: datetime) -> tuple[str, ...]:
    """Which labels have shaped what was learnt up to `until`; a change means: learn again."""
    return tuple(sorted(x.id for x in labels if x.masks and x.start < until))


def _columns(warm: _Warm, row: Floats) -> Floats:
    """A row of a panel's matrix on the detector's axis; 0 for slices that the panel does not have."""
    return np.where(warm.columns >= 0, row[warm.columns], 0.0)


def _raised(band: BandPanel, base: Floats) -> BandPanel:
    """The band of a value to date: that of what the bucket adds, above what was there before."""
    shift = base[None, :]
    return replace(band, expected=band.expected + shift, lower=band.lower + shift, upper=band.upper + shift)


def _judged(
    watch: Watched, warm: _Warm, start: datetime, end: datetime, judgement: Judgement, num: Floats, den: Floats
) -> tuple[JudgedBucket, BandPanel]:
    expected = np.where(judgement.judged, judgement.expected, np.nan)
    unit = den if watch.metric.is_ratio else np.ones_like(num)
    shortfall = np.where(judgement.judged, num - expected * unit, 0.0)
    bucket = JudgedBucket(start, end, warm.axis, judgement.judged, judgement.anomalous, shortfall, judgement.score)
    row: Flags = judgement.anomalous[None, :]
    panel = BandPanel(
        slices=warm.axis,
        starts=(start,),
        expected=expected[None, :],
        lower=judgement.lower[None, :],
        upper=judgement.upper[None, :],
        score=judgement.score[None, :],
        anomalous=row,
    )
    return bucket, panel
