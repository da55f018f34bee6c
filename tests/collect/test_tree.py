"""The metric tree: an identity holds in the data, or it is told by how much it misses and when most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import isnan
from pathlib import Path

import pytest

from metricloop.collect.tree import Node, Tree, read_tree, tree_issues
from metricloop.define.project import Project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.grain import Grain
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from tests.cli.shell import metricloop
from tests.collect import queried
from tests.collect.queried import BERLIN, day_span, gmv, local

NOW = datetime(2026, 4, 8, 10, tzinfo=BERLIN)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tree")
    return queried.write_project(made / "project", queried.write_files(made))


@pytest.fixture(scope="module")
def sources(folder: Path) -> Iterator[Sources]:
    opened = Sources(load_registry(), Context(folder, SystemClock()))
    yield opened
    opened.close()


def driven(folder: Path, drivers: dict[str, str]) -> Project:
    project = queried.project_in(folder)
    metrics = {
        name: replace(metric, drivers=drivers.get(name, metric.drivers)) for name, metric in project.metrics.items()
    }
    return replace(project, metrics=metrics)


def tree(
    folder: Path, sources: Sources, metric: str, grain: Grain | None = None, **drivers: str
) -> tuple[Project, Tree]:
    project = driven(folder, drivers)
    return project, read_tree(sources, project, project.metric(metric), NOW, grain)


def names(node: Node) -> list[str]:
    return [node.metric.name, *(name for inner in node.nodes for name in names(inner))]


def test_an_identity_that_holds_misses_by_nothing(folder: Path, sources: Sources) -> None:
    project, found = tree(folder, sources, "order_count", order_count="visitors * conversion")
    assert found.root.identity is not None and found.root.identity.error == pytest.approx(0.0, abs=1e-12)
    assert list(tree_issues(project, found)) == []


def test_a_formula_that_is_none_is_told_with_its_worst_bucket(folder: Path, sources: Sources) -> None:
    project, found = tree(folder, sources, "order_count", order_count="visitors * conversion + 1")
    (issue,) = tree_issues(project, found)
    assert (
        issue.where == "metric order_count, drivers" and "misses it by" in issue.problem and "most at" in issue.problem
    )


def test_values_are_of_the_newest_whole_day_and_a_week_before(folder: Path, sources: Sources) -> None:
    _, found = tree(folder, sources, "gmv")
    assert (found.bucket, found.compared) == (local(date(2026, 4, 7)), local(date(2026, 3, 31)))
    days = date(2026, 4, 7), date(2026, 3, 31)
    assert [found.root.value, found.root.before] == [gmv(day_span(day), lambda row: True) for day in days]
    assert found.root.identity is None and found.root.nodes == ()


def test_weeks_are_compared_with_the_week_before(folder: Path, sources: Sources) -> None:
    _, found = tree(folder, sources, "gmv", Grain.WEEK)
    assert (found.bucket, found.compared) == (local(date(2026, 3, 30)), local(date(2026, 3, 23)))


def test_a_tree_has_levels_and_ends_where_it_comes_back(folder: Path, sources: Sources) -> None:
    rings = {"order_count": "visitors * conversion", "visitors": "order_count / conversion"}
    _, found = tree(folder, sources, "spend", None, spend="order_count * order_value", **rings)
    assert names(found.root)[:3] == ["spend", "order_count", "visitors"]
    assert len(names(found.root)) < 10


def test_what_cannot_be_told_is_no_error(folder: Path, sources: Sources) -> None:
    project = driven(folder, {"order_count": "visitors * conversion"})
    late = datetime(2026, 8, 1, tzinfo=BERLIN)
    found = read_tree(sources, project, project.metric("order_count"), late)
    assert found.root.identity is not None and found.root.identity.error is None
    assert isnan(found.root.nodes[1].value)
    assert list(tree_issues(project, found)) == []


RECENT = """\
project: recent
timezone: UTC
sources: [{{name: shop, plugin: files, options: {{folder: {folder}, tables: {{rows: {{path: rows.csv}}}}}}}}]
datasets:
  - name: rows
    source: shop
    table: rows
    time_column: at
    lateness: 1h
    measures: [{{name: a, agg: sum, expr: a}}, {{name: b, agg: sum, expr: b}}]
metrics:
  - {{name: a, type: simple, dataset: rows, measure: a, governance: {{owner: ana, level: L1, unit: count,
      good_direction: up}}}}
  - {{name: b, type: simple, dataset: rows, measure: b, drivers: "{drivers}", governance: {{owner: ana, level: L1,
      unit: count, good_direction: up}}}}
people: [{{id: ana, name: Ana, roles: [owner], contacts: [{{channel: desk, address: ana}}]}}]
assignment: {{fallback: ana, acknowledge_within: 30m, resolve_within: 1d, escalation: [{{wait: 30m, person: ana}}]}}
channels: [{{name: desk, plugin: console}}]
"""


@pytest.mark.parametrize(("drivers", "code"), [("a * 2", 0), ("a * 3", 1)])
def test_check_asks_the_data_where_it_is_told_to(tmp_path: Path, drivers: str, code: int) -> None:
    now = SystemClock().now()
    lines = [f"{now - timedelta(days=day):%Y-%m-%d %H:%M:%S},{day},{2 * day}" for day in range(60)]
    (tmp_path / "rows.csv").write_text("\n".join(["at,a,b", *lines, ""]), encoding="utf-8")
    (tmp_path / "metricloop.yml").write_text(RECENT.format(folder=tmp_path, drivers=drivers), encoding="utf-8")
    assert metricloop("check", ".", folder=tmp_path).code == 0
    outcome = metricloop("check", ".", "--data", folder=tmp_path)
    assert outcome.code == code, outcome.err
    assert ("a * 3 misses it by 50.00%" in outcome.out) is bool(code)
