from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from metricloop.web import STATIC
from tests.browser.site import Server, Visitor, launch_options, serving
from tests.browser.world import ADMINISTRATOR, World, make_world
from tests.missing import missing

# Two such tests and their servers may share two cores with others.
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world as it stands when the visitor comes; copied, never changed."""
    return make_world(tmp_path_factory.mktemp("deliveries"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for a file of tests: while it runs, it keeps an event loop open in this process, and the
    tests that come after in the same process start their own."""
    if not (STATIC / "index.html").is_file():
        missing("the web UI is not built", "Run: python run.py setup")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(**launch_options())
        except Error as error:
            missing(f"no Chromium starts ({error.message})", "Install it, or set METRICLOOP_TEST_CHROMIUM to one.")
        yield running
        running.close()


@pytest.fixture
def server(template: World, tmp_path: Path) -> Iterator[Server]:
    """A server whose world the test may change."""
    with serving(template, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def shown(template: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests look at and none changes: an approval is waiting, and a proposal."""
    with serving(template, tmp_path_factory.mktemp("shown")) as running:
        with running.as_(ADMINISTRATOR) as client:
            task = client.get("/incidents/4").json()["tasks"][0]["id"]
            for path, body in (
                ("/incidents/4/acknowledge", {"note": ""}),
                (f"/tasks/{task}/complete", {"answer": {"decision": "act"}, "note": ""}),
                ("/incidents/3/labels", {"verdict": "false_alarm", "note": ""}),
            ):
                client.post(path, json=body).raise_for_status()
        yield running


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens a page in a session of its own."""
    opened: list[BrowserContext] = []

    def make(*, width: int = 1280, height: int = 800, locale: str = "en-GB", theme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def visitor(new_page: NewPage, server: Server) -> Visitor:
    return Visitor(new_page(), server)
