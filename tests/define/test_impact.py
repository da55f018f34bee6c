"""What a change means, told from two versions of one project."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from metricloop.define.impact import Meaning, OpenIncident, Standing, meanings
from metricloop.define.makings import redefined
from metricloop.define.model import Kind, Origin
from metricloop.define.rules import read_project
from metricloop.define.versions import next_version, plan
from metricloop.kernel.message import Message
from metricloop.store.project import read_folder
from tests.define.governed import changed

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
STANDING = Standing(
    {"gmv": SINCE, "average_order": SINCE, "paid_rate": SINCE},
    [OpenIncident(7, ("gmv",), "gmv_daily"), OpenIncident(9, ("paid_rate",), "paid_daily")],
)


def told(folder: Path, *changes: tuple[str, str], standing: Standing | None = STANDING) -> dict[str, Meaning]:
    """Kind and name of each change -> what it means."""
    (folder / "shop.yml").write_text(changed(), encoding="utf-8")
    old = read_folder(folder).documents
    (folder / "shop.yml").write_text(changed(*changes), encoding="utf-8")
    new = read_folder(folder).documents
    live = [next_version(None, d.kind, d.name, d.body, origin=Origin.FILE, by="x", at=SINCE) for d in old]
    found = meanings(plan(new, live), read_project(old), read_project(new), standing)
    return {f"{each.change.kind} {each.change.name}": each for each in found}


def codes(found: Meaning) -> list[str]:
    return [said.code for said in found.means]


def said(found: Meaning, code: str) -> Message:
    (message,) = [each for each in found.means if each.code == code]
    return message


def test_a_label_changes_no_number(tmp_path: Path) -> None:
    found = told(tmp_path, ("en: Gross merchandise value", "en: Sales"))["metric gmv"]
    assert found.recomputed == ()
    assert "plan.history_kept" in codes(found) and "plan.monitors_relearn" not in codes(found)
    assert found.says == (
        Message("plan.part_changed", {"part": "label.en", "before": "Gross merchandise value", "after": "Sales"}),
    )


def test_another_owner_changes_no_number(tmp_path: Path) -> None:
    found = told(tmp_path, ("{owner: ann, level: L2, unit: ratio", "{owner: olga, level: L2, unit: ratio"))
    assert codes(found["metric paid_rate"]) == ["plan.history_kept", "plan.used_by_playbooks"]


def test_another_measure_reads_the_history_again(tmp_path: Path) -> None:
    found = told(tmp_path, ("numerator: paid", "numerator: amount"))["metric paid_rate"]
    assert found.recomputed == ("paid_rate",)
    assert [str(each.params["part"]) for each in found.says] == ["numerator"]
    assert said(found, "plan.history_recomputed").params == {"metrics": ["paid_rate"], "from": SINCE.isoformat()}
    assert said(found, "plan.monitors_relearn").params == {"monitors": ["paid_daily"]}
    assert said(found, "plan.incidents_pinned").params == {"incidents": ["9"]}
    assert said(found, "plan.used_by_playbooks").params == {"playbooks": ["unpaid"]}


def test_a_dataset_s_measure_reaches_all_that_stands_on_it(tmp_path: Path) -> None:
    found = told(tmp_path, ("expr: price * qty", "expr: price * qty - rebate"))["dataset orders"]
    assert found.recomputed == ("average_order", "gmv"), "neither the orders nor the paid rate"
    assert said(found, "plan.monitors_relearn").params == {"monitors": ["gmv_daily"]}
    assert said(found, "plan.incidents_pinned").params == {"incidents": ["7"]}


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("timezone: Asia/Shanghai", "timezone: Asia/Tokyo", 6),
        ("table: orders\n", "table: orders_clean\n", 5),
        ("column: area", "column: province", 5),
        ("lateness: 2h", "lateness: 3h", 0),
        ("    owner: dan\n", "    owner: olga\n", 0),
        ("dimensions: [department]", "dimensions: [department, team]", 2),
    ],
)
def test_what_makes_the_numbers_and_what_does_not(tmp_path: Path, old: str, new: str, again: int) -> None:
    before = tmp_path / "before"
    after = tmp_path / "after"
    for folder, changes in ((before, ()), (after, ((old, new),))):
        folder.mkdir()
        (folder / "shop.yml").write_text(changed(*changes), encoding="utf-8")
    projects = [read_project(read_folder(folder).documents) for folder in (before, after)]
    assert len(redefined(*projects)) == again


def test_derived_metrics_and_trees_are_told(tmp_path: Path) -> None:
    found = told(tmp_path, ("measure: amount", "measure: orders"))["metric gmv"]
    assert found.recomputed == ("average_order", "gmv")
    assert said(found, "plan.used_by_metrics").params == {"metrics": ["average_order"]}
    other = told(tmp_path, ("{zh: 订单数, en: Orders}", "{zh: 订单数, en: Orders made}"))["metric order_count"]
    assert said(other, "plan.used_in_trees").params == {"metrics": ["gmv"]}


def test_a_new_metric_is_read_as_far_back_as_its_dataset(tmp_path: Path) -> None:
    new = """  - name: stores
    type: simple
    dataset: orders
    agg: count_distinct
    expr: store_id
    governance: {owner: olga, level: L3, unit: count, good_direction: up}
monitors:
"""
    found = told(tmp_path, ("monitors:\n", new))["metric stores"]
    assert codes(found) == ["plan.history_read"]
    assert found.says == ()


def test_gates_of_a_monitor_keep_what_it_learnt_and_slices_do_not(tmp_path: Path) -> None:
    gates = told(tmp_path, ("minimum_impact: 5", "minimum_impact: 9"))["monitor paid_daily"]
    assert codes(gates) == ["plan.learnt_kept", "plan.incidents_pinned"]
    slices = told(tmp_path, ('slices: ["", region]', 'slices: [""]'))["monitor gmv_daily"]
    assert codes(slices) == ["plan.monitors_relearn", "plan.incidents_pinned"]


def test_deprecation_names_successor_and_users(tmp_path: Path) -> None:
    old = "{owner: ann, level: L2, unit: ratio, good_direction: up}"
    new = "{owner: ann, level: L2, unit: ratio, good_direction: up, status: deprecated, successor: gmv}"
    found = told(tmp_path, (old, new))["metric paid_rate"]
    assert said(found, "plan.deprecated").params == {"successor": "gmv", "monitors": ["paid_daily"]}


def test_who_sees_it_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, (", access: [finance]", ""))["metric cost"]
    assert "plan.shown_to_all" in codes(found)
    grants = told(tmp_path, ("- where: {region: [East]}", "- where: {region: [East, South]}"))["team east"]
    assert said(grants, "plan.rows_shown").params == {"team": "east", "members": ["Eva"]}


def test_a_metric_that_goes_stops(tmp_path: Path) -> None:
    text = changed()
    start, end = text.index("  - name: cost_per_order"), text.index("monitors:\n")
    found = told(tmp_path, (text[start:end], ""))["metric cost_per_order"]
    assert codes(found) == ["plan.metric_stops"]


def test_without_history_it_says_so(tmp_path: Path) -> None:
    found = told(tmp_path, ("numerator: paid", "numerator: amount"), standing=None)["metric paid_rate"]
    assert said(found, "plan.history_to_come").params == {"metrics": ["paid_rate"]}


def test_a_source_that_moved_keeps_its_history(tmp_path: Path) -> None:
    found = told(tmp_path, ("label: {zh: 数仓}}", "label: {zh: 数仓}, options: {host: db2}}"))["source warehouse"]
    assert said(found, "plan.source_moved").params == {"datasets": ["costs", "orders"]}
    assert {Kind.SOURCE} == {found.change.kind}
