"""Every page loads whole: no error in the console, no refused request, nothing that axe finds."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.site import ROOT, Server, Visitor
from tests.browser.world import ADMINISTRATOR, CHINESE_ADMINISTRATOR
from tests.missing import missing

AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
PEOPLE = {"en": ADMINISTRATOR, "zh": CHINESE_ADMINISTRATOR}
WIDTHS = (1280, 390)
THEMES = ("light", "dark")
# What is asked of every page; "best-practice" is axe's own opinion.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = (
    "/",
    "/tasks",
    "/tasks/{task}",
    "/tasks/{approval}",
    "/incidents",
    "/incidents/1",
    "/incidents/3",
    "/incidents/4",
    "/metrics",
    "/metrics/in_time_rate",
    "/metrics/in_time_rate?slice=city:Wuhan",
    "/metrics/parcels",
    "/metrics/late_share?grain=week",
    "/metrics?q=nothing_is_called_so",
    "/metrics/new",
    "/metrics/in_time_rate/edit",
    "/metrics/late_share/edit",
    "/monitors",
    "/monitors/in_time_hourly",
    "/runs",
    "/proposals",
    "/proposals/{proposal}",
    "/knowledge",
    "/sources",
    "/sources/depot",
    "/setup",
    "/people",
    "/audit",
    "/settings",
    "/no/such/page",
)


class Watched:
    """A person's page at one width and theme, and everything that went wrong on it."""

    def __init__(self, browser: Browser, server: Server, language: str, width: int, theme: str) -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 800 else 844},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            is_mobile=width < 800,
            has_touch=width < 800,
        )
        self.page = self._context.new_page()
        self.page.on("console", lambda said: self._note(f"console: {said.text}") if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("response", self._answered)
        self.wrong: list[str] = []
        self._url = server.url
        Visitor(self.page, server).enter(PEOPLE[language])

    def open(self, path: str) -> None:
        """Load the page and wait until nothing on it is loading any more."""
        self.wrong.clear()
        self.page.goto(f"{self._url}{path}")
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    def close(self) -> None:
        self._context.close()

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.status} {response.url}")

    def _note(self, what: str) -> None:
        self.wrong.append(what)


@pytest.fixture(scope="module")
def addresses(shown: Server) -> dict[str, str]:
    """What stands in the addresses of pages of one thing."""
    with shown.as_(ADMINISTRATOR) as client:
        tasks = client.get("/incidents/4").json()["tasks"]
        proposals = client.get("/proposals").json()
    return {**{task["kind"]: task["id"] for task in tasks}, "proposal": proposals[0]["id"]}


@pytest.fixture(scope="module")
def watched(browser: Browser, shown: Server, request: pytest.FixtureRequest) -> Iterator[Watched]:
    language, width, theme = request.param
    opened = Watched(browser, shown, language, width, theme)
    yield opened
    opened.close()


def matrix() -> list[object]:
    """Language, width, theme. One of them in every run, all in the deep one."""
    every = [(language, width, theme) for language in PEOPLE for width in WIDTHS for theme in THEMES]
    return [
        pytest.param(one, id="-".join(map(str, one)), marks=[pytest.mark.deep] if number else [])
        for number, one in enumerate(every)
    ]


@pytest.mark.parametrize("watched", matrix(), indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_loads_without_an_error_and_everybody_can_use_it(
    watched: Watched, addresses: dict[str, str], path: str
) -> None:
    watched.open(path.format_map(addresses))
    assert watched.wrong == []
    assert violations(watched.page) == []
    assert sideways(watched.page) == 0, "the page is wider than the window"


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA: rule, and where."""
    if not AXE.is_file():
        missing("axe-core is not installed.", "Run python run.py setup.")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(STANDARDS)}}}).then(found => found.violations)")
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))
