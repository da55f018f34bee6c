"""One incident, by HTTP alone, from open to closed and to what was learnt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.api.world import Browser, World

Enter = Callable[[str], Browser]


def incident(browser: Browser) -> dict[str, Any]:
    page: dict[str, Any] = browser.get("/api/v1/incidents/1").json()
    return page


def open_task(browser: Browser) -> dict[str, Any]:
    [task] = browser.get("/api/v1/tasks?mine=true").json()
    found: dict[str, Any] = task
    return found


def test_an_incident_goes_from_open_to_closed(world: World, logged_in: Enter) -> None:
    ann, owner = logged_in("ann"), logged_in("li_hua")
    assert incident(ann)["state"] == "open"
    assert ann.post("/api/v1/incidents/1/acknowledge", {"note": "seen"}).json()["state"] == "acknowledged"

    done = ann.post(f"/api/v1/tasks/{open_task(ann)['id']}/complete", {"answer": {"decision": "act"}})
    assert done.json()["state"] == "done"

    asked = owner.get(f"/api/v1/tasks/{open_task(owner)['id']}").json()
    assert (asked["kind"], asked["effect"]["en"]) == ("approval", "The spare provider takes over")
    approved = owner.post(f"/api/v1/approvals/{asked['id']}/approve", {"reason": "worth it"})
    assert (approved.json()["state"], approved.json()["done_by"]["person"]["id"]) == ("approved", "li_hua")
    world.run(timedelta(minutes=5))
    assert len(world.outside.done) == 1

    resolved = ann.post("/api/v1/incidents/1/resolve", {"note": "switched"}).json()
    assert (resolved["state"], resolved["next"]["code"]) == ("resolved", "next.verify")
    world.run(timedelta(days=3))
    verified = incident(ann)
    assert (verified["state"], verified["verification"]["outcome"]) == ("verified", "verified")
    assert verified["run"]["status"] == "succeeded"

    labelled = ann.post("/api/v1/incidents/1/labels", {"verdict": "true", "note": "provider down"}).json()
    assert [label["verdict"] for label in labelled["labels"]] == ["true"]
    ann.post("/api/v1/incidents/1/review/publish", {"cause": "provider down", "lesson": "keep a spare"})
    assert incident(ann)["state"] == "closed"
    assert [review["cause"] for review in ann.get("/api/v1/knowledge").json()] == ["provider down"]


def test_whatever_a_person_did_stands_in_the_audit_trail(world: World, logged_in: Enter) -> None:
    ann, auditor = logged_in("ann"), logged_in("otto")
    ann.post("/api/v1/incidents/1/acknowledge", {})
    ann.post("/api/v1/incidents/1/assign", {"person": "li_hua", "note": "yours"})
    lines = auditor.get("/api/v1/audit?limit=20").json()
    done = [(line["action"], line["actor"]) for line in lines]
    assert ("incident.acknowledge", "ann") in done
    assert ("incident.assign", "ann") in done


def test_an_action_that_the_state_does_not_allow_is_a_conflict(logged_in: Enter) -> None:
    ann = logged_in("ann")
    ann.post("/api/v1/incidents/1/acknowledge", {})
    again = ann.post("/api/v1/incidents/1/acknowledge", {})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert "reload" in again.json()["fix"]


def test_the_actions_offered_follow_state_and_role(logged_in: Enter) -> None:
    assert incident(logged_in("ann"))["actions"] == ["acknowledge", "assign", "resolve", "comment", "label"]
    assert "take" in incident(logged_in("li_hua"))["actions"]
    assert incident(logged_in("vera"))["actions"] == []


def test_a_label_shows_its_effect_before_and_can_be_taken_back(logged_in: Enter) -> None:
    ann = logged_in("ann")
    shown = ann.get("/api/v1/incidents/1/label-preview?verdict=true").json()["effects"]
    assert shown
    given = ann.post("/api/v1/incidents/1/labels", {"verdict": "true"}).json()["labels"][0]
    assert given["effects"] == shown
    assert ann.send("DELETE", f"/api/v1/labels/{given['id']}").status_code == 204
    assert incident(ann)["labels"][0]["withdrawn_at"] is not None


def test_a_false_alarm_ends_the_incident_and_its_tasks(logged_in: Enter) -> None:
    ann = logged_in("ann")
    page = ann.post("/api/v1/incidents/1/labels", {"verdict": "false_alarm", "note": "a test"}).json()
    assert (page["state"], page["next"], page["stuck"]) == ("false_alarm", None, False)
    assert page["run"]["status"] == "cancelled"
    assert ann.get("/api/v1/tasks?mine=true").json() == []


def test_a_run_can_be_paused_and_resumed(logged_in: Enter) -> None:
    ann = logged_in("ann")
    [run] = ann.get("/api/v1/runs").json()
    paused = ann.post(f"/api/v1/runs/{run['id']}/control", {"action": "pause", "reason": "lunch"})
    assert paused.json()["status"] == "paused"
    resumed = ann.post(f"/api/v1/runs/{run['id']}/control", {"action": "resume"})
    assert resumed.json()["status"] in ("running", "waiting")


def test_the_mode_is_switched_for_the_whole_site_with_a_reason(logged_in: Enter) -> None:
    steward = logged_in("stu")
    assert steward.send("PUT", "/api/v1/loop/mode", json={"mode": "manual", "reason": " "}).status_code == 422
    changed = steward.send("PUT", "/api/v1/loop/mode", json={"mode": "manual", "reason": "audit week"})
    assert changed.json()["mode"] == "manual"
    assert steward.get("/api/v1/runs").json()[0]["mode"] == "manual"


def test_a_label_that_is_taken_back_stays_on_the_timeline(world: World, logged_in: Enter) -> None:
    ann = logged_in("ann")
    [label] = ann.post("/api/v1/incidents/1/labels", {"verdict": "true", "note": ""}).json()["labels"]
    assert ann.send("DELETE", f"/api/v1/labels/{label['id']}").status_code == 204
    told = [line["message"]["code"] for line in incident(ann)["timeline"]]
    assert told.count("timeline.labelled") == 1
    assert told.count("timeline.label_withdrawn") == 1
