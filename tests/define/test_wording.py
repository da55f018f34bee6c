from __future__ import annotations

from pathlib import Path

from metricloop.define.notices import notices
from metricloop.define.wording import in_words
from metricloop.kernel.message import Message
from tests.define.governed import governed


def told(folder: Path, metric: str) -> list[Message]:
    project = governed(folder)
    return list(in_words(project, project.metrics[metric]))


def test_a_ratio_names_both_measures_and_their_filters(tmp_path: Path) -> None:
    found = told(tmp_path, "paid_rate")
    assert [said.code for said in found] == [
        "definition.ratio", "definition.rows", "definition.where", "definition.rows", "definition.days",
        "definition.late", "definition.draft",
    ]  # fmt: skip
    assert found[2].params == {"measure": "paid", "filter": "status = 'paid' AND region <> 'Test'"}
    assert found[5].params == {"seconds": 7200.0}


def test_a_derived_metric_names_its_inputs(tmp_path: Path) -> None:
    found = told(tmp_path, "average_order")
    assert found[0] == Message("definition.derived", {"formula": "gmv / nullif(order_count, 0)"})
    assert [said.params["metric"] for said in found if said.code == "definition.input"] == ["gmv", "order_count"]


def test_how_far_it_may_be_relied_on_and_who_sees_it(tmp_path: Path) -> None:
    assert "definition.certified" in [said.code for said in told(tmp_path, "gmv")]
    assert told(tmp_path, "cost")[-1] == Message("definition.shown_to", {"teams": ["finance"]})


def test_users_of_what_is_deprecated_are_told_and_nothing_is_wrong(tmp_path: Path) -> None:
    old = "{owner: olga, level: L1, unit: CNY, good_direction: up, status: certified,"
    new = "{owner: olga, level: L1, unit: CNY, good_direction: up, status: deprecated, successor: order_count,"
    found = {(said.code, *said.params.values()) for said in notices(governed(tmp_path, (old, new)))}
    assert found == {
        ("notice.metric_on_deprecated", "average_order", "gmv", "order_count"),
        ("notice.monitor_on_deprecated", "gmv_daily", "gmv", "order_count"),
    }


def test_a_certified_metric_on_drafts_is_told(tmp_path: Path) -> None:
    assert {(said.code, *said.params.values()) for said in notices(governed(tmp_path))} == {
        ("notice.certified_on_draft", "gmv", "order_count"),
        ("notice.certified_on_draft", "gmv", "average_order"),
    }
