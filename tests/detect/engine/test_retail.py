"""Daily sales of Chinese shops, 11 months: the series that most users have. Generated and seeded."""

from __future__ import annotations

import numpy as np

from metricloop.detect.engine.batch import Judged, Rows, Working, judge_series
from metricloop.detect.engine.settings import Alarming
from metricloop.detect.engine.working_days import WorkingDays
from metricloop.kernel.series import Flags, Floats

SHOPS, DAYS, WARM = 200, 330, 60
START = np.datetime64("2025-03-01")
CALENDAR = WorkingDays("CN")
SECONDS = (START + np.arange(DAYS)).astype("datetime64[s]").astype(np.int64)
CAMPAIGNS = {"06-16": 1.3, "06-17": 1.3, "06-18": 1.8, "11-09": 1.3, "11-10": 1.3, "11-11": 1.8, "11-12": 1.3}


def shops() -> tuple[Floats, Flags]:
    """Sales [T, S], and days on or beside a holiday, a worked weekend or a campaign."""
    rng = np.random.default_rng(11)
    told = CALENDAR(SECONDS)
    campaign = np.array([CAMPAIGNS.get(str(START + day)[5:], 1.0) for day in range(DAYS)])
    weekend = ((SECONDS // 86400 + 3) % 7 > 4) & (told <= 0)
    size, quiet, holiday = np.exp(rng.normal(8, 1, SHOPS)), rng.uniform(0.7, 1.5, SHOPS), rng.uniform(0.5, 1.8, SHOPS)
    shape = np.where(told[:, None] < 0, holiday, np.where(weekend[:, None], quiet, 1.0)) * campaign[:, None]
    noise = np.exp(rng.normal(0, 1, (DAYS, SHOPS)) * rng.uniform(0.03, 0.07, SHOPS))
    near = np.convolve((told != 0) | (campaign > 1), [1, 1, 1], "same") > 0
    return size * shape * noise, near


def judged(sales: Floats, working: Working | None) -> list[Judged]:
    return judge_series([Rows(SECONDS, sales[:, s]) for s in range(SHOPS)], Alarming(), working=working)


def starts_per_week(found: list[Judged], days: Flags) -> float:
    begins = sum((one.anomaly & ~np.r_[False, one.anomaly[:-1]])[days].sum() for one in found)
    return float(begins) / SHOPS / (float(days.sum()) / 7)


def test_holidays_and_campaigns_stay_within_the_budget() -> None:
    sales, near = shops()
    warm = np.arange(DAYS) >= WARM
    found = judged(sales, CALENDAR)
    assert starts_per_week(found, warm) <= 1.0
    assert starts_per_week(found, warm & near) <= 1.0


def test_two_days_at_a_fifth_less_are_found_in_two_of_three_shops_and_in_fewer_without_a_calendar() -> None:
    sales, near = shops()
    days = np.flatnonzero(~near[150:320])
    when = 150 + np.random.default_rng(12).choice(days, SHOPS)
    for s, day in enumerate(when):
        sales[day : day + 2, s] *= 0.8
    share = {
        name: np.mean([one.anomaly[day : day + 2].any() for one, day in zip(judged(sales, days_of), when, strict=True)])
        for name, days_of in (("with", CALENDAR), ("without", None))
    }
    assert share["with"] >= 2 / 3
    assert share["with"] > share["without"]
