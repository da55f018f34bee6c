from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from fastapi import FastAPI

from metricloop.access.model import Role
from tests.api.world import Browser, World

TOKENS = "/api/v1/tokens"
Enter = Callable[[str], Browser]


def script(app: FastAPI, secret: str) -> Browser:
    """A caller without cookies and without the pages' mark."""
    found = Browser(app)
    found.headers = {"Authorization": f"Bearer {secret}"}
    return found


def test_a_token_opens_what_its_roles_may(app: FastAPI, logged_in: Enter) -> None:
    made = logged_in("ann").post(TOKENS, {"name": "script", "roles": ["responder"]})
    assert made.status_code == 201
    caller = script(app, made.json()["secret"])
    assert caller.get("/api/v1/loop").status_code == 200
    assert caller.post("/api/v1/incidents/1/acknowledge").json()["state"] == "acknowledged"
    assert caller.get("/api/v1/audit").status_code == 403


def test_the_secret_is_shown_once(logged_in: Enter) -> None:
    ann = logged_in("ann")
    made = ann.post(TOKENS, {"name": "script", "roles": ["responder"]}).json()
    assert made["secret"].startswith("mlt_")
    [kept] = ann.get(TOKENS).json()
    assert "secret" not in kept
    assert kept["id"] == made["id"]


def test_nobody_gives_a_token_more_than_he_has(logged_in: Enter) -> None:
    answer = logged_in("ann").post(TOKENS, {"name": "up", "roles": ["administrator"]})
    assert answer.status_code == 403


def test_a_token_makes_no_tokens(app: FastAPI, logged_in: Enter) -> None:
    made = logged_in("ann").post(TOKENS, {"name": "script", "roles": ["responder"]}).json()
    assert script(app, made["secret"]).post(TOKENS, {"name": "child", "roles": ["responder"]}).status_code == 403


def test_a_token_loses_a_role_when_its_person_does(world: World, app: FastAPI, logged_in: Enter) -> None:
    made = logged_in("ann").post(TOKENS, {"name": "script", "roles": ["responder"]}).json()
    with world.open_unit() as unit:
        ann = unit.people.get("ann")
        assert ann is not None
        unit.people.put(replace(ann, roles=(Role.VIEWER,)))
    assert script(app, made["secret"]).get("/api/v1/loop").status_code == 403


def test_a_revoked_token_is_worthless_at_once(app: FastAPI, logged_in: Enter) -> None:
    ann = logged_in("ann")
    made = ann.post(TOKENS, {"name": "script", "roles": ["responder"]}).json()
    assert ann.send("DELETE", f"{TOKENS}/{made['id']}").status_code == 204
    assert script(app, made["secret"]).get("/api/v1/loop").status_code == 401


def test_a_token_runs_out(world: World, app: FastAPI, logged_in: Enter) -> None:
    end = (world.wall_clock.now() + timedelta(hours=1)).isoformat()
    body = {"name": "short", "roles": ["responder"], "expires_at": end}
    made = logged_in("ann").post(TOKENS, body).json()
    world.wall_clock.reach(world.wall_clock.now() + timedelta(hours=2))
    assert script(app, made["secret"]).get("/api/v1/loop").status_code == 401


def test_nobody_revokes_anothers_token_but_an_administrator(logged_in: Enter) -> None:
    made = logged_in("ann").post(TOKENS, {"name": "script", "roles": ["responder"]}).json()
    assert logged_in("li_hua").send("DELETE", f"{TOKENS}/{made['id']}").status_code == 404
    assert logged_in("ada").send("DELETE", f"{TOKENS}/{made['id']}").status_code == 204


def test_the_last_use_is_noted(app: FastAPI, logged_in: Enter) -> None:
    ann = logged_in("ann")
    made = ann.post(TOKENS, {"name": "script", "roles": ["responder"]}).json()
    script(app, made["secret"]).get("/api/v1/loop")
    [kept] = ann.get(TOKENS).json()
    assert kept["last_used_at"] is not None
