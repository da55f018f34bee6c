"""Every route, without a log-in and with each role. What is expected is written here, not asked of the code."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from metricloop.access.model import Permission, Role
from metricloop.access.rules import GRANTS
from metricloop.api.app import PUBLIC, demanded
from metricloop.web import build_site
from tests.api.world import PEOPLE, Browser, World

API = "/api/v1"
DEMANDED = {
    "GET /healthz": None,
    "GET /session": None,
    "POST /session": None,
    "DELETE /session": None,
    "POST /session/link": None,
    "PUT /session/language": "read",
    "GET /tokens": "read",
    "POST /tokens": "read",
    "DELETE /tokens/{id}": "read",
    "GET /loop": "read",
    "PUT /loop/mode": "site.mode",
    "PUT /loop/clock": "site.mode",
    "GET /sources": "read",
    "GET /sources/{name}": "read",
    "GET /sources/{name}/tables": "read",
    "GET /sources/{name}/columns": "read",
    "POST /sources/test": "definition.publish",
    "GET /setup/forms": "definition.publish",
    "POST /setup/sources": "definition.publish",
    "POST /setup/uploads": "definition.publish",
    "POST /setup/suggest": "definition.publish",
    "POST /setup/preview": "definition.publish",
    "GET /definitions": "read",
    "POST /definitions/check": "read",
    "POST /definitions/plan": "read",
    "POST /definitions/preview": "definition.edit",
    "POST /definitions/publish": "definition.edit",
    "GET /definitions/{kind}/{name}": "read",
    "GET /definitions/{kind}/{name}/versions": "read",
    "GET /metrics": "read",
    "GET /metrics/{name}": "read",
    "GET /metrics/{name}/versions": "read",
    "GET /metrics/{name}/lineage": "read",
    "GET /metrics/{name}/series": "read",
    "GET /metrics/{name}/slices": "read",
    "GET /metrics/{name}/query": "read",
    "POST /metrics/{name}/query": "read",
    "GET /metrics/{name}/tree": "read",
    "GET /monitors": "read",
    "GET /monitors/{name}": "read",
    "GET /incidents": "read",
    "GET /incidents/{id}": "read",
    "POST /incidents/{id}/acknowledge": "incident.handle",
    "POST /incidents/{id}/take": "incident.handle",
    "POST /incidents/{id}/assign": "incident.handle",
    "POST /incidents/{id}/resolve": "incident.handle",
    "POST /incidents/{id}/reopen": "incident.handle",
    "POST /incidents/{id}/close": "incident.handle",
    "POST /incidents/{id}/comment": "incident.handle",
    "POST /incidents/{id}/accept": "incident.handle",
    "GET /incidents/{id}/label-preview": "read",
    "POST /incidents/{id}/labels": "incident.label",
    "DELETE /labels/{id}": "incident.label",
    "GET /incidents/{id}/review": "read",
    "PUT /incidents/{id}/review": "review.write",
    "POST /incidents/{id}/review/publish": "review.write",
    "GET /knowledge": "read",
    "GET /tasks": "read",
    "GET /tasks/{id}": "read",
    "POST /tasks/{id}/complete": "task.do",
    "POST /approvals/{task_id}/approve": "approval.decide",
    "POST /approvals/{task_id}/reject": "approval.decide",
    "GET /runs": "read",
    "GET /runs/{id}": "read",
    "POST /runs/{id}/control": "run.control",
    "GET /proposals": "read",
    "GET /proposals/{id}": "read",
    "POST /proposals/{id}/accept": "proposal.decide",
    "POST /proposals/{id}/reject": "proposal.decide",
    "GET /people": "read",
    "GET /teams": "read",
    "GET /notifications": "read",
    "GET /audit": "audit.read",
    "POST /points": "points.push",
    "GET /sources/{name}/set-aside": "read",
    "GET /events": "read",
}
# Ids that nobody has, so that a request that gets in does no more than fail to find.
UNKNOWN = {"id": "999999", "task_id": "nobody-has-it", "name": "nobody_has_it", "kind": "metric"}
BODIES = {
    "assign": {"person": "nobody"},
    "labels": {"verdict": "true"},
    "control": {"action": "pause"},
    "review": {"cause": "c", "lesson": "l"},
    "publish": {"cause": "c", "lesson": "l"},
    "mode": {"mode": "manual", "reason": ""},
    "clock": {"speed": 1},
    "tokens": {"name": "", "roles": []},
    "language": {"language": "en"},
    "points": {"source": "nobody", "table": "t", "items": [{}]},
}


def address(route: str) -> tuple[str, str]:
    method, _, path = route.partition(" ")
    return method, path.format(**UNKNOWN) if path == "/healthz" else API + path.format(**UNKNOWN)


def ask(browser: Browser, route: str) -> int:
    method, path = address(route)
    if method == "GET":
        return browser.get(path).status_code
    last = route.rsplit("/", 1)[-1]
    body = None if method == "DELETE" else BODIES.get(last, {})
    return browser.send(method, path, json=body).status_code


def test_every_route_demands_what_is_written_here() -> None:
    found = {f"{method} {path.removeprefix(API)}": permission for (method, path), permission in demanded().items()}
    assert found == DEMANDED


def test_only_session_and_health_are_open_to_everybody() -> None:
    assert {f"{method} {path.removeprefix(API)}" for method, path in PUBLIC} == {
        route for route, permission in DEMANDED.items() if permission is None
    }


def test_the_application_has_no_route_beside_those(world: World) -> None:
    """Whatever way a route got in: what is described is all there is, but for the description and the pages."""
    described = {
        f"{method.upper()} {path.removeprefix(API)}"
        for path, operations in build_site(world).openapi()["paths"].items()
        for method in operations
    }
    assert described == set(DEMANDED)


def test_nobody_gets_in_without_a_log_in(app: FastAPI) -> None:
    answers = {route: ask(Browser(app), route) for route, permission in DEMANDED.items() if permission}
    assert set(answers.values()) == {401}, answers


def test_the_api_description_needs_a_log_in_too(app: FastAPI) -> None:
    assert Browser(app).get(f"{API}/openapi.json").status_code == 401


def test_there_are_no_other_descriptions(app: FastAPI) -> None:
    assert {Browser(app).get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")} == {404}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_403_exactly_where_it_lacks_the_grant(app: FastAPI, role: Role) -> None:
    browser = Browser(app)
    assert browser.log_in(PEOPLE[role]).status_code == 200
    refused = {
        route
        for route, permission in DEMANDED.items()
        if permission and route != "GET /events" and ask(browser, route) == 403
    }
    expected = {
        route for route, permission in DEMANDED.items() if permission and Permission(permission) not in GRANTS[role]
    }
    assert refused == expected


def test_who_is_refused_is_told_who_can_help(app: FastAPI) -> None:
    browser = Browser(app)
    browser.log_in("vera")
    answer = browser.post(f"{API}/incidents/1/acknowledge").json()
    assert answer["code"] == "not_permitted"
    assert "administrator" in answer["fix"]
