from __future__ import annotations

import pytest

from metricloop.access.grants import Guarded, Rows, may_see, row_filter
from metricloop.access.model import Grant, Person, Team
from metricloop.define.sql_expressions import check_predicate
from metricloop.kernel.slices import TOTAL, Slice

GMV = Guarded("gmv", "wang", (), ("region", "carrier"))
EAST = Team("east", grants=(Grant({"region": ("East",)}),))
SOUTH = Team("south", grants=(Grant({"region": ("South", "Islands")}),))
DHL = Team("dhl", grants=(Grant({"carrier": ("DHL",)}),))


def person(*teams: str, id: str = "min") -> Person:
    return Person(id, "He Min", teams=teams)


def seen(who: Person, *teams: Team, metric: Guarded = GMV) -> Rows | tuple[()] | None:
    return row_filter(who, metric, {team.name: team for team in teams})


def test_a_metric_that_names_no_team_is_for_everybody() -> None:
    assert may_see(person(), GMV, {})


def test_a_metric_that_names_teams_is_for_them_and_its_owner() -> None:
    closed = Guarded("margin", "wang", ("finance", "board"), ())
    assert may_see(person("board"), closed, {})
    assert may_see(person(id="wang"), closed, {})
    assert not may_see(person("sales"), closed, {})


def test_without_grants_nothing_is_narrowed() -> None:
    assert seen(person("sales"), Team("sales")) is None
    assert seen(person("nobody knows it")) is None


def test_a_team_sees_its_rows() -> None:
    rows = seen(person("east"), EAST)
    assert isinstance(rows, Rows)
    assert rows.holds(Slice.of({"region": "East"}))
    assert rows.holds(Slice.of({"region": "East", "carrier": "DHL"}))
    assert not rows.holds(Slice.of({"region": "West"}))
    assert not rows.holds(TOTAL), "the whole is not theirs"
    assert not rows.holds(Slice.of({"carrier": "DHL"}))


def test_several_teams_add_up_and_one_without_grants_takes_nothing_away() -> None:
    rows = seen(person("east", "sales", "south"), EAST, SOUTH, Team("sales"))
    assert rows == Rows(({"region": ("East", "South", "Islands")},))


def test_teams_over_different_dimensions_are_alternatives() -> None:
    rows = seen(person("east", "dhl"), EAST, DHL)
    assert isinstance(rows, Rows)
    assert rows.single() is None
    assert rows.holds(Slice.of({"carrier": "DHL"})) and rows.holds(Slice.of({"region": "East"}))


def test_all_dimensions_of_one_grant_must_fit() -> None:
    both = Team("both", grants=(Grant({"region": ("East",), "carrier": ("DHL",)}),))
    rows = seen(person("both"), both)
    assert isinstance(rows, Rows)
    assert rows.holds(Slice.of({"region": "East", "carrier": "DHL"}))
    assert not rows.holds(Slice.of({"region": "East"}))


def test_a_grant_that_names_the_metric_stands_before_one_for_all() -> None:
    team = Team("east", grants=(Grant({"region": ("East",)}), Grant({"carrier": ("DHL",)}, ("gmv",))))
    assert seen(person("east"), team) == Rows(({"carrier": ("DHL",)},))
    assert seen(person("east"), team, metric=Guarded("orders", "wang", (), ("region",))) == Rows(
        ({"region": ("East",)},)
    )


def test_what_cannot_be_narrowed_is_not_shown() -> None:
    costs = Guarded("costs", "wang", (), ("department",))
    assert seen(person("east"), EAST, metric=costs) == ()
    assert not may_see(person("east"), costs, {"east": EAST})


def test_no_role_sees_past_a_grant() -> None:
    owner = Person("wang", "Wang", teams=("east",))
    assert isinstance(seen(owner, EAST), Rows)


@pytest.mark.parametrize(
    ("where", "sql"),
    [
        ({"region": ("East",)}, "(\"region\" IN ('East'))"),
        ({"region": ("O'Hare", "x' OR 1=1 --")}, "(\"region\" IN ('O''Hare', 'x'' OR 1=1 --'))"),
        ({"region": ("East", "(none)")}, '("region" IN (\'East\') OR "region" IS NULL)'),
        ({"大区": ("(none)",)}, '("大区" IS NULL)'),
    ],
)
def test_rows_are_a_condition_that_passes_the_gate_for_sql(where: dict[str, tuple[str, ...]], sql: str) -> None:
    assert Rows((where,)).predicate() == sql
    assert set(check_predicate(sql)) == set(where)


def test_alternatives_are_a_condition_too() -> None:
    found = Rows(({"region": ("East",)}, {"carrier": ("DHL",)})).predicate()
    assert set(check_predicate(found)) == {"region", "carrier"}
