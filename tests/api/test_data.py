"""Incidents about data by HTTP: shown, accepted by who may, and the past as it was known then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from metricloop.kernel.events import Event
from metricloop.kernel.message import Message, Param
from tests.api import shop
from tests.api.world import Browser, World

Enter = Callable[[str], Browser]
SAID: dict[str, Param] = {"dataset": "orders", "newest_at": shop.NOW.isoformat(), "rows": 0, "missed": 120}
REASON = {"note": "The shop is closed today."}


@pytest.fixture
def held(world: World) -> int:
    """The dataset is held, and told so; the number of its incident."""
    with world.store.unit() as unit:
        state = unit.collections.get("orders")
        assert state is not None
        finding = Message("quality.silence", SAID)
        unit.collections.put(replace(state, held=finding, held_since=shop.NOW, last_run_at=shop.NOW))
        unit.events.tell(Event("data.held:test", "data.held", "orders", shop.NOW))
    world.pump()
    with world.store.unit(write=False) as unit:
        found, _ = unit.incidents.find(limit=1)
    return found[0].number


def test_an_incident_about_data_names_its_dataset_and_what_cannot_be_judged(held: int, logged_in: Enter) -> None:
    page = logged_in("li_hua").get(f"/api/v1/incidents/{held}").json()
    assert (page["kind"], page["dataset"], page["metric"]) == ("data", "orders", "")
    assert page["headline"] == {"code": "quality.silence", "params": SAID}
    assert page["metrics"] == ["orders", "paid_rate"]
    assert page["owner"]["id"] == "li_hua"
    assert page["state"] == "open"
    assert {line["message"]["code"] for line in page["timeline"]} >= {"quality.silence", "timeline.data_opened"}
    listed = logged_in("li_hua").get("/api/v1/incidents").json()["items"]
    assert {row["kind"] for row in listed} == {"business", "data"}


def test_only_who_answers_for_the_data_or_an_administrator_takes_them_as_they_are(held: int, logged_in: Enter) -> None:
    address = f"/api/v1/incidents/{held}/accept"
    assert "accept" not in logged_in("ann").get(f"/api/v1/incidents/{held}").json()["actions"]
    refused = logged_in("ann").post(address, REASON)
    assert (refused.status_code, "owner" in refused.json()["fix"]) == (403, True)
    for person in ("li_hua", "ada"):
        assert "accept" in logged_in(person).get(f"/api/v1/incidents/{held}").json()["actions"]


def test_taking_the_data_as_they_are_needs_a_reason_and_ends_the_incident(
    world: World, held: int, logged_in: Enter
) -> None:
    owner = logged_in("li_hua")
    assert owner.post(f"/api/v1/incidents/{held}/accept", {"note": " "}).status_code == 422
    done = owner.post(f"/api/v1/incidents/{held}/accept", REASON).json()
    assert (done["state"], "accept" in done["actions"]) == ("verified", False)
    with world.store.unit(write=False) as unit:
        state = unit.collections.get("orders")
        assert state is not None
        assert (state.held, state.accepted) == (None, ("quality.silence",))
    assert owner.post(f"/api/v1/incidents/{held}/accept", REASON).status_code in (403, 409)


def test_an_incident_about_data_takes_no_label_and_a_business_one_is_not_accepted(held: int, logged_in: Enter) -> None:
    owner = logged_in("li_hua")
    assert owner.post(f"/api/v1/incidents/{held}/labels", {"verdict": "true", "note": ""}).status_code == 409
    assert owner.post("/api/v1/incidents/1/accept", REASON).status_code == 409


def test_a_held_source_says_what_holds_it(held: int, logged_in: Enter) -> None:
    page = logged_in("li_hua").get("/api/v1/sources/warehouse").json()
    assert page["state"] == "held"
    assert page["dataset_rows"][0]["held"]["code"] == "quality.silence"


def test_a_source_says_that_its_history_could_not_be_compared(world: World, logged_in: Enter) -> None:
    failure = Message("reconcile.failed", {"problem": "refused", "fix": "", "source": "warehouse", "where": ""})
    with world.store.unit() as unit:
        state = unit.collections.get("orders")
        assert state is not None
        unit.collections.put(replace(state, reconcile_failed_at=shop.NOW, reconcile_failure=failure))
    (row,) = logged_in("li_hua").get("/api/v1/sources/warehouse").json()["dataset_rows"]
    assert [note["code"] for note in row["notes"]] == ["reconcile.failed"]


def test_the_past_is_shown_as_it_was_known_then(world: World, logged_in: Enter) -> None:
    hour, later = shop.BAD_FROM, shop.NOW + timedelta(hours=1)
    with world.store.unit() as unit:
        panel = unit.points.read("paid_rate", hour, hour + timedelta(hours=1))
        unit.points.put("paid_rate", replace(panel, numerator=panel.numerator * 0 + 7, collected_at=(later,)))
    browser = logged_in("li_hua")

    def numerator(**words: str) -> float:
        span = {"from": hour.isoformat(), "to": (hour + timedelta(hours=1)).isoformat(), "grain": "hour"}
        answer = browser.get("/api/v1/metrics/paid_rate/series", params={**span, **words}).json()
        return float(answer["points"][0]["value"])

    with world.store.unit(write=False) as unit:
        was = unit.points.read("paid_rate", hour, hour + timedelta(hours=1), known_at=shop.NOW)
    assert numerator(known_at=shop.NOW.isoformat()) == pytest.approx(float(was.values()[0, 0]))
    assert numerator() != numerator(known_at=shop.NOW.isoformat())
