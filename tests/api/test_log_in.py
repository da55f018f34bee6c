from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from metricloop.access import use_cases as access
from metricloop.api.app import build_app
from tests.api.world import PASSWORD, Browser, World

ME = "/api/v1/session"
Enter = Callable[[str], Browser]


def link(world: World, person: str = "ann") -> str:
    with world.open_unit() as unit:
        return access.make_link(unit, person, secrets=world.secrets, by="test", at=world.wall_clock.now())


def test_the_right_password_logs_in(visitor: Browser) -> None:
    answer = visitor.log_in("ann")
    assert (answer.status_code, answer.json()["name"]) == (200, "Ann")
    assert visitor.get(ME).json()["permissions"] == answer.json()["permissions"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Browser) -> None:
    cookie = visitor.log_in("ann").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie


def test_behind_https_the_cookie_is_secure(world: World) -> None:
    world.url = "https://metrics.example.com"
    browser = Browser(build_app(world), url=world.url)
    assert "secure" in browser.log_in("ann").headers["set-cookie"].lower()


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(visitor: Browser, name: str, password: str) -> None:
    answer = visitor.log_in(name, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.json()["detail"] == "name and password do not fit"


def test_after_three_failures_each_further_one_makes_the_wait_longer(world: World, visitor: Browser) -> None:
    waits = []
    for _ in range(7):
        answer = visitor.log_in("ann", "wrong")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            world.wall_clock.reach(world.wall_clock.now() + timedelta(seconds=waits[-1]))
    assert waits == [2, 4]
    assert visitor.log_in("ann").status_code == 429, "the right password waits, too, while the wait runs"
    world.wall_clock.reach(world.wall_clock.now() + timedelta(seconds=8))
    assert visitor.log_in("ann").status_code == 200


def test_one_person_who_forgets_does_not_shut_out_another(app: FastAPI) -> None:
    clumsy, other = Browser(app), Browser(app)
    for _ in range(4):
        clumsy.log_in("vera", "wrong")
    assert clumsy.log_in("vera").status_code == 429
    assert other.log_in("ann").status_code == 200


def test_an_address_that_tries_many_names_must_wait_as_well(app: FastAPI) -> None:
    browser = Browser(app, address="10.0.0.7")
    answers = [browser.log_in(f"name{i}", "wrong").status_code for i in range(30)]
    assert answers[0] == 401
    assert answers[-1] == 429
    assert Browser(app, address="10.0.0.8").log_in("ann").status_code == 200


def test_logging_out_ends_the_session_not_only_the_cookie(app: FastAPI, visitor: Browser) -> None:
    visitor.log_in("ann")
    stolen = Browser(app)
    stolen.cookies.update(dict(visitor.cookies))
    assert stolen.get(ME).status_code == 200
    assert visitor.send("DELETE", ME).status_code == 204
    assert stolen.get(ME).status_code == 401


def test_a_session_rests_for_twelve_hours_at_most(world: World, visitor: Browser) -> None:
    visitor.log_in("ann")
    world.wall_clock.reach(world.wall_clock.now() + timedelta(hours=11))
    assert visitor.get(ME).status_code == 200
    world.wall_clock.reach(world.wall_clock.now() + timedelta(hours=11))
    assert visitor.get(ME).status_code == 200, "the request eleven hours ago counts as use"
    world.wall_clock.reach(world.wall_clock.now() + timedelta(hours=13))
    assert visitor.get(ME).status_code == 401


def test_a_session_ends_after_seven_days_however_much_it_is_used(world: World, visitor: Browser) -> None:
    visitor.log_in("ann")
    answers = []
    for _ in range(18):
        world.wall_clock.reach(world.wall_clock.now() + timedelta(hours=10))
        answers.append(visitor.get(ME).status_code)
    assert answers[15] == 200
    assert answers[-1] == 401


def test_the_demos_fast_clock_does_not_end_sessions(world: World, visitor: Browser) -> None:
    visitor.log_in("ann")
    world.clock.reach(world.clock.now() + timedelta(days=60))
    assert visitor.get(ME).status_code == 200


def test_a_new_password_ends_the_old_sessions(world: World, visitor: Browser) -> None:
    visitor.log_in("ann")
    world.wall_clock.reach(world.wall_clock.now() + timedelta(minutes=1))
    with world.open_unit() as unit:
        at = world.wall_clock.now()
        access.set_password(unit, "ann", "an altogether new one", passwords=world.passwords, by="ada", at=at)
    assert visitor.get(ME).status_code == 401
    assert visitor.log_in("ann").status_code == 401
    assert visitor.log_in("ann", "an altogether new one").status_code == 200


def test_a_disabled_account_is_out_at_once(world: World, visitor: Browser) -> None:
    visitor.log_in("ann")
    with world.open_unit() as unit:
        access.disable_account(unit, "ann", by="ada", at=world.wall_clock.now())
    assert visitor.get(ME).status_code == 401
    assert visitor.log_in("ann").status_code == 401


def test_a_link_logs_in_once_from_this_computer(world: World, app: FastAPI) -> None:
    secret = link(world)
    first, second = Browser(app), Browser(app)
    assert first.post(f"{ME}/link", {"link": secret}).json()["id"] == "ann"
    assert first.get(ME).status_code == 200
    again = second.post(f"{ME}/link", {"link": secret})
    assert (again.status_code, again.json()["detail"]) == (401, "this log-in link was used before")


def test_a_link_that_two_click_at_once_lets_one_in(world: World, app: FastAPI) -> None:
    secret = link(world)
    browsers = [Browser(app) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda each: each.post(f"{ME}/link", {"link": secret}).status_code, browsers))
    assert sorted(answers) == [200, 401, 401, 401, 401, 401]


@pytest.mark.parametrize("where", ["10.0.0.9", "192.168.1.4", "2001:db8::1"])
def test_a_link_does_not_work_from_elsewhere(world: World, app: FastAPI, where: str) -> None:
    secret = link(world)
    assert Browser(app, address=where).post(f"{ME}/link", {"link": secret}).status_code == 403
    assert Browser(app).post(f"{ME}/link", {"link": secret}).status_code == 200, "the refusal did not use it up"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_link_does_not_work_through_a_proxy(world: World, app: FastAPI, header: str) -> None:
    answer = Browser(app).post(f"{ME}/link", {"link": link(world)}, headers={header: "10.0.0.9"})
    assert answer.status_code == 403


def test_a_link_grows_old_in_fifteen_minutes(world: World, visitor: Browser) -> None:
    secret = link(world)
    world.wall_clock.reach(world.wall_clock.now() + timedelta(minutes=15))
    assert visitor.post(f"{ME}/link", {"link": secret}).status_code == 401


def test_an_invented_link_or_cookie_is_worth_nothing(visitor: Browser) -> None:
    assert visitor.post(f"{ME}/link", {"link": "x" * 43}).status_code == 401
    visitor.cookies.set("metricloop_session", "x" * 43)
    assert visitor.get("/api/v1/loop").status_code == 401


def test_the_language_is_kept(logged_in: Enter) -> None:
    ann = logged_in("ann")
    assert ann.send("PUT", f"{ME}/language", json={"language": "zh"}).json()["language"] == "zh"
    assert ann.get(ME).json()["language"] == "zh"


def test_no_secret_is_stored(world: World, visitor: Browser, tmp_path: Path) -> None:
    visitor.log_in("ann")
    secret = visitor.cookies["metricloop_session"]
    token = visitor.post("/api/v1/tokens", {"name": "s", "roles": ["responder"]}).json()["secret"]
    printed = link(world)
    copy = tmp_path / "copy.db"
    world.store.backup(copy)
    held = copy.read_bytes()
    assert b"session.opened" in held
    assert [each for each in (secret, token, printed, PASSWORD) if each.encode() in held] == []
