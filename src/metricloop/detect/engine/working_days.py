"""Days that are unlike their place in the week: public holidays, and weekends that are worked to make up for them.

From the `holidays` library, which for China knows closures and adjusted workdays (调休) once the State Council has told
them. Does not do: campaigns and events of one's own; borrowing last year's shape: such a day takes that of a Sunday or
a Friday, with a wider band, and is not learnt.
"""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import numpy as np
from numpy.typing import NDArray

from metricloop.detect.engine.rhythm import DAY, Whole
from metricloop.kernel.errors import InvalidInput

_FIRST = date(1970, 1, 1)
_SATURDAY = 5


class WorkingDays:
    """Of one country, by its code such as CN. Raises InvalidInput for a country that the library does not know."""

    def __init__(self, country: str) -> None:
        code = country.upper()
        if code not in holidays.list_supported_countries():
            raise InvalidInput(
                f"there is no calendar {country!r}", where="--calendar", fix="give a country code such as CN, DE or US"
            )
        self._calendar = holidays.country_holidays(code)

    def __call__(self, seconds: Whole) -> NDArray[np.int8]:
        """Per row: -1 a weekday that is free, 1 a weekend day worked, 0 as usual. `seconds`: local wall time."""
        days, place = np.unique(seconds // DAY, return_inverse=True)
        told = [self._of(_FIRST + timedelta(days=int(day))) for day in days]
        return np.array(told, dtype=np.int8)[place]

    def _of(self, day: date) -> int:
        usual, works = day.weekday() < _SATURDAY, self._calendar.is_working_day(day)
        return int(works) - int(usual)
