"""What the pages read, over the shop's two months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api import shop
from tests.api.world import Browser, World

API = "/api/v1"
Enter = Callable[[str], Browser]


@pytest.fixture
def ann(logged_in: Enter) -> Browser:
    return logged_in("ann")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def series(browser: Browser, query: str = "", metric: str = "paid_rate") -> dict[str, Any]:
    answer = browser.get(f"{API}/metrics/{metric}/series?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_hourly_series_is_that_of_the_last_fourteen_days(ann: Browser) -> None:
    found = series(ann)
    points = found["points"]
    assert (found["grain"], found["timezone"], found["slice"]) == ("hour", "Asia/Shanghai", {})
    assert at(points[0]["t"]) == shop.NOW - timedelta(days=14)
    assert at(points[-1]["end"]) == at(found["data_until"]) == shop.NOW - timedelta(hours=2)
    assert len(points) == 14 * 24 - 2


def test_a_rate_is_the_numerator_by_the_denominator(ann: Browser) -> None:
    for point in series(ann, "slice=city:上海")["points"]:
        assert point["value"] == point["numerator"] / point["denominator"]


def test_a_count_has_no_denominator(ann: Browser) -> None:
    points = series(ann, "grain=day", "orders")["points"]
    assert {point["denominator"] for point in points} == {None}
    assert points[-1]["value"] == points[-1]["numerator"] > 24 * 4 * 55


def test_a_day_is_local_and_whole(ann: Browser) -> None:
    points = series(ann, "grain=day")["points"]
    assert at(points[-1]["t"]) == shop.BAD_FROM
    assert at(points[-1]["end"]) == shop.BAD_UNTIL
    assert len(points) == 31 + 25


def test_the_day_is_the_sum_of_its_hours(ann: Browser) -> None:
    hours = series(ann, f"from={shop.BAD_FROM:%Y-%m-%dT%H:%M:%SZ}&to={shop.BAD_UNTIL:%Y-%m-%dT%H:%M:%SZ}")["points"]
    day = series(ann, "grain=day")["points"][-1]
    assert len(hours) == 24
    assert day["numerator"] == sum(hour["numerator"] for hour in hours)
    assert day["denominator"] == sum(hour["denominator"] for hour in hours)


def test_the_bad_day_lies_outside_its_band_and_the_days_before_within(ann: Browser) -> None:
    points = series(ann, "grain=day&slice=city:上海")["points"]
    *before, bad = [point for point in points if point["lower"] is not None]
    assert bad["anomaly"]
    assert bad["value"] < bad["lower"] < bad["expected"] < bad["upper"]
    assert not any(point["anomaly"] for point in before)
    assert all(point["lower"] <= point["value"] <= point["upper"] for point in before)


def test_before_there_is_a_band_there_is_none_drawn(ann: Browser) -> None:
    first = series(ann, "grain=day")["points"][0]
    assert (first["expected"], first["lower"], first["upper"]) == (None, None, None)
    assert not first["anomaly"]


def test_an_hour_that_was_never_collected_is_absent_not_zero(ann: Browser) -> None:
    points = series(ann, "from=2025-12-30T00:00:00Z&to=2026-01-02T00:00:00Z")["points"]
    assert at(points[0]["t"]) == shop.HISTORY_FROM


def test_incidents_and_labels_are_spans_behind_the_chart(ann: Browser) -> None:
    ann.post(f"{API}/incidents/1/labels", {"verdict": "true"})
    spans = series(ann, "grain=day&slice=city:上海")["spans"]
    assert [(span["kind"], span["text"]) for span in spans] == [("incident", "1"), ("label", "true")]
    assert at(spans[0]["start"]) == shop.BAD_FROM


def test_a_range_may_hold_5000_points_and_no_more(ann: Browser) -> None:
    end = shop.NOW.astimezone(UTC)
    for hours, status in ((5000, 200), (5001, 422)):
        start = end - timedelta(hours=hours)
        query = f"from={start:%Y-%m-%dT%H:%M:%SZ}&to={end:%Y-%m-%dT%H:%M:%SZ}"
        assert ann.get(f"{API}/metrics/paid_rate/series?{query}").status_code == status


def test_the_worst_slice_comes_first(ann: Browser) -> None:
    rows = ann.get(f"{API}/metrics/paid_rate/slices?dimension=city&grain=day").json()
    assert rows[0]["slice"] == {"city": "上海"}
    assert (rows[0]["anomaly"], rows[0]["better"]) == (True, False)
    assert rows[0]["difference"] == pytest.approx(rows[0]["value"] - rows[0]["expected"])
    assert len(rows) == 4
    assert not any(row["anomaly"] for row in rows[1:])


def test_the_metrics_list_has_the_newest_value_of_the_total(ann: Browser) -> None:
    first, second = ann.get(f"{API}/metrics").json()
    assert (first["name"], first["level"], second["name"]) == ("paid_rate", "L1", "orders")
    assert at(first["at"]) == shop.BAD_FROM
    assert first["value"] < first["expected"]
    assert first["incidents_open"] == 1
    assert second["expected"] is None, "nobody watches the orders, so nothing is expected of them"


def test_a_metric_says_what_it_is(ann: Browser) -> None:
    page = ann.get(f"{API}/metrics/paid_rate").json()
    assert page["formula"]["en"] == "count(*) FILTER (WHERE status = 'paid') / count(*)"
    assert page["dimensions"] == ["city"]
    assert (page["grains"], page["lateness_s"]) == (["hour", "day"], 7200)
    assert "numerator: paid" in page["definition"]
    assert [monitor["name"] for monitor in page["monitors"]] == ["paid_daily"]
    assert page["versions"][0]["origin"] == "file"


def test_a_monitor_counts_its_incidents_and_false_alarms(ann: Browser) -> None:
    ann.post(f"{API}/incidents/1/labels", {"verdict": "false_alarm"})
    [row] = ann.get(f"{API}/monitors").json()
    assert (row["incidents_total"], row["false_alarms"]) == (1, 1)


def test_the_incidents_page_explains_the_change_to_the_last_bit(ann: Browser) -> None:
    found = ann.get(f"{API}/incidents/1").json()["attribution"]
    assert found["root_causes"][0]["slice"] == {"city": "上海"}
    assert sum(part["value"] for part in found["contributions"]) == pytest.approx(found["total"], abs=1e-12)
    assert sum(part["value"] for part in found["by_dimension"]["city"]) == pytest.approx(found["total"], abs=1e-12)
    assert found["actual"] - found["expected"] == pytest.approx(found["total"], abs=1e-12)


def test_incidents_are_found_by_state_owner_and_words(ann: Browser) -> None:
    def total(query: str) -> int:
        count: int = ann.get(f"{API}/incidents?{query}").json()["total"]
        return count

    assert total("") == total("state=all") == total("state=open") == total("state=open,closed") == 1
    assert total("state=closed") == 0
    assert (total("owner=me"), total("owner=ann"), total("owner=li_hua")) == (1, 1, 0)
    assert (total("metric=paid_rate"), total("metric=orders")) == (1, 0)
    assert (total("q=支付率"), total("q=PAID rate"), total("q=上海"), total("q=s2 ann")) == (1, 1, 1, 1)
    assert (total("q=北京"), total("q=上海 北京")) == (0, 0)


def test_an_incident_on_the_total_is_found_by_its_root_cause(ann: Browser) -> None:
    row = ann.get(f"{API}/incidents?q=city=上海").json()["items"][0]
    assert row["slice"] == {}


def test_messages_name_people_steps_and_playbooks_in_words(ann: Browser) -> None:
    page = ann.get(f"{API}/incidents/1").json()
    told = {line["message"]["code"]: line["message"]["params"] for line in page["timeline"]}
    assert told["timeline.assigned"]["person"] == "Ann"
    assert told["timeline.run_started"]["playbook"] == {"zh": "支付异常", "en": "Unpaid orders"}
    assert told["timeline.step_done"]["title"] == {"en": "Look"}
    assert page["run"]["why"]["params"]["title"] == {"zh": "决定", "en": "Decide"}


def test_a_page_beyond_the_end_is_empty_and_still_counts(ann: Browser) -> None:
    assert ann.get(f"{API}/incidents?offset=50").json() == {"items": [], "total": 1}


def test_an_incident_over_its_target_is_stuck_and_says_for_what_it_waits(ann: Browser) -> None:
    row = ann.get(f"{API}/incidents").json()["items"][0]
    assert row["next"] == {
        "code": "next.acknowledge",
        "params": {"person": "Ann", "due_at": row["next"]["params"]["due_at"]},
    }
    assert row["target_s"] == 1800
    assert row["age_s"] > row["target_s"]
    assert row["stuck"]


def test_each_waiting_incident_stands_at_one_station(world: World, ann: Browser) -> None:
    def standing() -> dict[str, int]:
        stations = ann.get(f"{API}/loop").json()["stations"]
        return {row["station"]: row["count"] for row in stations if row["station"] not in ("collect", "detect")}

    assert standing() == {"attribute": 0, "assign": 1, "act": 0, "verify": 0, "review": 0, "tune": 0}
    ann.post(f"{API}/incidents/1/acknowledge")
    assert standing()["act"] == 1
    ann.post(f"{API}/incidents/1/resolve")
    assert standing()["verify"] == 1
    world.run(timedelta(days=3))
    assert standing() == {"attribute": 0, "assign": 0, "act": 0, "verify": 0, "review": 1, "tune": 0}


def test_the_overview_names_what_is_stuck_and_what_is_off_its_path(ann: Browser) -> None:
    page = ann.get(f"{API}/loop").json()
    assert [row["station"] for row in page["stations"]] == [
        "collect", "detect", "attribute", "assign", "act", "verify", "review", "tune",
    ]  # fmt: skip
    [stuck] = page["stuck"]
    assert (stuck["station"], stuck["subject_id"], stuck["owner"]["id"]) == ("assign", "1", "ann")
    assert {tuple(row["slice"].values()) for row in page["off_path"]} == {(), ("上海",)}
    assert all(row["better"] is False and row["incident_id"] == 1 for row in page["off_path"])
    assert (page["incidents_open"], page["opened_24h"], page["metrics_total"]) == (1, 1, 2)
    assert [task["kind"] for task in page["my_tasks"]] == ["task"]


def test_health_is_unknown_before_anything_was_measured(ann: Browser) -> None:
    health = {row["code"]: row for row in ann.get(f"{API}/loop").json()["health"]}
    assert health["time_to_acknowledge"]["value"] is None
    assert health["false_alarm_share"]["value"] is None
    assert health["time_to_detect"]["value"] == 26 * 3600, "a day, and two hours until its last rows are there"
    assert health["time_to_detect"]["previous"] is None


def test_health_measures_what_people_did(world: World, ann: Browser) -> None:
    ann.post(f"{API}/incidents/1/acknowledge")
    health = {row["code"]: row for row in ann.get(f"{API}/loop").json()["health"]}
    assert health["time_to_acknowledge"]["value"] == 7 * 3600
    assert health["time_to_first_action"]["value"] == 7 * 3600


def test_a_source_that_stands_still_is_late_and_stuck(world: World, ann: Browser) -> None:
    assert ann.get(f"{API}/sources").json()[0]["state"] == "on_time"
    world.clock.reach(world.clock.now() + timedelta(hours=6))
    assert ann.get(f"{API}/sources").json()[0]["state"] == "late"
    page = ann.get(f"{API}/loop").json()
    collect = page["stations"][0]
    assert (collect["count"], collect["of"], collect["stuck"]) == (0, 1, 1)
    assert "source" in {row["subject_kind"] for row in page["stuck"]}


def test_people_show_what_they_answer_for(ann: Browser) -> None:
    rows = {row["id"]: row for row in ann.get(f"{API}/people").json()}
    assert rows["ann"]["owns"] == [{"city": "上海"}]
    assert rows["ann"]["open_incidents"] == 1
    [team] = ann.get(f"{API}/teams").json()
    assert team["members"] == ["ann", "li_hua"]


def test_notifications_show_each_attempt(ann: Browser) -> None:
    rows = ann.get(f"{API}/notifications?incident=1").json()
    assert {row["person"]["id"] for row in rows} == {"ann", "li_hua"}
    assert all(row["attempts"][0]["provider_code"] == "ok" for row in rows)
    assert {row["person"]["id"] for row in ann.get(f"{API}/notifications?person=me").json()} == {"ann"}


def test_no_answer_holds_a_number_that_json_cannot_say(ann: Browser) -> None:
    paths = ("loop", "metrics", "metrics/paid_rate/slices?dimension=city", "metrics/paid_rate/series", "incidents/1")
    for path in paths:
        text = ann.get(f"{API}/{path}").text
        assert "NaN" not in text
        assert "Infinity" not in text
