"""Getting in, and what one sees and does not see inside."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.site import Server, Visitor
from tests.browser.world import ADMINISTRATOR, PASSWORD, RESPONDER, VIEWER


@pytest.fixture
def visitor(new_page: NewPage, shown: Server) -> Visitor:
    return Visitor(new_page(), shown)


def fill_in(page: Page, person: str, password: str) -> None:
    page.get_by_test_id("login-username").fill(person)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()


def test_a_link_lets_in_once_and_says_so_when_it_is_used_again(new_page: NewPage, shown: Server) -> None:
    link = shown.link(ADMINISTRATOR)
    first, second = new_page(), new_page()
    first.goto(link)
    expect(first.get_by_test_id("user-menu")).to_contain_text("Ada")
    assert "link=" not in first.url  # the secret does not stay in the address or the history
    second.goto(link)
    expect(second.get_by_role("alert")).to_contain_text("was used or has expired")
    expect(second.get_by_test_id("login-submit")).to_be_visible()


def test_a_wrong_password_is_refused_and_the_right_one_leads_to_where_one_wanted_to_go(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.server.url}/incidents?sort=age")
    expect(visitor.part("login-submit")).to_be_visible()
    fill_in(visitor.page, RESPONDER, "three red bicycles")
    expect(visitor.page.get_by_role("alert")).to_contain_text("User name or password is wrong")
    fill_in(visitor.page, RESPONDER, PASSWORD)
    expect(visitor.part("incident-link").first).to_be_visible()
    assert visitor.page.url.endswith("/incidents?sort=age")


def test_who_logs_out_is_out(visitor: Visitor) -> None:
    visitor.enter(RESPONDER)
    visitor.click("user-menu")
    visitor.page.get_by_role("menuitem", name="Log out").click()
    expect(visitor.part("login-submit")).to_be_visible()
    visitor.page.goto(f"{visitor.server.url}/incidents")
    expect(visitor.part("login-submit")).to_be_visible()


def test_a_viewer_sees_everything_and_is_offered_nothing_to_do(visitor: Visitor) -> None:
    visitor.enter(VIEWER)
    with visitor.server.as_(VIEWER) as client:
        task = client.get("/incidents/4").json()["tasks"][0]["id"]
    for path, seen in (("/incidents/4", "incident-headline"), (f"/tasks/{task}", "task-state")):
        visitor.go(path)
        expect(visitor.part(seen)).to_be_visible()
        assert actions(visitor.page) == []


def actions(page: Page) -> list[str]:
    """The test ids of everything that changes something."""
    changing = re.compile(
        r"^(incident-(?!headline|state|owner|link)|label-|approval-|task-complete|run-|proposal-(?!st))"
    )
    found = page.locator("[data-testid]").evaluate_all("all => all.map(one => one.dataset.testid)")
    return [name for name in found if changing.match(name)]
