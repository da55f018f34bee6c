"""From a file of one's own to a live metric, at the page: in both languages, wide and on a phone."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.site import Server, Visitor
from tests.browser.world import ADMINISTRATOR, CHINESE_ADMINISTRATOR

FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def sales(folder: Path) -> Path:
    """What Chinese Excel exports: GBK, dates with slashes, amounts with signs."""
    path = folder / "shop sales.csv"
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["下单时间", "地区", "金额"])
        for i in range(700):
            at = FIRST + timedelta(minutes=61 * i)
            writer.writerow([f"{at:%Y/%m/%d %H:%M}", ("华东", "华南", "华北")[i % 3], f"￥1,{i % 9}00.50"])
    return path


@pytest.mark.parametrize(
    ("person", "width"), [(ADMINISTRATOR, 1280), (CHINESE_ADMINISTRATOR, 390)], ids=["en-wide", "zh-phone"]
)
def test_a_visitor_brings_a_file_and_leaves_with_a_live_metric(
    new_page: NewPage, server: Server, tmp_path: Path, person: str, width: int
) -> None:
    visitor = Visitor(new_page(width=width), server)
    visitor.enter(person)
    visitor.go("/setup")
    visitor.part("setup-file").set_input_files(sales(tmp_path))
    expect(visitor.part("metric-金额")).to_be_visible()
    expect(visitor.page.locator("main")).to_contain_text("下单时间")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out"
    visitor.click("setup-next")
    expect(visitor.part("setup-numbers").locator(".chart svg").first).to_be_visible()
    visitor.click("setup-publish")
    visitor.page.wait_for_url("**/metrics/shop_sales_count")
    with server.as_(ADMINISTRATOR) as client:
        live = client.get("/metrics/金额").json()
    assert live["name"] == "金额"


def test_a_file_without_a_time_says_so_and_goes_no_further(new_page: NewPage, server: Server, tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text("region,sales\nEast,1\nWest,2\n")
    visitor = Visitor(new_page(), server)
    visitor.enter(ADMINISTRATOR)
    visitor.go("/setup")
    visitor.part("setup-file").set_input_files(tmp_path / "regions.csv")
    expect(visitor.page.locator("main")).to_contain_text("No column tells a time")
    expect(visitor.part("setup-next")).to_be_disabled()
