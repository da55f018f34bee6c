"""Questions to a metric over HTTP: the reference's numbers, the command line's bytes, and only one's own rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from metricloop.access import use_cases as access
from metricloop.api.app import build_app
from metricloop.bootstrap.projects import apply_folder
from metricloop.jobs.clocks import SystemClock
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.database import open_store
from tests.api.world import PASSWORD, Browser, World
from tests.cli.shell import metricloop
from tests.collect import queried
from tests.collect.queried import BERLIN, local, of_region, on_day

NOW = datetime(2026, 4, 8, 10, tzinfo=BERLIN)
PEOPLE = """
teams:
  - {name: eastern, grants: [{where: {region: [East]}}]}
  - {name: nowhere, grants: [{where: {carrier: [DHL]}}]}
"""
MORE = """  - {id: eva, name: Eva, teams: [eastern], roles: [viewer], contacts: [{channel: desk, address: eva}]}
  - {id: noa, name: Noa, teams: [nowhere], roles: [viewer], contacts: [{channel: desk, address: noa}]}
"""
RANGE = {"from": "2026-03-28", "to": "2026-04-01"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("asked")
    project = queried.write_project(made / "project", queried.write_files(made))
    file = project / "metricloop.yml"
    text = file.read_text(encoding="utf-8").replace("assignment:", f"{MORE}assignment:") + PEOPLE
    file.write_text(text, encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def world(folder: Path) -> Iterator[World]:
    store = open_store(folder / "state.db", scratch=True)
    store.migrate()
    apply_folder(store, folder, by="test", at=NOW)
    world = World(store, now=NOW)
    sources = world.sources = Sources(load_registry(), Context(folder, SystemClock()))
    with store.unit() as unit:
        for person in world.project().people.values():
            at = world.wall_clock.now()
            access.create_account(unit, person.id, PASSWORD, passwords=world.passwords, by="test", at=at)
    yield world
    sources.close()
    store.close()


def enter(world: World, person: str = "ana") -> Browser:
    browser = Browser(build_app(world))
    assert browser.log_in(person).status_code == 200
    return browser


@pytest.fixture(scope="module")
def ana(world: World) -> Browser:
    return enter(world)


def asked(browser: Browser, metric: str, **params: Any) -> Any:
    answer = browser.get(f"/api/v1/metrics/{metric}/query", params={**RANGE, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("metric", ["gmv", "buyers_7d", "gmv_vs_last_week", "conversion", "order_value"])
def test_the_numbers_are_those_of_plain_python(ana: Browser, metric: str) -> None:
    rows = asked(ana, metric, by="region", where="region is not null")["rows"]
    assert [row["slice"] for row in rows] == [{"region": "East"}, {"region": "West"}] * 4
    for row in rows:
        begin, region = datetime.fromisoformat(row["bucket"]), row["slice"]["region"]
        assert row["value"] == pytest.approx(on_day(metric, begin.date(), of_region(region)))
    assert rows[0]["bucket"] == "2026-03-28T00:00:00+01:00" and rows[-1]["end"] == "2026-04-01T00:00:00+02:00"


@pytest.mark.parametrize("metric", ["gmv", "paid_rate", "slowest", "gmv_mtd"])
def test_csv_is_the_same_at_both_doors(ana: Browser, folder: Path, metric: str) -> None:
    params = {**RANGE, "by": ["region", "carrier"], "format": "csv"}
    web = ana.get(f"/api/v1/metrics/{metric}/query", params=params)
    assert web.headers["content-type"] == "text/csv; charset=utf-8"
    words = ["--from", RANGE["from"], "--to", RANGE["to"], "--by", "region", "--by", "carrier", "--csv"]
    shell = metricloop("query", metric, *words, "--project", str(folder), folder=folder)
    assert shell.code == 0 and web.text == shell.out


def test_json_is_the_same_at_both_doors_and_by_both_ways(ana: Browser, folder: Path) -> None:
    words = ["--from", "2026-03-28", "--to", "2026-04-01", "--where", "region = 'East'", "--json"]
    shell = metricloop("query", "paid_rate", *words, "--project", str(folder), folder=folder)
    got = asked(ana, "paid_rate", where="region = 'East'")
    body = {"where": "region = 'East'", "start": "2026-03-28", "end": "2026-04-01"}
    posted = ana.post("/api/v1/metrics/paid_rate/query", body).json()
    assert shell.data == got == posted
    assert got["rows"][0]["denominator"] > 0


def test_without_a_range_it_is_the_last_fortnight_up_to_the_running_day(ana: Browser) -> None:
    rows = ana.get("/api/v1/metrics/gmv/query").json()["rows"]
    assert len(rows) == 14
    assert rows[-1]["end"] == "2026-04-08T00:00:00+02:00"


def test_the_future_is_not_told(ana: Browser) -> None:
    rows = asked(ana, "gmv", to="2026-12-31")["rows"]
    assert rows[-1]["bucket"] == "2026-04-08T00:00:00+02:00"
    late = ana.get("/api/v1/metrics/gmv/query", params={"from": "2026-04-09"})
    assert (late.status_code, late.json()["code"]) == (422, "invalid_input")


def test_sql_is_shown_and_not_sent(ana: Browser) -> None:
    (sent,) = asked(ana, "gmv", format="sql")
    assert sent["source"] == "shop" and sent["dialect"] == "duckdb" and sent["sql"].startswith("SELECT")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"where": "region = 'a'; DROP TABLE orders"}, 422),
        ({"where": "1 = 1) OR (SELECT 1"}, 422),
        ({"by": "status"}, 422),
        ({"grain": "minute"}, 422),
        ({"from": "yesterday"}, 422),
    ],
)
def test_what_cannot_be_asked_is_a_problem_with_a_fix(ana: Browser, params: dict[str, str], status: int) -> None:
    answer = ana.get("/api/v1/metrics/gmv/query", params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, "invalid_input")
    assert answer.json()["fix"]


def test_an_unknown_metric_is_not_found(ana: Browser) -> None:
    assert ana.get("/api/v1/metrics/gvm/query").status_code == 404


def test_a_team_sees_its_rows_alone_totals_included(world: World) -> None:
    eva = enter(world, "eva")
    total = asked(eva, "buyers")["rows"]
    days = [date(2026, 3, 28) + timedelta(days=at) for at in range(4)]
    assert [row["value"] for row in total] == [on_day("buyers", day, queried.east) for day in days]
    assert {row["slice"]["region"] for row in asked(eva, "gmv", by="region")["rows"]} == {"East"}
    others = asked(eva, "gmv", where="region = 'West' OR region IS NULL")["rows"]
    assert {row["value"] for row in others} == {0.0}
    assert "'East'" in asked(eva, "gmv", format="sql")[0]["sql"]


def test_what_cannot_be_narrowed_is_not_shown(world: World) -> None:
    noa = enter(world, "noa")
    assert noa.get("/api/v1/metrics/gmv/query", params=RANGE).status_code == 200
    refused = noa.get("/api/v1/metrics/visitors/query", params=RANGE)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert noa.get("/api/v1/metrics/visitors/tree").status_code == 403


def test_the_tree_tells_values_and_by_how_much_its_formula_misses(ana: Browser) -> None:
    tree = ana.get("/api/v1/metrics/spend/tree").json()
    assert tree["bucket"] == "2026-04-07T00:00:00+02:00" and tree["compared"] == "2026-03-31T00:00:00+02:00"
    root = tree["root"]
    assert root["drivers"] == "visitors * conversion * order_value"
    assert [node["metric"] for node in root["nodes"]] == ["visitors", "conversion", "order_value"]
    day = date(2026, 4, 7)
    amount = sum(row.amount or 0 for row in queried.ORDERS if local(day) <= row.at < local(day + timedelta(days=1)))
    assert root["value"] == amount
    # Orders without an amount are counted among the orders, but not in the average: the formula says too much.
    assert 0.001 < root["error"] < 0.05 and root["worst"] >= root["error"]
    assert root["nodes"][0]["error"] is None


def test_every_metric_has_its_pages_also_before_anything_was_collected(ana: Browser) -> None:
    rows = ana.get("/api/v1/metrics").json()
    assert {row["name"] for row in rows} >= set(queried.DAILY)
    for row in rows:
        page = ana.get(f"/api/v1/metrics/{row['name']}").json()
        for grain in page["grains"]:
            series = ana.get(f"/api/v1/metrics/{row['name']}/series", params={"grain": grain})
            assert (series.status_code, series.json()["points"]) == (200, [])
            params = {"grain": grain, "dimension": "region"}
            assert ana.get(f"/api/v1/metrics/{row['name']}/slices", params=params).status_code == 200
