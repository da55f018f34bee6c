"""Definitions over HTTP: checked, planned, published, and read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.api.world import Browser, World

API = "/api/v1"
Enter = Callable[[str], Browser]


@pytest.fixture
def owner(logged_in: Enter) -> Browser:
    return logged_in("li_hua")


@pytest.fixture
def steward(logged_in: Enter) -> Browser:
    return logged_in("stu")


def read(browser: Browser, kind: str, name: str) -> dict[str, Any]:
    answer = browser.get(f"{API}/definitions/{kind}/{name}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def edit(browser: Browser, kind: str, name: str, **changes: Any) -> dict[str, Any]:
    found = read(browser, kind, name)
    return {"kind": kind, "body": {**found["body"], **changes}, "parent": found["hash"]}


def send(browser: Browser, what: str, *edits: dict[str, Any]) -> Any:
    return browser.post(f"{API}/definitions/{what}", {"edits": list(edits)})


def test_a_definition_is_its_body_and_the_same_as_yaml(owner: Browser) -> None:
    found = read(owner, "metric", "paid_rate")
    assert found["body"]["numerator"] == "paid"
    assert "numerator: paid\n" in found["yaml"]
    assert (found["version"], found["origin"], found["may_publish"]) == (1, "file", True)
    assert [person["id"] for person in found["publishers"]] == ["li_hua", "stu", "ada"]


def test_unknown_ones_are_not_found(owner: Browser) -> None:
    assert owner.get(f"{API}/definitions/metric/gone").status_code == 404
    assert owner.get(f"{API}/definitions/wish/gone").status_code == 422


def test_the_yaml_of_every_definition_says_what_its_body_says(owner: Browser) -> None:
    rows = owner.get(f"{API}/definitions").json()
    assert {row["kind"] for row in rows} >= {"metric", "monitor", "person", "assignment", "project"}
    edits = [{"kind": r["kind"], "yaml": read(owner, r["kind"], r["name"])["yaml"], "parent": r["hash"]} for r in rows]
    answer = send(owner, "plan", *edits).json()
    assert answer == {"issues": [], "changes": []}


def test_checking_tells_the_path_of_every_issue(owner: Browser) -> None:
    found = read(owner, "metric", "paid_rate")
    body = {**found["body"], "numerator": "payed", "governance": {**found["body"]["governance"], "owner": "nobody"}}
    del body["governance"]["unit"]
    one = send(owner, "check", {"kind": "metric", "body": body, "parent": found["hash"]}).json()["issues"]
    assert [(i["kind"], i["name"], i["path"]) for i in one] == [("metric", "paid_rate", "governance.unit")]
    body["governance"]["unit"] = "ratio"
    two = send(owner, "check", {"kind": "metric", "body": body}).json()["issues"]
    assert {i["path"] for i in two} == {"numerator", "governance.owner"}
    assert any("did you mean paid" in i["fix"] for i in two)


def test_checking_yaml_tells_the_line_too(owner: Browser) -> None:
    yaml = read(owner, "monitor", "paid_daily")["yaml"].replace("severity: S2", "severity: S9")
    (issue,) = send(owner, "check", {"kind": "monitor", "yaml": yaml}).json()["issues"]
    line = yaml.splitlines().index("severity: S9") + 1
    assert (issue["path"], issue["line"]) == ("severity", line)
    (broken,) = send(owner, "check", {"kind": "monitor", "yaml": "name: x\n\tmetric: y\n"}).json()["issues"]
    assert broken["line"] == 2 and "tab" in broken["problem"]


def test_what_an_edit_breaks_elsewhere_is_an_issue_there(steward: Browser) -> None:
    gone = {
        "kind": "metric",
        "name": "paid_rate",
        "parent": read(steward, "metric", "paid_rate")["hash"],
        "remove": True,
    }
    issues = send(steward, "check", gone).json()["issues"]
    assert {(issue["kind"], issue["name"]) for issue in issues} == {("monitor", "paid_daily"), ("playbook", "unpaid")}


def test_options_that_only_the_detector_knows_are_checked(owner: Browser) -> None:
    wrong = edit(owner, "monitor", "paid_daily", options={"budget": 0.002, "bugdet": 1})
    (issue,) = send(owner, "check", wrong).json()["issues"]
    assert issue["path"] == "options.bugdet"


def test_a_plan_says_what_it_means_and_changes_nothing(owner: Browser) -> None:
    body = edit(owner, "metric", "paid_rate", numerator="orders", denominator="paid")
    (change,) = send(owner, "plan", body).json()["changes"]
    assert {said["params"]["part"] for said in change["says"]} == {"numerator", "denominator"}
    codes = [said["code"] for said in change["means"]]
    assert codes == [
        "plan.history_recomputed", "plan.monitors_relearn", "plan.incidents_pinned", "plan.used_by_playbooks",
    ]  # fmt: skip
    assert change["means"][2]["params"] == {"incidents": ["1"]}
    assert change["refused"] is None and change["moved"] is None
    assert read(owner, "metric", "paid_rate")["version"] == 1


def test_a_plan_says_who_may(logged_in: Enter) -> None:
    ann = logged_in("ann")
    (change,) = send(ann, "plan", edit(ann, "metric", "paid_rate", description="x")).json()["changes"]
    assert change["refused"]["code"] == "publish.not_yours"
    assert [person["id"] for person in change["publishers"]] == ["li_hua", "stu", "ada"]


def test_the_owner_publishes_and_the_version_names_them(owner: Browser) -> None:
    answer = send(owner, "publish", edit(owner, "metric", "paid_rate", description={"en": "Share paid"}))
    assert answer.status_code == 200, answer.text
    found = read(owner, "metric", "paid_rate")
    assert (found["version"], found["origin"], found["by"]["person"]["id"]) == (2, "ui", "li_hua")
    assert answer.json()["published"][0]["hash"] == found["hash"]
    versions = owner.get(f"{API}/metrics/paid_rate/versions").json()
    assert [v["version"] for v in versions] == [2, 1]
    assert [d["path"] for d in versions[0]["differences"]] == ["description"]
    assert versions[0]["says"][0]["code"] == "plan.part_added"


def test_who_may_not_is_refused_and_told_who_may(owner: Browser) -> None:
    answer = send(owner, "publish", edit(owner, "assignment", "assignment", resolve_within="2d"))
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_permitted" and "Stu" in answer.json()["fix"]
    assert read(owner, "assignment", "assignment")["version"] == 1


def test_what_somebody_else_published_meanwhile_is_shown(owner: Browser, steward: Browser) -> None:
    mine = edit(owner, "metric", "paid_rate", description={"en": "Mine"})
    assert send(steward, "publish", edit(steward, "metric", "paid_rate", label={"en": "Theirs"})).status_code == 200
    answer = send(owner, "publish", mine)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "Theirs" in str(answer.json()["issues"])
    moved = send(owner, "plan", mine).json()["changes"][0]["moved"]
    assert (moved["version"], moved["by"]["person"]["id"]) == (2, "stu")
    assert "label.en" in {each["path"] for each in moved["differences"]}


def test_a_new_definition_has_no_parent(steward: Browser) -> None:
    body = {"name": "orders_daily", "metric": "orders", "grain": "day"}
    assert send(steward, "publish", {"kind": "monitor", "body": body}).status_code == 200
    assert send(steward, "publish", {"kind": "monitor", "body": {**body, "severity": "S1"}}).status_code == 409
    assert steward.get(f"{API}/monitors/orders_daily").json()["severity"] == "S3"


def test_all_or_nothing(steward: Browser) -> None:
    good = edit(steward, "metric", "paid_rate", description={"en": "New"})
    bad = edit(steward, "metric", "orders", measure="gone")
    answer = send(steward, "publish", good, bad)
    assert answer.status_code == 422
    assert [issue["where"] for issue in answer.json()["issues"]] == ["metric orders, measure"]
    assert read(steward, "metric", "paid_rate")["version"] == 1


def test_a_definition_ends_on_a_page_too(steward: Browser) -> None:
    parent = read(steward, "metric", "orders")["hash"]
    answer = send(steward, "publish", {"kind": "metric", "name": "orders", "parent": parent, "remove": True})
    assert answer.json()["published"] == [{"kind": "metric", "name": "orders", "version": None, "hash": None}]
    assert [row["name"] for row in steward.get(f"{API}/metrics").json()] == ["paid_rate"]


def test_another_formula_has_another_history_at_once(steward: Browser, world: World) -> None:
    query = f"{API}/metrics/paid_rate/series?grain=day"
    before = steward.get(query).json()["points"]
    body = edit(steward, "metric", "paid_rate", numerator="orders", denominator="paid")
    assert send(steward, "publish", body).status_code == 200
    assert steward.get(f"{API}/metrics/paid_rate").json()["rereading"] is True
    world.run(timedelta(0))
    assert steward.get(f"{API}/metrics/paid_rate").json()["rereading"] is False
    after = steward.get(query).json()["points"]
    assert [point["t"] for point in after] == [point["t"] for point in before]
    assert [point["numerator"] for point in after] == [point["denominator"] for point in before]
    timeline = steward.get(f"{API}/incidents/1").json()["timeline"]
    assert "timeline.redefined" in [entry["message"]["code"] for entry in timeline]


def test_it_all_stands_in_the_audit_trail(owner: Browser, logged_in: Enter) -> None:
    send(owner, "publish", edit(owner, "metric", "paid_rate", description={"en": "New"}))
    first = logged_in("otto").get(f"{API}/audit?limit=5").json()
    assert ("li_hua", "definition.changed", "paid_rate") in {(r["actor"], r["action"], r["subject_id"]) for r in first}


def test_what_is_no_definition_is_said_so(steward: Browser) -> None:
    for given in (
        {"kind": "metric"},
        {"kind": "metric", "body": {"type": "simple"}},
        {"kind": "metric", "yaml": "- a"},
    ):
        (issue,) = send(steward, "check", given).json()["issues"]
        assert issue["fix"]
        assert send(steward, "publish", given).status_code == 422
    assert send(steward, "check").status_code == 422


def test_the_lineage_has_labels_and_arrows(owner: Browser) -> None:
    page = owner.get(f"{API}/metrics/paid_rate/lineage").json()
    by_id = {node["id"]: node for node in page["nodes"]}
    assert by_id["metric paid_rate"]["label"]["zh"] == "支付率"
    assert {"start": "metric paid_rate", "end": "monitor paid_daily", "relation": "watched"} in page["edges"]


def test_the_catalogue_finds_and_filters(steward: Browser) -> None:
    def names(query: str) -> list[str]:
        return [row["name"] for row in steward.get(f"{API}/metrics?{query}").json()]

    governed = read(steward, "metric", "orders")["body"]["governance"]
    change = edit(
        steward, "metric", "orders", governance={**governed, "synonyms": {"zh": ["单量"]}, "status": "certified"}
    )
    assert send(steward, "publish", change).status_code == 200
    assert names("q=单量") == names("status=certified") == names("level=L2") == ["orders"]
    assert names("q=PAID") == ["paid_rate"]
    assert set(names("team=payments")) == set(names("owner=li_hua")) == {"orders", "paid_rate"}
    assert names("q=nothing of that") == []


def test_a_metric_page_has_its_definition_in_words(owner: Browser) -> None:
    page = owner.get(f"{API}/metrics/paid_rate").json()
    assert page["words"][0]["code"] == "definition.ratio"
    assert [part["measure"] for part in page["parts"]] == ["paid", "orders"]
    assert page["hash"] == read(owner, "metric", "paid_rate")["hash"]
    assert (page["source"], page["may_publish"], page["access"]) == ("warehouse", True, "all")


def test_a_source_tells_its_health_tables_and_columns(owner: Browser, steward: Browser, world: World) -> None:
    page = owner.get(f"{API}/sources/warehouse").json()
    assert (page["state"], page["dataset_rows"][0]["metrics"]) == ("on_time", ["orders", "paid_rate"])
    assert "plugin: postgres" in page["definition"]
    assert owner.get(f"{API}/sources/warehouse/tables").json()["tables"] == ["public.cities", "public.orders"]
    columns = owner.get(f"{API}/sources/warehouse/columns?table=public.orders").json()["columns"]
    assert {"name": "city", "type": "text"} in columns
    assert owner.get(f"{API}/sources/warehouse/columns?table=gone").status_code == 502
    assert owner.get(f"{API}/sources/gone").status_code == 404


def test_only_a_steward_tries_sources_out(owner: Browser, steward: Browser) -> None:
    body = {"plugin": "postgres", "options": {"host": "db"}}
    assert owner.post(f"{API}/sources/test", body).status_code == 403
    assert steward.post(f"{API}/sources/test", body).json()["ok"] is True
    failed = steward.post(f"{API}/sources/test", {"plugin": "postgres", "options": {"host": "nowhere"}}).json()
    assert (failed["ok"], failed["fix"]) == (False, "check the address")


def test_a_secret_in_plain_sight_is_not_tried(steward: Browser) -> None:
    answer = steward.post(f"{API}/sources/test", {"plugin": "postgres", "options": {"password": "hunter2"}})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text
