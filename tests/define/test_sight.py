from __future__ import annotations

from pathlib import Path

import pytest

from metricloop.define.sight import Sight
from metricloop.kernel.errors import NotPermitted
from metricloop.kernel.slices import TOTAL, Slice
from tests.define.governed import governed

EAST, WEST = Slice.of({"region": "East"}), Slice.of({"region": "West"})


def sight(folder: Path, person: str, *changes: tuple[str, str]) -> Sight:
    project = governed(folder, *changes)
    return Sight(project, project.people[person])


def test_somebody_of_no_team_sees_what_is_open(tmp_path: Path) -> None:
    ann = sight(tmp_path, "ann")
    assert ann.whole("gmv") and ann.rows("gmv") is None and ann.shows("gmv", TOTAL)
    assert ann.restricted, "the costs are for finance"


def test_a_closed_metric_says_whom_to_ask(tmp_path: Path) -> None:
    ann = sight(tmp_path, "ann")
    assert not ann.sees("cost")
    with pytest.raises(NotPermitted) as caught:
        ann.rows("cost")
    assert "Fay" in caught.value.fix and "finance" in caught.value.fix


def test_a_derived_metric_is_as_closed_as_its_inputs(tmp_path: Path) -> None:
    assert not sight(tmp_path, "olga").sees("cost_per_order"), "though she owns it"
    assert sight(tmp_path, "fay").sees("cost_per_order")


def test_unless_it_names_its_own_teams(tmp_path: Path) -> None:
    named = ("level: L3, unit: CNY", "level: L3, access: [data], unit: CNY")
    assert sight(tmp_path, "dan", named).sees("cost_per_order")
    assert sight(tmp_path, "olga", named).sees("cost_per_order"), "its owner"
    assert not sight(tmp_path, "fay", named).sees("cost_per_order")


def test_a_narrowed_reader_sees_rows_and_not_the_total(tmp_path: Path) -> None:
    eva = sight(tmp_path, "eva")
    assert eva.sees("gmv") and not eva.whole("gmv")
    assert eva.shows("gmv", EAST)
    assert not eva.shows("gmv", WEST) and not eva.shows("gmv", TOTAL)


def test_a_derived_metric_is_narrowed_as_its_inputs_are(tmp_path: Path) -> None:
    eva = sight(tmp_path, "eva", ("- where: {region: [East]}", "- {metrics: [gmv], where: {region: [East]}}"))
    assert eva.whole("order_count"), "no grant is about it"
    rows = eva.rows("average_order")
    assert rows is not None and rows.holds(EAST) and not rows.holds(TOTAL)


def test_what_lacks_the_dimension_is_not_shown(tmp_path: Path) -> None:
    only = ("dimensions: [department]", "dimensions: [department]\n    week_start: sunday")
    eva = sight(tmp_path, "eva", only, (", access: [finance]", ""))
    assert not eva.sees("cost") and not eva.sees("cost_per_order")


def test_a_metric_that_is_not_there_is_not_seen(tmp_path: Path) -> None:
    assert not sight(tmp_path, "stu").sees("gone")
