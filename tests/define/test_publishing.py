"""Who may publish which change: owners what is theirs, stewards everything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from metricloop.access.model import Role
from metricloop.define.impact import meanings
from metricloop.define.model import Kind, Origin
from metricloop.define.publishing import Publisher, Why, governed, may_publish, publishers, refusals
from metricloop.define.rules import read_project
from metricloop.define.versions import next_version, plan
from metricloop.store.project import read_folder
from tests.define.governed import changed
from tests.define.governed import governed as project_of

LABEL = ("en: Gross merchandise value", "en: Sales")
COSTS = """  - name: margin
    type: derived
    expr: "gmv - cost"
    input_metrics: [{name: gmv}, {name: cost}]
    grains: [day]
    governance: {owner: olga, level: L1, unit: CNY, good_direction: up}
monitors:
"""
NEW = """  - name: stores
    type: simple
    dataset: orders
    agg: count
    governance: {owner: eva, level: L3, unit: count, good_direction: up}
monitors:
"""


def refused(folder: Path, person: str, *changes: tuple[str, str], roles: tuple[Role, ...] | None = None) -> list[Why]:
    (folder / "shop.yml").write_text(changed(), encoding="utf-8")
    old = read_folder(folder).documents
    (folder / "shop.yml").write_text(changed(*changes), encoding="utf-8")
    new = read_folder(folder).documents
    at = datetime(2026, 1, 1, tzinfo=UTC)
    live = [next_version(None, d.kind, d.name, d.body, origin=Origin.FILE, by="x", at=at) for d in old]
    before, after = read_project(old), read_project(new)
    who = before.people[person]
    publisher = Publisher(who, who.roles if roles is None else roles)
    found = refusals(meanings(plan(new, live), before, after), publisher, before, after)
    assert all("stu" in each.people for each in found), "a steward always helps"
    return [each.why for each in found]


def test_the_owner_publishes_what_is_theirs(tmp_path: Path) -> None:
    assert refused(tmp_path, "olga", LABEL) == []
    assert refused(tmp_path, "olga", ('slices: ["", region]', 'slices: [""]')) == [], "a monitor on her metric"
    assert refused(tmp_path, "dan", ("lateness: 2h", "lateness: 3h")) == [], "a dataset"


def test_somebody_else_does_not(tmp_path: Path) -> None:
    assert refused(tmp_path, "fay", LABEL) == [Why.NOT_YOURS]
    assert refused(tmp_path, "olga", ("minimum_impact: 5", "minimum_impact: 9")) == [Why.NOT_YOURS]
    assert refused(tmp_path, "olga", ("lateness: 2h", "lateness: 3h")) == [Why.NOT_YOURS]


def test_a_steward_publishes_everything(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, "stu", LABEL, ("measure: amount", "measure: orders"), ("lateness: 2h", "lateness: 3h")) == []
    )


def test_owning_a_metric_without_the_role_is_not_enough(tmp_path: Path) -> None:
    change = ("{zh: 支付率, en: Paid rate}", "{zh: 支付率, en: Share paid}")
    assert refused(tmp_path, "ann", change) == [Why.NOT_YOURS]


def test_a_token_has_its_own_roles(tmp_path: Path) -> None:
    assert refused(tmp_path, "olga", LABEL, roles=(Role.VIEWER,)) == [Why.NOT_YOURS]
    assert refused(tmp_path, "stu", LABEL, roles=(Role.VIEWER,)) == [Why.NOT_YOURS]


def test_numbers_of_a_certified_metric_are_for_a_steward(tmp_path: Path) -> None:
    assert refused(tmp_path, "olga", ("measure: amount", "measure: orders")) == [Why.CERTIFIED]
    assert refused(tmp_path, "dan", ("expr: price * qty", "expr: price")) == [Why.CERTIFIED], "by way of its dataset"
    draft = ("status: certified, ", "")
    assert refused(tmp_path, "olga", ("measure: amount", "measure: orders"), draft) == [], "taken back to a draft"


def test_nobody_certifies_their_own(tmp_path: Path) -> None:
    old = "{zh: 订单数, en: Orders}\n    governance: {owner: olga,"
    assert refused(tmp_path, "olga", (old, f"{old} status: certified,")) == [Why.CERTIFIED]


def test_what_nobody_owns_is_for_a_steward(tmp_path: Path) -> None:
    assert refused(tmp_path, "olga", ("resolve_within: 1d", "resolve_within: 2d")) == [Why.STEWARD_ONLY]
    assert refused(tmp_path, "olga", ("teams: [finance]", "teams: [finance, east]")) == [Why.STEWARD_ONLY]
    assert refused(tmp_path, "fay", ("    lateness: 8h\n", "    lateness: 9h\n")) == [Why.STEWARD_ONLY], "no owner"


def test_other_data_are_for_a_steward(tmp_path: Path) -> None:
    assert Why.OTHER_DATA in refused(
        tmp_path, "dan", ("    table: orders\n", "    table: wages\n"), ("status: certified, ", "")
    )


def test_a_new_metric_is_for_who_answers_for_its_data(tmp_path: Path) -> None:
    assert refused(tmp_path, "eva", ("monitors:\n", NEW)) == [Why.NOT_YOURS]
    assert refused(tmp_path, "dan", ("monitors:\n", NEW)) == []


def test_nobody_shows_themselves_what_they_may_not_see(tmp_path: Path) -> None:
    mixed = ('expr: "gmv / nullif(order_count, 0)"', 'expr: "cost / nullif(order_count, 0)"')
    inputs = (
        "input_metrics: [{name: gmv}, {name: order_count}]\n    label: {zh: 客单价}",
        "input_metrics: [{name: cost}, {name: order_count}]\n    grains: [day]\n    label: {zh: 客单价}",
    )
    assert refused(tmp_path, "olga", mixed, inputs, ('    drivers: "order_count * average_order"\n', "")) == [
        Why.UNSEEN_INPUT
    ]
    assert refused(tmp_path, "olga", ("monitors:\n", COSTS)) == [Why.NOT_YOURS], "she does not own the costs"


@pytest.mark.parametrize(
    ("kind", "name", "people"),
    [
        (Kind.METRIC, "gmv", ("olga", "stu")),
        (Kind.METRIC, "paid_rate", ("stu",)),
        (Kind.MONITOR, "gmv_daily", ("olga", "stu")),
        (Kind.DATASET, "orders", ("dan", "stu")),
        (Kind.DATASET, "costs", ("stu",)),
        (Kind.SOURCE, "warehouse", ("stu",)),
    ],
)
def test_who_may_is_known_before(tmp_path: Path, kind: Kind, name: str, people: tuple[str, ...]) -> None:
    project = project_of(tmp_path)
    assert publishers(project, kind, name) == people
    able = [p.id for p in project.people.values() if may_publish(project, kind, name, Publisher(p, p.roles))]
    assert sorted(able) == sorted(people)


def test_a_project_without_a_steward_is_not_governed_yet(tmp_path: Path) -> None:
    assert governed(project_of(tmp_path))
    assert not governed(project_of(tmp_path, ("roles: [steward]", "roles: [owner]")))
