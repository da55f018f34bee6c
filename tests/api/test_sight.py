"""Whose numbers: a person of a team with grants sees its rows, totals included, and nobody gets others' by any way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from metricloop.kernel.slices import Slice
from tests.api import shop
from tests.api.world import PASSWORD, Browser, World

API = "/api/v1"
Enter = Callable[[str], Browser]
DAY = "grain=day"


def publish(browser: Browser, *edits: dict[str, Any]) -> None:
    answer = browser.post(f"{API}/definitions/publish", {"edits": list(edits)})
    assert answer.status_code == 200, answer.text


def changed(browser: Browser, kind: str, name: str, **parts: Any) -> dict[str, Any]:
    found = browser.get(f"{API}/definitions/{kind}/{name}").json()
    return {"kind": kind, "body": {**found["body"], **parts}, "parent": found["hash"]}


def team(name: str, *cities: str) -> dict[str, Any]:
    return {"kind": "team", "body": {"name": name, "grants": [{"where": {"city": list(cities)}}]}}


@pytest.fixture
def stu(logged_in: Enter) -> Browser:
    return logged_in("stu")


@pytest.fixture
def north(stu: Browser, logged_in: Enter) -> Browser:
    """Vera, who is of a team that sees Beijing alone."""
    publish(stu, team("north", "北京"), changed(stu, "person", "vera", teams=["north"]))
    return logged_in("vera")


def values(browser: Browser, query: str) -> list[float]:
    answer = browser.get(f"{API}/metrics/paid_rate/series?{query}")
    assert answer.status_code == 200, answer.text
    return [point["value"] for point in answer.json()["points"]]


def test_their_total_is_that_of_their_rows(north: Browser, stu: Browser) -> None:
    mine = values(north, DAY)
    assert mine == values(stu, f"{DAY}&slice=city:北京")
    assert mine != values(stu, DAY)
    rows = {row["name"]: row for row in north.get(f"{API}/metrics").json()}
    assert rows["paid_rate"]["access"] == "rows"
    assert rows["paid_rate"]["value"] == mine[-1]


def test_with_several_values_it_is_their_sum_and_has_no_band(stu: Browser, logged_in: Enter) -> None:
    publish(stu, team("two", "北京", "广州"), changed(stu, "person", "vera", teams=["two"]))
    points = logged_in("vera").get(f"{API}/metrics/orders/series?{DAY}").json()["points"]
    parts = [
        stu.get(f"{API}/metrics/orders/series?{DAY}&slice=city:{city}").json()["points"] for city in ("北京", "广州")
    ]
    assert [p["value"] for p in points] == [a["value"] + b["value"] for a, b in zip(*parts, strict=True)]
    assert {point["expected"] for point in points} == {None}


def test_others_rows_are_refused(north: Browser) -> None:
    for path in ("series?grain=day&slice=city:上海", "series?slice=city:上海"):
        answer = north.get(f"{API}/metrics/paid_rate/{path}")
        assert answer.status_code == 403, answer.text
        assert "北京" in answer.json()["fix"]
    found = north.get(f"{API}/metrics/paid_rate/slices?dimension=city&grain=day").json()
    assert [row["slice"] for row in found] == [{"city": "北京"}]


def test_a_metric_page_says_to_what_one_is_narrowed(north: Browser) -> None:
    page = north.get(f"{API}/metrics/paid_rate").json()
    assert (page["access"], page["rows"]) == ("rows", [{"city": ["北京"]}])


def test_incidents_of_others_rows_are_not_there(north: Browser) -> None:
    assert north.get(f"{API}/incidents?state=all").json() == {"items": [], "total": 0}
    assert north.get(f"{API}/incidents?state=all&q=上海").json()["total"] == 0
    for path in ("incidents/1", "incidents/1/label-preview?verdict=true", "incidents/1/review"):
        assert north.get(f"{API}/{path}").status_code == 404, path
    assert north.get(f"{API}/tasks").json() == []
    assert north.get(f"{API}/runs").json() == []
    assert north.get(f"{API}/notifications").json() == []
    loop = north.get(f"{API}/loop").json()
    assert (loop["incidents_open"], loop["off_path"], loop["stuck"], loop["my_tasks"]) == (0, [], [], [])
    assert [row["incidents_open"] for row in north.get(f"{API}/metrics").json()] == [0, 0]
    assert {row["incidents_total"] for row in north.get(f"{API}/monitors").json()} == {0}


def test_nothing_is_done_about_what_is_not_seen(stu: Browser, logged_in: Enter) -> None:
    responder = changed(stu, "person", "vera", teams=["north"], roles=["responder", "owner"])
    publish(stu, team("north", "北京"), responder)
    vera = logged_in("vera")
    run = stu.get(f"{API}/runs").json()[0]["id"]
    task = stu.get(f"{API}/tasks").json()[0]["id"]
    for what in ("acknowledge", "take", "resolve", "comment", "close"):
        assert vera.post(f"{API}/incidents/1/{what}", {"note": "x"}).status_code == 404, what
    assert vera.post(f"{API}/incidents/1/labels", {"verdict": "true"}).status_code == 404
    assert vera.post(f"{API}/runs/{run}/control", {"action": "pause"}).status_code == 404
    assert vera.post(f"{API}/tasks/{task}/complete", {"answer": {"decision": "leave"}}).status_code == 404
    assert stu.get(f"{API}/incidents/1").json()["state"] == "open"


def test_an_incident_of_the_total_is_not_theirs(stu: Browser, logged_in: Enter) -> None:
    publish(stu, team("harbour", "上海"), changed(stu, "person", "vera", teams=["harbour"]))
    assert stu.get(f"{API}/incidents/1").json()["slice"] == {}
    assert logged_in("vera").get(f"{API}/incidents/1").status_code == 404, "its impact is that of all rows"


def test_an_incident_of_their_rows_is_shown_without_what_others_did(
    stu: Browser, logged_in: Enter, world: World
) -> None:
    with world.store.unit() as unit:
        found = unit.incidents.get(1)
        assert found is not None
        unit.incidents.save(replace(found, slice=Slice.of({"city": "上海"})))
    publish(stu, team("harbour", "上海"), changed(stu, "person", "vera", teams=["harbour"]))
    vera = logged_in("vera")
    (row,) = vera.get(f"{API}/incidents").json()["items"]
    assert row["headline"] == {
        "code": "headline.within_rows", "params": {"metric": "paid_rate", "slice": {"city": "上海"}},
    }  # fmt: skip
    assert row["root_causes"] == []
    page = vera.get(f"{API}/incidents/1").json()
    assert page["attribution"] is None and page["review"] is None
    assert not [entry for entry in page["timeline"] if entry["kind"] == "attribute"]
    whole = stu.get(f"{API}/incidents/1").json()
    assert whole["attribution"] is not None


def test_who_has_the_incident_sees_it_whole(stu: Browser, logged_in: Enter) -> None:
    publish(stu, team("north", "北京"), changed(stu, "person", "ann", teams=["north"]))
    page = logged_in("ann").get(f"{API}/incidents/1").json()
    assert page["owner"]["id"] == "ann"
    assert page["attribution"] is not None


def test_who_has_the_incident_sees_its_chart_and_no_other(stu: Browser, logged_in: Enter) -> None:
    whole = values(stu, DAY)
    publish(stu, team("north", "北京"), changed(stu, "person", "ann", teams=["north"]))
    ann = logged_in("ann")
    assert values(ann, DAY) == whole, "the incident is about the total"
    assert ann.get(f"{API}/metrics/paid_rate/series?{DAY}&slice=city:广州").status_code == 403
    assert ann.get(f"{API}/metrics/orders/series?{DAY}&slice=city:广州").status_code == 403


def test_a_closed_metric_shows_what_it_is_and_no_number(stu: Browser, logged_in: Enter) -> None:
    governance = stu.get(f"{API}/definitions/metric/paid_rate").json()["body"]["governance"]
    publish(stu, changed(stu, "metric", "paid_rate", governance={**governance, "access": ["payments"]}))
    vera = logged_in("vera")
    page = vera.get(f"{API}/metrics/paid_rate").json()
    assert (page["access"], page["value"], page["spark"], page["teams"]) == ("none", None, [], ["payments"])
    assert page["words"] and page["definition"]
    refused = vera.get(f"{API}/metrics/paid_rate/series")
    assert refused.status_code == 403
    assert "李华" in refused.json()["fix"] and "payments" in refused.json()["fix"]
    assert vera.get(f"{API}/metrics/paid_rate/slices?dimension=city").status_code == 403
    assert vera.get(f"{API}/incidents?state=all").json()["total"] == 0
    assert logged_in("ann").get(f"{API}/metrics/paid_rate").json()["access"] == "all"


def test_no_role_sees_past_it_but_who_may_publish_may_change_it(stu: Browser, logged_in: Enter) -> None:
    governance = stu.get(f"{API}/definitions/metric/paid_rate").json()["body"]["governance"]
    publish(stu, changed(stu, "metric", "paid_rate", governance={**governance, "access": ["payments"]}))
    for person in ("stu", "ada", "otto"):
        assert logged_in(person).get(f"{API}/metrics/paid_rate/series").status_code == 403, person
    publish(stu, changed(stu, "metric", "paid_rate", governance=governance))
    assert stu.get(f"{API}/metrics/paid_rate/series").status_code == 200


def test_the_audit_trail_tells_no_words_about_what_is_not_shown(stu: Browser, logged_in: Enter) -> None:
    logged_in("ann").post(f"{API}/incidents/1/labels", {"verdict": "true"})
    publish(stu, team("north", "北京"), changed(stu, "person", "otto", teams=["north"]))
    lines = logged_in("otto").get(f"{API}/audit?limit=200").json()
    about = [line for line in lines if line["subject_kind"] in ("incident", "label", "run", "task")]
    assert about and all(line["before"] is None and line["after"] is None for line in about)
    assert all(line["hash"] for line in lines), "that it happened stays"


def test_a_token_sees_what_its_person_sees(north: Browser, world: World, visitor: Browser) -> None:
    secret = north.post(f"{API}/tokens", {"name": "script", "roles": ["viewer"]}).json()["secret"]
    visitor.headers["Authorization"] = f"Bearer {secret}"
    assert values(visitor, DAY) == values(north, DAY)
    assert visitor.get(f"{API}/metrics/paid_rate/series?slice=city:上海").status_code == 403


def test_a_query_is_narrowed_and_so_is_its_export(north: Browser) -> None:
    start, end = f"{shop.BAD_FROM:%Y-%m-%dT%H:%M:%SZ}", f"{shop.BAD_UNTIL:%Y-%m-%dT%H:%M:%SZ}"
    query = f"{API}/metrics/paid_rate/query?from={start}&to={end}&grain=day&format=sql"
    answer = north.get(query)
    assert answer.status_code == 200, answer.text
    assert "北京" in answer.text, "the rows stand in what is sent to the source"


def test_the_password_alone_opens_nothing_more(north: Browser) -> None:
    assert north.log_in("vera", PASSWORD).status_code == 200
    assert north.get(f"{API}/metrics/paid_rate").json()["access"] == "rows"
