"""Every word that a definition may be written with survives files, store and files again, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from metricloop.define.model import Kind
from metricloop.define.publishing import Publisher
from metricloop.define.rules import read_project
from metricloop.define.shapes import SHAPES
from metricloop.define.use_cases import Edit, apply_documents, current_project, export_documents, publish_edits
from metricloop.define.versions import ChangeKind
from metricloop.store import Store, open_store
from metricloop.store.project import read_folder
from metricloop.store.project_writer import write_folder
from tests.define.governed import changed

AT = datetime(2026, 1, 1, tzinfo=UTC)
# What the governed project lacks of the words of datasets and metrics, with comments in places that must keep them.
EVERYTHING = """
datasets:
  # The visits, by the day.
  - name: visits
    label: {zh: 访问, en: Visits}
    description: |
      One row for each day and page.
      Counted at night.
    owner: dan
    source: warehouse
    sql: "SELECT day, page, count(*) AS n FROM raw_visits GROUP BY day, page"
    time_column: day
    time_column_zone: Asia/Shanghai
    timezone: Asia/Shanghai
    week_start: sunday
    grain: day
    lateness: 8h
    overlap: 3d          # late rows
    updated_column: changed_at
    key: [day, page]
    dimensions: [page]
    measures:
      - {name: visits, agg: sum, expr: n}
      - {name: slow, agg: percentile, expr: n, percentile: 0.95}
    quality: {freshness: 30h, completeness: true, drift: false, nulls: true, duplicates: false}
metrics:
  - name: visits_7d
    type: cumulative
    dataset: visits
    measure: visits
    window: 7d
    grains: [day, week]
    governance:
      owner: olga
      level: L3
      unit: count
      currency: CNY
      value_of_one: 0.5
      good_direction: up
      minimum_denominator: 3
      calendar: CN
      lateness: 12h
      access: [data, "the east desk"]
      synonyms: {zh: [七日访问], en: ["7d", on, "no", "1e5"]}
  - name: visits_mtd
    type: cumulative
    dataset: visits
    agg: sum
    expr: n
    filter: page <> 'health'
    grain_to_date: month
    governance: {owner: olga, level: L3, unit: count, good_direction: up, status: deprecated, successor: visits_7d}
  - name: growth
    type: derived
    expr: "now / before - order_count"
    input_metrics:
      - {name: gmv, alias: now, filter: "carrier = 'DHL'"}
      - {name: gmv, alias: before, offset_window: 1 month}
      - {name: order_count, offset_to_grain: week}
    dimensions: [carrier]
    grains: [day]
    governance: {owner: olga, level: L2, unit: ratio, good_direction: up}
people:
  - {id: gus, name: Gus, teams: ["the east desk"], contacts: [{channel: desk, address: g}]}
teams:
  - name: the east desk
    label: 华东
    grants:
      # Theirs alone.
      - where: {region: [East, (none)], carrier: DHL}
      - {metrics: [gmv], where: {region: [East]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    made.mkdir()
    (made / "shop.yml").write_text(changed(), encoding="utf-8")
    (made / "more.yml").write_text(EVERYTHING, encoding="utf-8")
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "state.db")
    opened.migrate()
    yield opened
    opened.close()


def apply(store: Store, folder: Path) -> set[ChangeKind]:
    found = read_folder(folder)
    assert found.issues == ()
    changes = apply_documents(store.unit, found.documents, by="test", at=AT, issues=found.issues)
    return {change.change for change in changes}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yml"))}


def test_an_export_of_what_was_applied_touches_no_byte(store: Store, folder: Path) -> None:
    apply(store, folder)
    before = files(folder)
    assert write_folder(folder, export_documents(store.unit)) == []
    assert files(folder) == before


def test_an_export_into_an_empty_folder_is_the_same_project_and_the_same_bytes_again(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    apply(store, folder)
    for name in ("new", "again"):
        write_folder(tmp_path / name, export_documents(store.unit))
    assert files(tmp_path / "new") == files(tmp_path / "again")
    assert read_project(read_folder(tmp_path / "new").documents) == read_project(read_folder(folder).documents)
    assert apply(store, tmp_path / "new") == {ChangeKind.UNCHANGED}


def test_what_a_page_publishes_is_one_line_in_the_file_and_comments_stay(store: Store, folder: Path) -> None:
    apply(store, folder)
    publish(store, Kind.DATASET, "visits", overlap="5d")
    publish(store, Kind.TEAM, "the east desk", label="华东区")
    before = files(folder)["more.yml"].decode().splitlines()
    write_folder(folder, export_documents(store.unit))
    after = files(folder)["more.yml"].decode().splitlines()
    assert set(before) - set(after) == {"    overlap: 3d          # late rows", "    label: 华东"}
    fresh = [line.strip() for line in after if line not in before]
    assert [line for line in fresh if not line.startswith("parent: ")] == [
        "overlap: 5d          # late rows",
        "label: 华东区",
    ]
    assert len([line for line in fresh if line.startswith("parent: ")]) == 2, "each has seen the version of the page"
    assert "  # The visits, by the day." in after and "      # Theirs alone." in after
    assert apply(store, folder) == {ChangeKind.UNCHANGED}


def publish(store: Store, kind: Kind, name: str, **parts: Any) -> None:
    with store.unit() as unit:
        stu = current_project(unit).people["stu"]
        live = unit.definitions.newest(kind, name)
        assert live is not None
        edit = Edit(kind, name, {**live.body, **parts}, live.hash)
        publish_edits(unit, [edit], publisher=Publisher(stu, stu.roles), at=AT)


def test_every_word_of_metrics_datasets_and_teams_is_tried_here() -> None:
    text = changed() + EVERYTHING
    for kind in (Kind.DATASET, Kind.METRIC, Kind.TEAM):
        lacking = [word for word in SHAPES[kind].model_fields if f"{word}:" not in text]
        assert lacking == [], kind
