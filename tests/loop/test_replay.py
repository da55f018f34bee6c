"""The whole loop over the shop's history: the right incident, the same bytes, and never a look into the future."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from metricloop.bootstrap import replay
from metricloop.kernel.errors import InvalidInput
from metricloop.store import Store, open_store
from metricloop.store.tables import metadata
from metricloop.store.tables.loop import events
from tests.loop.world import BAD_FROM, BAD_TO, BERLIN, FIRST, HOUR, LAST, LATENESS, make_shop


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    store = open_store(path)
    yield store
    store.close()


def story(path: Path, before: datetime | None = None) -> list[tuple[Any, ...]]:
    """Everything that was told (before a moment), in order."""
    with opened(path) as store, store.unit(write=False) as unit:
        columns = (events.c.key, events.c.subject, events.c.at, events.c.data)
        rows = unit.connection.execute(select(*columns).order_by(events.c.sequence))
        return [tuple(row) for row in rows if before is None or row.at < before]


def all_rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with opened(path) as store, store.unit(write=False) as unit:
        return {
            table.name: [tuple(row) for row in unit.connection.execute(select(*table.primary_key.columns, *table.c))]
            for table in metadata.sorted_tables
        }


@pytest.fixture(scope="module")
def replayed(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """Two weeks of the shop with scripted responders: the summary, and the store they left behind."""
    path = tmp_path_factory.mktemp("replayed") / "state.db"
    return replay(shop_folder, FIRST, LAST, into=str(path)), path


def test_the_drop_is_one_incident_of_the_right_slice_owner_and_days(
    replayed: tuple[dict[str, Any], Path],
) -> None:
    (incident,) = replayed[0]["incidents"]
    assert incident["root_causes"][0]["slice"] == {"city": "Porto"}
    assert (incident["owner"], incident["localisable"], incident["verdict"]) == ("rui", True, "local")
    started, ended = (datetime.fromisoformat(incident[name]) for name in ("started_at", "ended_at"))
    assert (started.date(), ended - timedelta(seconds=1)) >= (date(2026, 3, 17), BAD_TO - timedelta(seconds=1))
    assert ended <= BAD_TO + 24 * HOUR
    assert datetime.fromisoformat(incident["opened_at"]) <= BAD_FROM + 6 * HOUR
    assert incident["impact"] < -100


def test_scripted_people_bring_it_all_the_way_round(replayed: tuple[dict[str, Any], Path]) -> None:
    summary = replayed[0]
    assert summary["incidents"][0]["state"] == "closed"
    counts = summary["counts"]
    assert all(counts[stage] >= 1 for stage in ("attribute", "assign", "notify", "act", "verify", "review", "label"))


def test_the_summary_is_plain_data_with_times_in_the_projects_zone(replayed: tuple[dict[str, Any], Path]) -> None:
    (incident,) = json.loads(json.dumps(replayed[0]))["incidents"]
    assert list(incident) == [
        "id",
        "metric",
        "metrics",
        "slice",
        "grain",
        "started_at",
        "opened_at",
        "ended_at",
        "severity",
        "owner",
        "state",
        "localisable",
        "verdict",
        "root_causes",
        "impact",
    ]
    for name in ("started_at", "opened_at", "ended_at"):
        at = datetime.fromisoformat(incident[name])
        assert at.utcoffset() == at.astimezone(BERLIN).utcoffset()


def test_the_same_input_gives_the_same_bytes(
    replayed: tuple[dict[str, Any], Path], shop_folder: Path, tmp_path: Path
) -> None:
    again = replay(shop_folder, FIRST, LAST, into=str(tmp_path / "again.db"))
    assert json.dumps(again) == json.dumps(replayed[0])
    ours, theirs = all_rows(tmp_path / "again.db"), all_rows(replayed[1])
    assert {name for name in ours if ours[name] != theirs[name]} == set()


def test_what_comes_later_cannot_be_seen(replayed: tuple[dict[str, Any], Path], tmp_path: Path) -> None:
    """The source is another one from noon of the bad day on. Until its rows are due, nothing whatever may differ."""
    noon = BAD_FROM + 3 * HOUR
    other = make_shop(tmp_path / "other", changed_from=noon)
    replay(other, FIRST, LAST, into=str(tmp_path / "other.db"))
    due = noon + HOUR + LATENESS
    before = story(tmp_path / "other.db", before=due)
    assert before == story(replayed[1], before=due)
    assert any(key.startswith("anomaly.raised") for key, *_ in before), "there was something to be seen by then"
    assert story(tmp_path / "other.db") != story(replayed[1])


def test_a_longer_replay_begins_like_a_shorter_one(
    replayed: tuple[dict[str, Any], Path], shop_folder: Path, tmp_path: Path
) -> None:
    replay(shop_folder, FIRST, date(2026, 3, 18), into=str(tmp_path / "short.db"))
    short = story(tmp_path / "short.db")
    assert story(replayed[1])[: len(short)] == short


def test_without_people_an_incident_stays_open_until_the_data_heals_it(shop_folder: Path, tmp_path: Path) -> None:
    found = replay(shop_folder, FIRST, date(2026, 3, 17), responders=False)
    assert [i["state"] for i in found["incidents"]] == ["open"]
    later = replay(shop_folder, FIRST, LAST, responders=False)
    assert [i["state"] for i in later["incidents"]] in (["verified"], ["closed"])


def test_a_steady_shop_is_left_in_peace_also_when_the_clock_changes(tmp_path: Path) -> None:
    steady = make_shop(tmp_path / "steady", drop=False)
    found = replay(steady, date(2026, 3, 16), date(2026, 3, 31))
    assert found["incidents"] == []
    assert found["counts"]["collect"] > 0


def test_progress_is_told_from_the_first_day_to_the_last(shop_folder: Path) -> None:
    seen: list[tuple[datetime, datetime, datetime]] = []
    replay(shop_folder, FIRST, FIRST + timedelta(days=2), progress=lambda *at: seen.append(at))
    first, last = seen[0][0], seen[0][2]
    assert [now for _, now, _ in seen] == [first + timedelta(days=i) for i in range(4)]
    assert seen[-1][1] == last == datetime(2026, 3, 12, tzinfo=BERLIN)


def test_days_in_the_wrong_order_are_refused(shop_folder: Path) -> None:
    with pytest.raises(InvalidInput, match="lies before"):
        replay(shop_folder, LAST, FIRST)


def test_days_without_any_data_find_nothing(shop_folder: Path) -> None:
    found = replay(shop_folder, date(2020, 1, 1), date(2020, 1, 3))
    assert (found["incidents"], found["counts"]["triage"]) == ([], 0)
