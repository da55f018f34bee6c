"""Pages that change by themselves, and what they say when something is lost."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.site import Server, Visitor, serving
from tests.browser.world import ADMINISTRATOR, RESPONDER, World


def test_what_somebody_else_does_is_seen_without_a_reload(visitor: Visitor) -> None:
    visitor.enter(ADMINISTRATOR)
    visitor.go("/incidents/4")
    visitor.page.evaluate("window.stayed = true")
    with visitor.server.as_(RESPONDER) as colleague:
        colleague.post("/incidents/4/acknowledge", json={"note": ""}).raise_for_status()
        visitor.sees_state("incident-state", "acknowledged")
        colleague.post("/incidents/4/comment", json={"note": "The ring road is closed"}).raise_for_status()
    expect(visitor.part("timeline")).to_contain_text("The ring road is closed")
    assert visitor.page.evaluate("window.stayed") is True


def test_a_lost_server_shows_a_bar_that_goes_when_it_is_back(visitor: Visitor) -> None:
    visitor.enter(ADMINISTRATOR)
    visitor.go("/incidents")
    bar = visitor.page.locator(".streambar")
    expect(bar).to_have_count(0)
    visitor.server.stop()
    expect(bar).to_contain_text("Disconnected; data from", timeout=20_000)
    expect(visitor.part("incident-link").first).to_be_visible()  # what was read stays
    visitor.server.start()
    expect(bar).to_have_count(0, timeout=30_000)


def test_a_dead_source_is_told_with_its_fix_where_people_look(
    new_page: NewPage, template: World, tmp_path: Path
) -> None:
    with serving(template, tmp_path, without_source=True) as server:
        visitor = Visitor(new_page(), server)
        visitor.enter(ADMINISTRATOR)
        visitor.set_speed("1 hour in 1 s", "1 h / 1 s")
        visitor.click("nav-sources")
        line = visitor.page.get_by_role("row").filter(has_text="Depot").locator(".bad").filter(has_text="deliveries.db")
        expect(line).to_contain_text("What to do", timeout=30_000)
        wait_until_stuck(server)
        visitor.go("/")
        expect(visitor.page.locator("main")).to_contain_text("Unreachable: there is no such file")
        expect(visitor.part("nav-sources")).to_contain_text("▲ 1")


def wait_until_stuck(server: Server) -> None:
    """A failing source counts as stuck after a quarter of an hour of the demo's time."""
    with server.as_(ADMINISTRATOR) as client:
        for _ in range(200):
            if any(row["station"] == "collect" for row in client.get("/loop").json()["stuck"]):
                return
            time.sleep(0.1)
    raise AssertionError("the dead source never got stuck")


def test_the_demos_clock_shows_the_time_of_the_data(new_page: NewPage, shown: Server) -> None:
    visitor = Visitor(new_page(), shown)
    visitor.enter(ADMINISTRATOR)
    expect(visitor.part("demo-clock")).to_contain_text("03-07 Fri 00:00")
