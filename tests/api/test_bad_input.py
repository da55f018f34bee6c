"""What nobody should send: each gets one clear problem, and nothing is changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from metricloop.api.app import build_app
from metricloop.api.guard import LARGEST_BODY
from metricloop.jobs import worker as jobs
from metricloop.kernel import errors
from tests.api.world import Browser, World

API = "/api/v1"
Enter = Callable[[str], Browser]
LONG = "x" * 10_001


@pytest.fixture
def ann(logged_in: Enter) -> Browser:
    return logged_in("ann")


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"]
    assert "Traceback" not in answer.text
    return body


@pytest.mark.parametrize(
    "path",
    ["/incidents/4711", "/tasks/none", "/runs/none", "/proposals/none", "/metrics/none", "/monitors/none",
     "/incidents/4711/review", "/incidents/1/review", "/metrics/none/series", "/nothing/here"],
)  # fmt: skip
def test_an_unknown_id_is_not_found(ann: Browser, path: str) -> None:
    problem(ann.get(API + path), 404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        "/incidents?state=asleep",
        "/incidents?limit=0",
        "/incidents?limit=100000",
        "/incidents?offset=-1",
        "/incidents/0",
        "/incidents/one",
        "/incidents/99999999999999999999",
        f"/incidents?q={'x' * 201}",
        "/tasks?state=maybe",
        "/tasks?mine=perhaps",
        "/metrics/paid_rate/series?grain=minute",
        "/metrics/paid_rate/series?slice=city",
        "/metrics/paid_rate/series?slice=:上海",
        "/metrics/paid_rate/series?from=yesterday",
        "/metrics/paid_rate/series?from=2026-02-01T00:00:00",
        "/metrics/paid_rate/series?from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z",
        "/metrics/paid_rate/series?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "/metrics/orders/series?grain=hour",
        "/metrics/paid_rate/slices",
        "/incidents/1/label-preview?verdict=perhaps",
        "/audit?limit=x",
    ],
)
def test_a_wrong_parameter_is_named(logged_in: Enter, path: str) -> None:
    body = problem(logged_in("ada").get(API + path), 422, "invalid_input")
    assert body["fix"]


def test_a_slice_or_dimension_that_nobody_has_is_not_found(ann: Browser) -> None:
    problem(ann.get(f"{API}/metrics/paid_rate/series?slice=city:Atlantis"), 404, "not_found")
    assert "city" in problem(ann.get(f"{API}/metrics/paid_rate/slices?dimension=colour"), 404, "not_found")["fix"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/incidents/1/labels", {"verdict": "perhaps"}),
        ("/incidents/1/labels", {}),
        ("/incidents/1/labels", {"verdict": "true", "extra": 1}),
        ("/incidents/1/labels", {"verdict": "true", "note": LONG}),
        ("/incidents/1/acknowledge", {"note": LONG}),
        ("/incidents/1/acknowledge", {"note": 7}),
        ("/incidents/1/acknowledge", []),
        ("/incidents/1/assign", {"person": "x" * 300}),
        ("/incidents/1/comment", {"note": "   "}),
        ("/incidents/1/review/publish", {"cause": LONG, "lesson": ""}),
        ("/runs/x/control", {"action": "explode"}),
        ("/runs/x/control", {"action": "mode", "mode": "wild"}),
        ("/tasks/x/complete", {"answer": {"a": {"deep": 1}}}),
        ("/tasks/x/complete", {"answer": {str(i): 1 for i in range(101)}}),
    ],
)
def test_a_wrong_body_is_refused_whole(ann: Browser, path: str, body: object) -> None:
    problem(ann.post(API + path, body), 422, "invalid_input")
    assert ann.get(f"{API}/incidents/1").json()["state"] == "open"


def test_reopening_without_a_reason_is_refused(ann: Browser) -> None:
    problem(ann.post(f"{API}/incidents/1/reopen", {"note": ""}), 422, "invalid_input")


def test_a_person_that_nobody_knows_cannot_own(ann: Browser) -> None:
    problem(ann.post(f"{API}/incidents/1/assign", {"person": "nobody"}), 404, "not_found")


def test_broken_json_is_told_as_such(ann: Browser) -> None:
    answer = ann.send(
        "POST", f"{API}/incidents/1/acknowledge", content=b'{"note": ', headers={"Content-Type": "application/json"}
    )
    problem(answer, 400, "malformed")


def test_bytes_that_are_no_text_are_told_as_such(ann: Browser) -> None:
    answer = ann.send(
        "POST", f"{API}/incidents/1/acknowledge", content=b"\xff\xfe\x00", headers={"Content-Type": "application/json"}
    )
    problem(answer, 400, "malformed")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_read(ann: Browser, kind: str) -> None:
    answer = ann.send("POST", f"{API}/incidents/1/acknowledge", content=b"{}", headers={"Content-Type": kind})
    problem(answer, 415, "wrong_content_type")


def test_a_body_too_large_is_refused_by_its_stated_length(ann: Browser) -> None:
    answer = ann.post(f"{API}/incidents/1/acknowledge", {"note": "x" * LARGEST_BODY})
    problem(answer, 413, "too_large")


def test_a_body_too_large_is_refused_while_it_comes(ann: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    answer = ann.send(
        "POST", f"{API}/incidents/1/acknowledge", content=endless(), headers={"Content-Type": "application/json"}
    )
    problem(answer, 413, "too_large")


def test_a_method_that_is_not_taken(ann: Browser) -> None:
    problem(ann.send("PUT", f"{API}/incidents/1", json={}), 405, "method_not_allowed")


def test_a_wrong_password_is_not_repeated_in_the_answer(visitor: Browser) -> None:
    answer = visitor.post(f"{API}/session", {"username": "ann", "password": "hunter2" * 500})
    problem(answer, 422, "invalid_input")
    assert "hunter2" not in answer.text


def test_a_change_without_the_mark_is_refused(ann: Browser) -> None:
    ann.headers = {}
    body = problem(ann.post(f"{API}/incidents/1/acknowledge"), 403, "not_permitted")
    assert "X-Metricloop" in body["fix"]
    assert ann.get(f"{API}/incidents/1").status_code == 200, "reading needs no mark"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://192.168.1.9:8321", "null", "http://127.0.0.1.nip.io"]
)
def test_a_change_from_another_site_is_refused(ann: Browser, origin: str) -> None:
    problem(ann.post(f"{API}/incidents/1/acknowledge", headers={"Origin": origin}), 403, "not_permitted")


def test_a_change_from_our_own_pages_is_taken(ann: Browser) -> None:
    answer = ann.post(f"{API}/incidents/1/acknowledge", headers={"Origin": "http://127.0.0.1:8321"})
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8321", "192.168.1.9:8321", "127.0.0.1.nip.io", ""])
def test_a_foreign_name_for_this_server_is_refused(ann: Browser, host: str) -> None:
    problem(ann.get(f"{API}/incidents", headers={"Host": host}), 421, "wrong_host")


@pytest.mark.parametrize("host", ["localhost:8321", "127.0.0.1", "[::1]:8321"])
def test_every_name_of_this_computer_is_served(visitor: Browser, host: str) -> None:
    assert visitor.get("/healthz", headers={"Host": host}).status_code == 200
    assert visitor.get(f"{API}/session", headers={"Host": host}).status_code == 401


def test_health_answers_under_any_name(visitor: Browser) -> None:
    assert visitor.get("/healthz", headers={"Host": "10.1.2.3"}).json() == {"status": "ok"}


def test_health_says_when_the_loop_stands_still(world: World, visitor: Browser) -> None:
    world.standing_still = jobs.Trouble(world.clock.now(), "store_failed", "the disk is full", "make room", 3)
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "stuck", "code": "store_failed"})


def test_the_loop_page_says_why_the_loop_stands_still(world: World, ann: Browser) -> None:
    assert ann.get(f"{API}/loop").json()["trouble"] is None
    world.standing_still = jobs.Trouble(world.clock.now(), "store_failed", "the disk is full", "make room", 3)
    found = {"code": "store_failed", "problem": "the disk is full", "fix": "make room"}
    assert ann.get(f"{API}/loop").json()["trouble"] == found


FAMILIES: list[tuple[errors.MetricloopError, int]] = [
    (errors.InvalidInput("x"), 422),
    (errors.InvalidProject([errors.Issue("a.yml:1", "wrong", "mend")]), 422),
    (errors.NotFound("x"), 404),
    (errors.Conflict("x"), 409),
    (errors.NotPermitted("x"), 403),
    (errors.NotAuthenticated("x"), 401),
    (errors.SourceFailed("x", retryable=True), 502),
    (errors.StoreFailed("the disk is full", fix="free some space"), 503),
    (errors.Bug("the secret inside"), 500),
]


@pytest.mark.parametrize(("error", "status"), FAMILIES, ids=lambda value: getattr(value, "code", None))
def test_each_family_of_errors_has_its_status(world: World, error: errors.MetricloopError, status: int) -> None:
    app = _failing(world, error)
    body = problem(Browser(app).get("/fail"), status, error.code)
    if isinstance(error, errors.InvalidProject):
        assert body["issues"] == [{"where": "a.yml:1", "problem": "wrong", "fix": "mend"}]


@pytest.mark.parametrize("error", [errors.Bug("the secret inside"), ZeroDivisionError("the secret inside")])
def test_what_went_wrong_inside_stays_inside(world: World, error: Exception) -> None:
    answer = Browser(_failing(world, error)).get("/fail")
    problem(answer, 500, "bug")
    assert "secret" not in answer.text


def _failing(world: World, error: Exception) -> FastAPI:
    app = build_app(world)

    @app.get("/fail")
    def fail() -> None:
        raise error

    return app


def test_a_full_disk_is_told_and_nothing_is_half_written(world: World, ann: Browser) -> None:
    with world.store.engine.connect() as connection:
        full = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {full}")
    before = len(ann.get(f"{API}/incidents/1").json()["timeline"])
    answers = [ann.post(f"{API}/incidents/1/comment", {"note": f"{i}{'x' * 9000}"}) for i in range(30)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert problem(refused[-1], 503, "store_failed")["fix"]
    with world.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    page = ann.get(f"{API}/incidents/1").json()
    assert len(page["timeline"]) == before + len(answers) - len(refused)
    assert ann.post(f"{API}/incidents/1/comment", {"note": "there is room again"}).status_code == 200
