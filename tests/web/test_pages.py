from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from metricloop.store.database import open_store
from metricloop.web import build_site
from tests.api import shop
from tests.api.world import Browser, World, make_history


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("pages") / "shop.db"
    make_history(path)
    store = open_store(path, scratch=True)
    yield World(store, now=shop.NOW)
    store.close()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>the page</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("let x = 1;")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / ".stamp").write_text("secret")
    return tmp_path


@pytest.fixture
def browser(world: World, built: Path) -> Browser:
    return Browser(build_site(world, built))


@pytest.mark.parametrize("path", ["/", "/incidents/1", "/metrics/paid.rate", "/login?link=x", "/proposals/a?v=7"])
def test_every_address_of_the_ui_gets_the_page(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert "the page" in answer.text


def test_files_whose_names_change_are_kept_for_good(browser: Browser) -> None:
    answer = browser.get("/assets/app-1a2b.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in answer.headers["content-type"]


def test_the_page_is_asked_for_again_but_not_sent_again(browser: Browser) -> None:
    tag = browser.get("/").headers["etag"]
    assert browser.get("/", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path", ["/assets/app-old.js", "/missing.js", "/.stamp", "/assets/../.stamp", "/%2e%2e/%2e%2e/etc/passwd"]
)
def test_what_is_not_there_or_not_meant_to_be_seen_is_not_sent(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404 or "the page" in answer.text
    assert "secret" not in answer.text
    assert "root:" not in answer.text


def test_the_api_is_never_answered_with_the_page(browser: Browser) -> None:
    answer = browser.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/", "/assets/app-1a2b.js", "/api/v1/session", "/api/v1/nothing", "/healthz"])
def test_every_answer_carries_the_security_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_answers_of_the_api_are_not_kept(browser: Browser) -> None:
    assert browser.get("/api/v1/session").headers["cache-control"] == "no-store"


def test_a_ui_that_was_not_built_says_so_and_how(world: World, tmp_path: Path) -> None:
    answer = Browser(build_site(world, tmp_path)).get("/")
    assert answer.status_code == 503
    assert "python run.py setup" in answer.text
