"""Stretches of calendar time: "7 days" is the same local time a week ago, whatever the clocks did meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain, months_after

_WORDS = {
    "h": Grain.HOUR, "hour": Grain.HOUR, "hours": Grain.HOUR,
    "d": Grain.DAY, "day": Grain.DAY, "days": Grain.DAY,
    "w": Grain.WEEK, "week": Grain.WEEK, "weeks": Grain.WEEK,
    "month": Grain.MONTH, "months": Grain.MONTH,
    "quarter": Grain.QUARTER, "quarters": Grain.QUARTER,
    "y": Grain.YEAR, "year": Grain.YEAR, "years": Grain.YEAR,
}  # fmt: skip
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_MOST = {Grain.HOUR: 100_000, Grain.DAY: 36_525, Grain.WEEK: 5_218}


@dataclass(frozen=True, slots=True)
class Period:
    """`count` steps of `unit`, by the calendar of a zone."""

    count: int
    unit: Grain

    @staticmethod
    def parse(text: str) -> Period:
        """`7 days`, `7d`, `1 month`, `2 quarters`. Raises InvalidInput on anything else."""
        match = re.fullmatch(r"(\d{1,6})\s*([a-z]+)", text.strip().lower())
        unit = _WORDS.get(match[2]) if match else None
        count = int(match[1]) if match else 0
        if unit is None or not 0 < count <= _MOST.get(unit, 1_200):
            fix = "write a number and h, d, w, month, quarter or year, such as 7d or 1 month"
            raise InvalidInput(f"{text!r} is not a period", fix=fix)
        return Period(count, unit)

    def before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The instant so long ago: the same local time, except for hours, which are hours."""
        return self._moved(at, zone, -self.count)

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        return self._moved(at, zone, self.count)

    def _moved(self, at: datetime, zone: ZoneInfo, steps: int) -> datetime:
        if self.unit is Grain.HOUR:
            return utc(at) + timedelta(hours=steps)
        local = at.astimezone(zone).replace(tzinfo=None)
        if self.unit in _MONTHS:
            day = months_after(local.date(), steps * _MONTHS[self.unit])
        else:
            day = local.date() + timedelta(days=steps * (7 if self.unit is Grain.WEEK else 1))
        return utc(datetime.combine(day, local.time(), tzinfo=zone))

    def __str__(self) -> str:
        short = {Grain.HOUR: "h", Grain.DAY: "d", Grain.WEEK: "w"}.get(self.unit)
        return f"{self.count}{short}" if short else f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"
