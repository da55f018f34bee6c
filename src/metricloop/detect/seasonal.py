"""The seasonal detector: was this bucket expected, given the past and the rest of the bucket?

Judges all series of one metric at one grain together, one bucket at a time, from the past alone.

* The total (series 0) is judged against its own usual value: level plus seasonal profile on the scale of log-odds
  (rates) or logarithms (counts), see `profile`.
* A part (a slice) is judged against the rest of its bucket, see `expectation`: on a day when everybody falls the parts
  stay quiet, and only the part that is worse than its day stands out.
* Tails are exact ones of a beta-binomial (rates) or negative binomial (counts) whose scatter beyond counting noise is
  learnt from the series' own past residuals, see `spread`; they are stretched where the past of the group had heavier
  ones, see `calibration`; the band is the same law inverted, see `bands`.
* A bucket is anomalous if it lies outside the band and passes the gates (history, minimum denominator, minimum effect).
* `learn` clips residuals and steps over masked series; residuals that stay on one side for `shift_after` buckets are
  taken for a lasting shift: the level forgets and follows.

From: Farrington et al. (1996) and Noufaily et al. (2013) for surveillance of over-dispersed counts; Laney (2002) for
control charts of over-dispersed rates; Huber (1964) for clipping; West and Harrison (1997) for discounted learning.

Does not do: holidays and campaigns (mask them), slow small drifts (CUSUM), flat lines, values that are not counts,
combinations of two dimensions. Missing values (NaN) give no verdict and are not learnt.
Units: counts per bucket; the bands of rates are rates. Budgets are false alarms per series and week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from metricloop.detect.bands import CountBand, bounded_band, unbounded_band
from metricloop.detect.calibration import TailCalibration, as_the_law_has_it, calibrated
from metricloop.detect.expectation import Expectation, Usual, expect_count, expect_rate
from metricloop.detect.profile import Memory, SeasonalProfile
from metricloop.detect.slots import BUCKETS_PER_WEEK
from metricloop.detect.spread import Spread
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Flags, Floats

Kind = Literal["rate", "count", "level"]  # the last is judged by `level`
Direction = Literal["up", "down", "both"]

_CLIP = 2.5
_SPREAD_CLIP = 3.0
_ONE_COUNT = 1.0
_SHIFT_AFTER = {Grain.HOUR: 36, Grain.DAY: 4}
_TOTAL_MEMORY: dict[str, Memory] = {"rate": Memory(2.0, 12.0, 2.0, 0.5), "count": Memory(4.0, 12.0, 3.0, 1.5)}
_PART_MEMORY: dict[str, Memory] = {"rate": Memory(6.0, 12.0, 0.7, 0.3), "count": Memory(4.0, 12.0, 1.5, 0.7)}
_FIRST_VARIANCES: dict[str, tuple[float, float]] = {"rate": (0.3, 0.05), "count": (0.1, 0.05)}
_FIRST_SENSITIVITY = 0.1


@dataclass(frozen=True)
class SeasonalConfig:
    """What a monitor may set; `direction` is the side that is bad.

    budget, total_budget: false alarms per series-week, for each part and for the total (which may rightly be watched
    more sharply than each of a hundred parts). minimum_denominator: of a rate, below it there is no verdict.
    minimum_effect: least |observed - expected| in the metric's unit; minimum_relative_effect: the same over expected.
    minimum_history: weeks before the first verdict. shift_after: buckets in a row far off on one side after which
    a change counts as lasting (None: 4 days, 36 hours). total_memory, part_memory: None takes the kind's own.
    """

    kind: Kind
    grain: Grain
    direction: Direction = "both"
    budget: float = 0.002
    total_budget: float = 0.03
    minimum_denominator: float = 5.0
    minimum_effect: float = 0.0
    minimum_relative_effect: float = 0.0
    minimum_history: float = 2.0
    shift_after: int | None = None
    total_memory: Memory | None = None
    part_memory: Memory | None = None

    def __post_init__(self) -> None:
        for name, budget in (("budget", self.budget), ("total_budget", self.total_budget)):
            if not 0 < budget <= BUCKETS_PER_WEEK[self.grain]:
                raise ValueError(f"{name} is {budget}; choose a number above 0, at most one alarm per bucket")

    def log_alpha(self, series: int) -> Floats:
        """The log tail probability, on each bad side, below which a bucket is surprising; the total comes first."""
        budgets = np.full(series, self.budget)
        budgets[:1] = self.total_budget
        sides = 2.0 if self.direction == "both" else 1.0
        return np.asarray(np.log(np.minimum(budgets / BUCKETS_PER_WEEK[self.grain] / sides, 0.5)))


@dataclass(frozen=True)
class Judgement:
    """One bucket's verdicts, arrays of S; NaN bands, score 0, not anomalous where there is no verdict.

    observed, expected, usual, lower, upper: rates, or counts. usual: what this slot usually has, without the common
    effect. common: what the rest of the bucket did, as a difference of log-odds (rates) or logarithms (counts); 0 for
    the total. lower, upper: least and greatest unsurprising value (the good side is drawn at the same tail).
    log_tail: natural logarithm of the tail probability on the bad side ("both": the smaller one, doubled).
    score: 0 at tail 1, 0.5 at 1e-3, 0.75 at 1e-9, 1 at none: monotone, one scale for all series.
    side: -1 below expected, 1 above. judged: there was enough history and a value to judge.
    """

    observed: Floats
    expected: Floats
    usual: Floats
    common: Floats
    lower: Floats
    upper: Floats
    log_tail: Floats
    score: Floats
    anomalous: Flags
    side: Floats
    judged: Flags


class SeasonalDetector:
    """State of one metric at one grain. groups[s] is the dimension of series s, numbered from 1; groups[0] is 0."""

    def __init__(self, config: SeasonalConfig, groups: Sequence[int]) -> None:
        self.config = config
        total = config.total_memory or _TOTAL_MEMORY[config.kind]
        part = config.part_memory or _PART_MEMORY[config.kind]
        half_life = part.season_weeks * BUCKETS_PER_WEEK[config.grain]
        self._profile = SeasonalProfile(config.grain, total, part)
        self._spread = Spread(half_life, _FIRST_VARIANCES[config.kind], _FIRST_SENSITIVITY)
        self._calibration = TailCalibration(half_life)
        self._last: tuple[int, Floats, Floats, tuple[Expectation, Flags, CountBand]] | None = None
        self._groups = np.zeros(0, dtype=np.intp)
        self._seen = np.zeros(0)
        self._streak = np.zeros(0)
        self.grow(groups)

    def grow(self, groups: Sequence[int]) -> None:
        """Take in series that appeared later; `groups` begins with those of the series known before."""
        wanted = np.asarray(groups, dtype=np.intp)
        known = self._groups.size
        if wanted.size < max(known, 1) or wanted[0] != 0 or not np.array_equal(wanted[:known], self._groups):
            raise ValueError("groups must begin with 0 for the total, then the groups of the series known before")
        self._groups = wanted
        self._profile.grow(wanted.size)
        self._spread.grow(wanted)
        self._calibration.grow(wanted)
        self._last = None
        self._seen = np.append(self._seen, np.zeros(wanted.size - known))
        self._streak = np.append(self._streak, np.zeros(wanted.size - known))

    def judge(self, slot: int, numerator: Floats, denominator: Floats) -> Judgement:
        """Judge one bucket without learning it. numerator, denominator: [S]; denominator is ignored for counts."""
        config = self.config
        law, judged, band = self._assess(slot, numerator, denominator)
        unit = np.where(judged, denominator, 1.0) if config.kind == "rate" else np.ones(numerator.size)
        count = np.where(judged, numerator, 0.0)
        log_tail, outside = self._verdict(band, count)
        effect = np.abs(count - law.mean)
        big = (effect >= config.minimum_effect * unit) & (effect >= config.minimum_relative_effect * law.mean)
        shown = np.where(judged, 1.0, np.nan)
        depth = np.where(judged, -log_tail / np.log(10.0), 0.0)
        return Judgement(
            observed=np.where(law.known, numerator / unit, np.nan),
            expected=shown * law.mean / unit,
            usual=shown * law.usual,
            common=law.common,
            lower=shown * band.lower / unit,
            upper=shown * band.upper / unit,
            log_tail=np.where(judged, log_tail, 0.0),
            score=np.where(np.isfinite(depth), depth / (3.0 + depth), 1.0),
            anomalous=judged & outside & big,
            side=np.where(judged, np.sign(count - law.mean), 0.0),
            judged=judged,
        )

    def learn(self, slot: int, numerator: Floats, denominator: Floats, mask: Flags | None = None) -> None:
        """Learn one bucket after it was judged; series with mask[s] true learn nothing from it."""
        law, judged, band = self._assess(slot, numerator, denominator)
        which = law.known if mask is None else law.known & ~mask
        y = np.where(which, numerator, 0.0)
        if self.config.kind == "count":
            first = which & (self._seen == 0) & (y > 0)
            which &= first | (self._seen > 0)
            if bool(np.any(first)):
                self._profile.start(slot, np.log(y + 0.5) - law.base, first)
                law = self._expect(slot, numerator, denominator)
        residual = y - law.mean
        deviation = np.sqrt(law.slope * (1.0 + law.leverage * law.variance))
        shifting = self._follow_shifts(residual, deviation, which)
        young = self._seen < BUCKETS_PER_WEEK[self.config.grain]
        limit = np.where(shifting | young, np.inf, np.maximum(_CLIP * deviation, _ONE_COUNT))
        inflation = 1.0 + law.leverage * (law.variance - law.doubt)
        self._profile.learn(slot, np.clip(residual, -limit, limit) / inflation, law.slope / inflation, which)
        steady = which & (law.leverage > 0) & ~young & ~shifting
        self._spread.learn(*self._excess(law, residual, deviation, steady), law.common, steady)
        self._calibration.learn(np.stack([band.log_lower_tail, band.log_upper_tail]), judged & which & ~shifting)
        self._seen = self._seen + which
        self._last = None

    def _excess(self, law: Expectation, residual: Floats, deviation: Floats, steady: Flags) -> tuple[Floats, Floats]:
        """The bucket's own estimate of its scatter in log units, and the variance of what is not scatter."""
        squared = np.minimum(residual**2, np.maximum(_SPREAD_CLIP * deviation, _ONE_COUNT) ** 2)
        leverage = np.where(steady, law.leverage, 1.0)
        apart = law.doubt + law.shared
        return np.where(steady, (squared / law.slope - 1.0) / leverage - apart, 0.0), 1.0 / leverage + apart

    def _follow_shifts(self, residual: Floats, deviation: Floats, which: Flags) -> Flags:
        """Count buckets in a row far off on one side; true where that has lasted: the level forgets and follows."""
        far = np.abs(residual) > np.maximum(_CLIP * deviation, _ONE_COUNT)
        outward = np.where(far, np.sign(residual), 0.0)
        streak = np.where(outward * self._streak > 0, self._streak + outward, outward)
        self._streak = np.where(which, streak, self._streak)
        shifting = which & (np.abs(self._streak) >= (self.config.shift_after or _SHIFT_AFTER[self.config.grain]))
        self._profile.shift(shifting)
        return np.asarray(shifting)

    def _expect(self, slot: int, numerator: Floats, denominator: Floats) -> Expectation:
        if numerator.size != self._groups.size:
            raise ValueError(f"{numerator.size} values for {self._groups.size} series; call grow() for new ones first")
        own, sensitivity = self._spread.variances()
        usual = Usual(self._profile.usual(slot), self._profile.doubt(slot), own, sensitivity)
        if self.config.kind == "rate":
            return expect_rate(usual, numerator, denominator)
        return expect_count(usual, numerator)

    def _assess(self, slot: int, numerator: Floats, denominator: Floats) -> tuple[Expectation, Flags, CountBand]:
        """Law, who can be judged, tails and band; kept, so that learning a bucket just judged is cheap."""
        last = self._last
        if last and last[0] == slot and np.array_equal(last[1], numerator) and np.array_equal(last[2], denominator):
            return last[3]
        law = self._expect(slot, numerator, denominator)
        judged = law.known & (self._seen >= self.config.minimum_history * BUCKETS_PER_WEEK[self.config.grain])
        if self.config.kind == "rate":
            judged &= denominator >= self.config.minimum_denominator
        found = law, judged, self._band(law, judged, numerator, denominator)
        self._last = slot, numerator.copy(), denominator.copy(), found
        return found

    def _band(self, law: Expectation, judged: Flags, count: Floats, trials: Floats) -> CountBand:
        log_alpha = as_the_law_has_it(self.config.log_alpha(count.size), self._calibration.stretch())
        rows = np.flatnonzero(judged)
        whole = CountBand(*(np.zeros(count.size) for _ in range(4)))
        if rows.size == 0:
            return whole
        if self.config.kind == "rate":
            part = bounded_band(count[rows], trials[rows], law.rate[rows], law.spread[rows], log_alpha[:, rows])
        else:
            part = unbounded_band(count[rows], law.mean[rows], law.spread[rows], log_alpha[:, rows])
        for target, found in zip(vars(whole).values(), vars(part).values(), strict=True):
            target[rows] = found
        return whole

    def _verdict(self, band: CountBand, count: Floats) -> tuple[Floats, Flags]:
        stretch = self._calibration.stretch()
        lower, upper = calibrated(band.log_lower_tail, stretch[0]), calibrated(band.log_upper_tail, stretch[1])
        below, above = count < band.lower, count > band.upper
        if self.config.direction == "down":
            return lower, below
        if self.config.direction == "up":
            return upper, above
        return np.minimum(np.minimum(lower, upper) + np.log(2.0), 0.0), below | above

    def dump(self) -> dict[str, Floats]:
        """The whole state as named arrays; `load` with the same config continues bit by bit the same."""
        named = {f"profile.{name}": array for name, array in self._profile.arrays().items()}
        named |= {f"calibration.{name}": array for name, array in self._calibration.arrays().items()}
        named |= {f"spread.{name}": array for name, array in self._spread.arrays().items()}
        own = {"groups": self._groups.astype(np.float64), "seen": self._seen.copy(), "streak": self._streak.copy()}
        return named | own

    @classmethod
    def load(cls, config: SeasonalConfig, named: Mapping[str, Floats]) -> SeasonalDetector:
        """A detector that continues where `dump` was taken."""
        detector = cls(config, [int(group) for group in named["groups"]])
        for part in ("profile", "spread", "calibration"):
            own = {name.removeprefix(f"{part}."): array for name, array in named.items() if name.startswith(f"{part}.")}
            getattr(detector, f"_{part}").restore(own)
        detector._seen, detector._streak = named["seen"].copy(), named["streak"].copy()
        return detector
