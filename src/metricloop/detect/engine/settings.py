"""The numbers of the engine, for all series alike; docs/explanation/detection-measured.md tells what each gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["up", "down", "both"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Memories are half-lives; widths are in robust standard deviations of the series itself.

    level_days, scale_days, error_days, wide_days: of the slow level, the scatter, the errors that choose among experts,
    and the coarse scatter that is the floor. fast_hours: of the level that follows. carry: share of the last
    residual that is expected again. sharpness: power by which an expert with smaller errors gets more weight.
    day_rate, week_rate: least learning rates of the seasonal profiles. clip, fast_clip: largest residual learnt.
    slot_prior: rows by which the scatter of an hour of the day is shrunk to the scatter of all. wide_floor,
    wide_growth: share of the coarse scatter below which no scatter is believed, at first and added with history.
    sustained_hours: half-life of the running mean of departures; sustained_clip: largest departure in it;
    sustained_scale: by how much wider it scatters because rows are correlated; sustained_less: by how much less it
    counts than a point of the same rarity.
    shift_hours: so long on one side makes a lasting shift. cold_rows: rows of a series before its first score.
    """

    level_days: float = 2.0
    fast_hours: float = 0.25
    error_days: float = 3.0
    scale_days: float = 14.0
    wide_days: float = 28.0
    carry: float = 0.9
    sharpness: float = 4.0
    day_rate: float = 0.15
    week_rate: float = 0.25
    hour_rate: float = 0.1
    clip: float = 5.0
    fast_clip: float = 8.0
    slot_prior: float = 6.0
    slot_floor: float = 0.3
    wide_floor: float = 0.2
    wide_growth: float = 0.8
    wide_clip: float = 30.0
    growth_rows: float = 5000.0
    level_floor: float = 0.001
    shift_hours: float = 24.0
    shift_rate: float = 0.05
    sustained_hours: float = 2.0
    sustained_clip: float = 4.0
    sustained_scale: float = 2.0
    sustained_less: float = 1.0
    error_clip: float = 4.0
    cold_rows: int = 12


@dataclass(frozen=True, slots=True)
class Alarming:
    """When a score is an alarm.

    budget: false alarms per series and week that the threshold is set for. direction: the side that counts.
    minimum_effect: least distance from the expected value, in the unit of the values; minimum_relative_effect: the
    same as a share of the expected value. quiet_hours: an alarm lasts until it has been quiet for so long.
    coverage: of the band that is drawn, as a share; None draws the band that the verdict uses.
    """

    budget: float = 1.0
    direction: Direction = "both"
    minimum_effect: float = 0.0
    minimum_relative_effect: float = 0.0
    quiet_hours: float = 1.5
    coverage: float | None = None
