from __future__ import annotations

from pathlib import Path

import pytest

from metricloop.define.lineage import Lineage, Relation, Role, lineage
from metricloop.kernel.errors import NotFound
from tests.define.governed import governed


def arrows(found: Lineage, relation: Relation) -> set[tuple[str, str]]:
    return {(edge.start, edge.end) for edge in found.edges if edge.relation is relation}


def nodes(found: Lineage, role: Role) -> list[str]:
    return [node.name for node in found.nodes if node.role is role]


def test_it_goes_down_to_columns_and_up_to_playbooks(tmp_path: Path) -> None:
    found = lineage(governed(tmp_path), "paid_rate")
    assert nodes(found, Role.SOURCE) == ["warehouse"]
    assert arrows(found, Relation.COUNTED) == {
        ("dataset orders", "measure orders.orders"),
        ("dataset orders", "measure orders.paid"),
    }
    assert arrows(found, Relation.FILTERED) == {
        ("column orders.status", "measure orders.paid"),
        ("column orders.stores.area", "measure orders.paid"),
    }
    assert nodes(found, Role.MONITOR) == ["paid_daily"]
    assert nodes(found, Role.PLAYBOOK) == ["any", "unpaid"]


def test_dimensions_lead_to_the_columns_behind_them(tmp_path: Path) -> None:
    found = lineage(governed(tmp_path), "gmv")
    assert arrows(found, Relation.COUNTED) == {
        ("column orders.price", "measure orders.amount"),
        ("column orders.qty", "measure orders.amount"),
    }
    split = {start for start, _ in arrows(found, Relation.SPLIT)}
    assert split == {"column orders.carrier", "column orders.stores.area", "column orders.qty"}
    assert nodes(found, Role.PLAYBOOK) == ["any"], "the other one is for another metric"


def test_derived_metrics_stand_between(tmp_path: Path) -> None:
    found = lineage(governed(tmp_path), "average_order")
    assert arrows(found, Relation.PART) >= {
        ("metric gmv", "metric average_order"),
        ("metric order_count", "metric average_order"),
        ("measure orders.amount", "metric gmv"),
    }
    up = lineage(governed(tmp_path), "order_count")
    assert {"average_order", "cost_per_order"} <= set(nodes(up, Role.METRIC))


def test_trees_are_arrows_of_their_own(tmp_path: Path) -> None:
    found = lineage(governed(tmp_path), "gmv")
    assert arrows(found, Relation.DRIVES) == {
        ("metric order_count", "metric gmv"),
        ("metric average_order", "metric gmv"),
    }


def test_every_arrow_has_two_ends(tmp_path: Path) -> None:
    project = governed(tmp_path)
    for name in project.metrics:
        found = lineage(project, name)
        ids = {node.id for node in found.nodes}
        assert len(ids) == len(found.nodes)
        assert {end for edge in found.edges for end in (edge.start, edge.end)} <= ids, name


def test_an_unknown_metric_has_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        lineage(governed(tmp_path), "gone")
