"""When a bucket's rows are there: by what the dataset declares, and by what was seen when buckets were read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from metricloop.collect.model import Tally
from metricloop.collect.rules import Window
from metricloop.define.dataset import Dataset
from metricloop.kernel.clock import utc
from metricloop.kernel.grain import HOUR, Grain, after, before, floor
from metricloop.kernel.periods import Period

QUIET = 3  # o'clock, local: when a company's databases have time for a question about weeks
SETTLED = timedelta(days=1)  # what is read again so much later has all its rows
_EVIDENCE = 20  # buckets that were read again, below which there is no usual arrival
_MOST_RUNS = 40
_A_WEEK = 7


def closed_until(now: datetime, dataset: Dataset) -> datetime:
    """End, exclusive, of the last bucket whose rows are all there: one closes `lateness` after its end.

    By the dataset's grain and zone: local days close whole, and hours of half-hour zones at their own minute.
    """
    return floor(now - dataset.lateness, dataset.grain, dataset.timezone, dataset.week_start)


def next_close(until: datetime, dataset: Dataset) -> datetime:
    """When the bucket that begins at `until` closes."""
    return after(until, dataset.grain, dataset.timezone, dataset.week_start) + dataset.lateness


def read_again(until: datetime, dataset: Dataset, first: datetime) -> Window | None:
    """What lies within the overlap before the watermark, whole buckets from `first` on; None: nothing does."""
    if not dataset.overlap:
        return None
    start = max(floor(until - dataset.overlap, dataset.grain, dataset.timezone, dataset.week_start), first)
    return Window(start, until) if start < until else None


def buckets_of(window: Window, dataset: Dataset) -> list[Window]:
    """The dataset's own buckets that touch the window, oldest first."""
    found: list[Window] = []
    start = floor(window.start, dataset.grain, dataset.timezone, dataset.week_start)
    while start < window.end:
        end = after(start, dataset.grain, dataset.timezone, dataset.week_start)
        found.append(Window(start, end))
        start = end
    return found


def whole_buckets(hours: Iterable[datetime], dataset: Dataset, most: int = _MOST_RUNS) -> list[Window]:
    """The buckets in which these hours lie, as few windows: neighbours are one, and small gaps are read along rather
    than asked around."""
    starts = sorted({floor(at, dataset.grain, dataset.timezone, dataset.week_start) for at in hours})
    runs = [Window(at, after(at, dataset.grain, dataset.timezone, dataset.week_start)) for at in starts]
    gap = timedelta(0)
    while True:
        joined: list[Window] = []
        for run in runs:
            if joined and run.start - joined[-1].end <= gap:
                joined[-1] = Window(joined[-1].start, run.end)
            else:
                joined.append(run)
        if len(joined) <= most:
            return joined
        runs, gap = joined, max(2 * gap, HOUR)


def kin(start: datetime, dataset: Dataset, count: int = 6) -> list[datetime]:
    """Starts of the buckets that are usually like this one: the same local hour (or day) of the weeks before; of weeks
    and months simply those before."""
    if dataset.grain in (Grain.HOUR, Grain.DAY):
        return [Period(weeks, Grain.WEEK).before(start, dataset.timezone) for weeks in range(1, count + 1)]
    found: list[datetime] = []
    for _ in range(count):
        start = before(start, dataset.grain, dataset.timezone, dataset.week_start)
        found.append(start)
    return found


def usual_share(tallies: Iterable[Tally], age: timedelta, length: timedelta) -> float | None:
    """The part of a bucket's rows that is usually there `age` after its end (0 to 1); None: cannot tell.

    Learnt from buckets that were read at such an age or earlier, and again when they had settled. length: of a bucket.
    """
    shares = [
        min(1.0, tally.first_rows / tally.rows)
        for tally in tallies
        if tally.rows > 0 and tally.read_at - tally.first_at >= SETTLED
        if tally.first_at - tally.start - length <= age * 1.25
    ]
    return median(shares) if len(shares) >= _EVIDENCE else None


def longest_gap(tallies: Sequence[Tally], length: timedelta) -> timedelta:
    """The longest stretch without rows between two buckets that had some."""
    busy = sorted(tally.start for tally in tallies if tally.rows > 0)
    return max((later - earlier - length for earlier, later in pairwise(busy)), default=timedelta(0))


def quiet_after(at: datetime, zone: ZoneInfo) -> datetime:
    """The next time it is QUIET o'clock in the zone."""
    local = at.astimezone(zone)
    today = datetime(local.year, local.month, local.day, QUIET, tzinfo=zone)
    return utc(today) if utc(today) > at else Period(1, Grain.DAY).after(today, zone)
