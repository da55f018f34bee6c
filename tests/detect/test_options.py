"""What a monitor may set of its detector, and a way out of what it may not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from metricloop.define.model import Direction
from metricloop.detect.options import seasonal_config, wrong_options
from metricloop.detect.profile import Memory
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain
from tests.triage.nouns import metric, monitor

MEMORY = {"level_weeks": 2, "season_weeks": 12.0, "level_deviation": 2, "season_deviation": 0.5}


@pytest.mark.parametrize(("good", "side"), [(Direction.UP, "down"), (Direction.DOWN, "up"), (Direction.NONE, "both")])
def test_the_bad_side_is_opposite_to_the_good_one(good: Direction, side: str) -> None:
    judged = replace(metric(), governance=replace(metric().governance, good_direction=good, minimum_denominator=12))
    made = seasonal_config(monitor(), judged)
    assert (made.direction, made.kind, made.grain, made.minimum_denominator) == (side, "rate", Grain.HOUR, 12)


def test_a_metric_that_is_no_ratio_is_counted() -> None:
    assert seasonal_config(monitor(), metric(ratio=False)).kind == "count"


def test_a_monitors_own_options_come_first() -> None:
    own = monitor(options={"direction": "both", "minimum_denominator": 99.0, "total_memory": MEMORY})
    made = seasonal_config(own, metric())
    assert (made.direction, made.minimum_denominator) == ("both", 99.0)
    assert made.total_memory == Memory(2, 12.0, 2, 0.5)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"budget": 0.002, "total_budget": 0.03, "minimum_effect": 0},
        {"shift_after": 1, "minimum_history": 0.5, "minimum_relative_effect": 0.2},
        {"part_memory": MEMORY},
    ],
)
def test_what_fits_is_taken(options: dict[str, Any]) -> None:
    assert wrong_options(options, Grain.HOUR) == []
    seasonal_config(monitor(options=options), metric())


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"budgt": 1}, "the seasonal detector has no option 'budgt'"),
        ({"kind": "rate"}, "no option 'kind'"),
        ({"grain": "day"}, "no option 'grain'"),
        ({"budget": 0}, "budget cannot be 0"),
        ({"budget": -1}, "budget cannot be -1"),
        ({"budget": 169}, "budget cannot be 169"),
        ({"total_budget": "much"}, "total_budget cannot be 'much'"),
        ({"total_budget": True}, "total_budget cannot be True"),
        ({"minimum_effect": -0.1}, "minimum_effect cannot be -0.1"),
        ({"minimum_effect": float("nan")}, "minimum_effect cannot be nan"),
        ({"minimum_denominator": None}, "minimum_denominator cannot be None"),
        ({"direction": "left"}, "direction cannot be 'left'"),
        ({"shift_after": 0}, "shift_after cannot be 0"),
        ({"shift_after": 1.5}, "shift_after cannot be 1.5"),
        ({"total_memory": 3}, "total_memory cannot be 3"),
        ({"total_memory": {"level_weeks": 2}}, "total_memory cannot be"),
        ({"part_memory": MEMORY | {"level_weeks": 0}}, "part_memory cannot be"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_way_out(options: dict[str, Any], problem: str) -> None:
    (wrong,) = wrong_options(options, Grain.HOUR)
    assert problem in wrong.problem
    assert wrong.fix
    with pytest.raises(InvalidInput, match="monitor on_time_hourly, options"):
        seasonal_config(monitor(options=options), metric())


def test_every_wrong_option_is_told_not_only_the_first() -> None:
    assert [w.option for w in wrong_options({"budgt": 1, "budget": 1, "shift_after": -1}, Grain.DAY)] == [
        "budgt",
        "shift_after",
    ]
    assert [w.option for w in wrong_options({"budget": 8}, Grain.DAY)] == ["budget"]
