"""The metric centre at the browser: catalogue, metric page, source page, and the editor up to publishing."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.site import Server, Visitor, serving
from tests.browser.world import ADMINISTRATOR, CHINESE_ADMINISTRATOR, VIEWER, World

PEOPLE = {"en": ADMINISTRATOR, "zh": CHINESE_ADMINISTRATOR}
EVERYWHERE = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture
def reader(new_page: NewPage, shown: Server, language: str) -> Visitor:
    """Looks and changes nothing."""
    visitor = Visitor(new_page(), shown)
    visitor.enter(PEOPLE[language])
    return visitor


@pytest.fixture(scope="module")
def edited(template: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for those who publish; each of them another metric."""
    with serving(template, tmp_path_factory.mktemp("edited")) as running:
        yield running


@pytest.fixture
def editor(new_page: NewPage, edited: Server) -> Visitor:
    return Visitor(new_page(), edited)


@EVERYWHERE
@pytest.mark.parametrize("word", ["punctuality", "准点率"])
def test_a_metric_is_found_by_its_synonyms_of_both_languages(reader: Visitor, word: str) -> None:
    reader.go("/metrics")
    reader.part("metric-search").fill(word)
    expect(reader.part("metric-parcels")).to_have_count(0)
    expect(reader.part("metric-in_time_rate")).to_be_visible()
    expect(reader.page).to_have_url(re.compile(r"\?q="))


@pytest.mark.parametrize("language", ["en"])
def test_filters_stand_in_the_address_and_say_how_many_there_are_without_them(reader: Visitor) -> None:
    reader.go("/metrics?status=deprecated")
    expect(reader.part("metric-late_share")).to_be_visible()
    expect(reader.page.locator("main")).to_contain_text("1 of 5 metrics")
    reader.go("/metrics?status=deprecated&level=L1")
    expect(reader.page.locator("main")).to_contain_text("Without this filter there are 5")
    reader.page.get_by_role("button", name="Clear the filter").click()
    expect(reader.part("metric-parcels")).to_be_visible()
    expect(reader.page).to_have_url(re.compile(r"/metrics$"))


@pytest.mark.parametrize(
    ("language", "words", "holds"),
    [("en", "both summed first", "holds in the data"), ("zh", "先汇总再相除", "与数据相符")],
)
def test_a_metrics_page_says_what_it_is_and_what_drives_it(reader: Visitor, words: str, holds: str) -> None:
    reader.go("/metrics/in_time_rate")
    expect(reader.part("definition-words")).to_contain_text(words)
    lineage = reader.part("lineage").locator(".lineage-wide")
    for name in ("in_time", "parcels", "in_time_hourly", "deliveries"):
        expect(lineage.get_by_text(name, exact=True).first).to_be_attached()
    reader.go("/metrics/parcels")
    tree = reader.part("metric-tree")
    expect(tree).to_contain_text(holds)
    expect(tree.get_by_role("link")).to_have_count(3)
    expect(reader.part("versions").locator("li")).to_have_count(1)


@pytest.mark.parametrize("language", ["en"])
def test_weeks_are_asked_of_the_source_when_somebody_looks(reader: Visitor) -> None:
    reader.go("/metrics/in_time_rate?grain=week")
    expect(reader.page.locator("main")).to_contain_text("asked of the source now")
    expect(reader.page.get_by_role("img", name=re.compile("^Delivered in time, total"))).to_be_visible()


@pytest.mark.parametrize("language", ["en"])
def test_a_deprecated_metric_leads_to_its_successor(reader: Visitor) -> None:
    reader.go("/metrics/late_share")
    reader.part("successor").click()
    expect(reader.page.locator("h1")).to_have_text("Delivered in time")


@pytest.mark.parametrize(("language", "time"), [("en", "time"), ("zh", "时间")])
def test_a_sources_page_shows_health_datasets_and_columns(reader: Visitor, time: str) -> None:
    reader.go("/sources")
    reader.click("source-depot")
    reader.sees_state("source-state", "on_time")
    dataset = reader.part("dataset-deliveries")
    expect(dataset.get_by_role("row").filter(has_text="due_at")).to_contain_text(time)
    dataset.get_by_role("link", name="in_time_rate").click()
    expect(reader.page).to_have_url(re.compile("/metrics/in_time_rate"))


def test_form_and_yaml_are_one_definition_and_a_mistake_stands_at_its_line(editor: Visitor) -> None:
    editor.enter(ADMINISTRATOR)
    editor.go("/metrics/parcels")
    editor.click("edit-metric")
    yaml = editor.part("editor-yaml")
    editor.page.get_by_label("Label (English)").fill("Parcels due")
    expect(yaml).to_have_value(re.compile("en: Parcels due"))
    yaml.fill(yaml.input_value().replace("measure: parcels", "measure: parcel"))
    editor.sees_state("editor-state", "wrong")
    expect(editor.part("editor-issues")).to_contain_text("Line 4")
    expect(editor.part("field-measure")).to_contain_text("parcel")
    expect(editor.part("publish")).to_be_disabled()
    yaml.fill(yaml.input_value().replace("measure: parcel\n", "measure: in_time\n"))
    editor.sees_state("editor-state", "right")
    expect(editor.part("field-measure")).to_contain_text("in_time")
    expect(editor.page.get_by_label("Label (English)")).to_have_value("Parcels due")


def test_numbers_are_seen_and_the_plan_is_read_before_anything_is_published(editor: Visitor) -> None:
    editor.enter(ADMINISTRATOR)
    editor.go("/metrics/in_time_parcels/edit")
    editor.page.get_by_label("Filter").fill("city = 'Wuhan'")
    editor.sees_state("editor-state", "right")
    expect(editor.part("plan")).to_contain_text("city = 'Wuhan'")
    editor.click("preview")
    numbers = editor.part("preview-numbers")
    expect(numbers.get_by_role("columnheader")).to_have_count(4)
    expect(numbers.get_by_role("row")).to_have_count(15)
    editor.click("publish")
    expect(editor.page).to_have_url(re.compile("/metrics/in_time_parcels$"))
    versions = editor.part("versions").locator("li")
    expect(versions).to_have_count(2)
    expect(versions.first).to_contain_text("Ada")
    versions.first.get_by_role("button").click()
    expect(versions.first.get_by_role("row").filter(has_text="filter")).to_contain_text("city = 'Wuhan'")


def test_a_new_metric_is_published_in_chinese(editor: Visitor) -> None:
    editor.enter(CHINESE_ADMINISTRATOR)
    editor.go("/metrics")
    editor.click("new-metric")
    editor.sees_state("editor-state", "wrong")  # it does not say yet what it measures
    editor.page.get_by_label("名称（字母、数字、_）").fill("wuhan_parcels")
    editor.page.get_by_label("显示名 (中文)").fill("武汉包裹数")
    yaml = editor.part("editor-yaml")
    expect(yaml).to_have_value(re.compile("武汉包裹数"))
    yaml.fill(yaml.input_value() + "measure: parcels\nfilter: city = 'Wuhan'\n")
    editor.sees_state("editor-state", "right")
    editor.click("publish")
    expect(editor.page.locator("h1")).to_have_text("武汉包裹数")
    expect(editor.part("definition-words")).to_contain_text("草稿")


def test_what_somebody_else_published_meanwhile_is_shown_and_not_lost(editor: Visitor) -> None:
    editor.enter(ADMINISTRATOR)
    editor.go("/metrics/late_parcels/edit")
    editor.sees_state("editor-state", "right")
    with editor.server.as_(CHINESE_ADMINISTRATOR) as colleague:
        live = colleague.get("/definitions/metric/late_parcels").json()
        body = live["body"] | {"description": "Too late"}
        edit = {"kind": "metric", "body": body, "parent": live["hash"]}
        colleague.post("/definitions/publish", json={"edits": [edit]}).raise_for_status()
    editor.page.get_by_label("Label (English)").fill("Parcels that came late")
    moved = editor.part("moved")
    expect(moved).to_contain_text("Too late")
    expect(moved).to_contain_text("周宁")
    expect(editor.part("publish")).to_be_disabled()
    moved.get_by_role("button", name="Put mine on top of it").click()
    editor.click("publish")
    expect(editor.page.locator("h1")).to_have_text("Parcels that came late")


def test_who_may_not_change_definitions_sees_them_and_is_told_so(new_page: NewPage, shown: Server) -> None:
    visitor = Visitor(new_page(), shown)
    visitor.enter(VIEWER)
    visitor.go("/metrics/parcels")
    expect(visitor.part("definition-words")).to_be_visible()
    expect(visitor.part("edit-metric")).to_have_count(0)
    visitor.go("/metrics/parcels/edit")
    expect(visitor.page.get_by_label("Label (English)")).to_be_disabled()
    expect(visitor.page.locator("main")).to_contain_text("an administrator can grant it")
    expect(visitor.part("publish")).to_have_count(0)


def test_data_that_stop_coming_are_an_incident_of_their_own(visitor: Visitor) -> None:
    with closing(sqlite3.connect(visitor.server.world.project / "deliveries.db")) as file, file:
        file.execute("DELETE FROM deliveries WHERE due_at >= '2025-03-06T15:00:00Z'")
    with visitor.server.as_(ADMINISTRATOR) as client:
        client.put("/loop/clock", json={"speed": 3600}).raise_for_status()
        number = wait_for_data_incident(client.get)
        client.put("/loop/clock", json={"speed": 0}).raise_for_status()
    visitor.enter(ADMINISTRATOR)
    visitor.go("/incidents")
    link = visitor.page.get_by_role("link", name=re.compile("Nothing has arrived in deliveries"))
    expect(visitor.page.get_by_role("row").filter(has=link)).to_contain_text("Data")
    link.click()
    facts = visitor.part("data-incident")
    expect(facts.get_by_role("link", name="Delivered in time")).to_be_visible()
    facts.get_by_role("link", name="deliveries").click()
    visitor.sees_state("source-state", "held")
    expect(visitor.part("dataset-deliveries").get_by_role("link", name=f"Incident #{number}")).to_be_visible()


def wait_for_data_incident(get: object) -> int:
    assert callable(get)
    for _ in range(300):
        for row in get("/incidents?state=active&limit=50").json()["items"]:
            if row["kind"] == "data":
                return int(row["id"])
        time.sleep(0.1)
    raise AssertionError("silence never became an incident")
