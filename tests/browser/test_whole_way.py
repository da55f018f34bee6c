"""A visitor takes an incident the whole way round the loop, with the mouse."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.site import Server, Visitor
from tests.browser.world import ADMINISTRATOR, CHINESE_ADMINISTRATOR

LATE_COURIERS, BAD_HOUR = "4", "3"


@dataclass(frozen=True, slots=True)
class Words:
    """What the visitor reads and clicks where only words tell the choices apart."""

    fast: str
    fast_short: str
    paused: str
    paused_short: str
    act: str
    headline: str


ENGLISH = Words(
    fast="1 hour in 1 s",
    fast_short="1 h / 1 s",
    paused="Paused",
    paused_short="paused",
    act="Act",
    headline="City Wuhan: delivered in time down to",
)
CHINESE = Words(
    fast="1 秒走 1 小时",
    fast_short="1 时 / 1 秒",
    paused="暂停",
    paused_short="暂停",
    act="干预",
    headline="城市 Wuhan：准时送达率降到",
)


@pytest.mark.parametrize(
    ("person", "words"), [(ADMINISTRATOR, ENGLISH), (CHINESE_ADMINISTRATOR, CHINESE)], ids=["en", "zh"]
)
def test_a_visitor_takes_an_incident_the_whole_way(
    new_page: NewPage, server: Server, person: str, words: Words
) -> None:
    visitor = Visitor(new_page(), server)
    visitor.enter(person)
    take_care(visitor, words)
    wait_for_the_data(visitor, words)
    label(visitor, "true")
    visitor.go(f"/incidents/{BAD_HOUR}")
    label(visitor, "false_alarm")
    decide_on_the_proposal(visitor)


def take_care(visitor: Visitor, words: Words) -> None:
    """Open the incident from the list, acknowledge it, do the task, approve, call it resolved."""
    visitor.go("/incidents")
    visitor.page.locator(f"a[href='/incidents/{LATE_COURIERS}']").first.click()
    expect(visitor.part("incident-headline")).to_contain_text(words.headline)
    visitor.sees_state("incident-state", "open")
    visitor.click("incident-acknowledge")
    visitor.sees_state("incident-state", "acknowledged")
    visitor.click("incident-task")
    visitor.part("field-decision").get_by_text(words.act, exact=True).click()
    visitor.click("task-complete")
    visitor.sees_state("incident-state", "in_progress")
    visitor.click("incident-task")
    visitor.click("approval-approve")
    visitor.click("incident-resolve")
    visitor.click("incident-resolve-confirm")
    visitor.sees_state("incident-state", "resolved")


def wait_for_the_data(visitor: Visitor, words: Words) -> None:
    """Let the clock run until the data says that it is back; the page shows it by itself."""
    visitor.set_speed(words.fast, words.fast_short)
    visitor.sees_state("incident-state", "verified", within_s=60)
    visitor.set_speed(words.paused, words.paused_short)


def label(visitor: Visitor, verdict: str) -> None:
    visitor.click(f"label-{verdict}")
    expect(visitor.part("label-preview").locator("li").first).to_be_visible()
    visitor.click("label-confirm")
    expect(visitor.part("label-given")).to_be_visible()


def decide_on_the_proposal(visitor: Visitor) -> None:
    visitor.click("nav-proposals")
    visitor.click("proposal-link")
    visitor.sees_state("proposal-state", "open")
    visitor.click("proposal-accept")
    visitor.click("proposal-accept-confirm")
    visitor.sees_state("proposal-state", "accepted")
    expect(visitor.part("proposal-version")).to_have_text(re.compile("2"))
