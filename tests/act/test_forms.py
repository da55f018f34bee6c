"""Forms of tasks: what an answer may hold, and which answer ends a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from metricloop.act.rules import checked_answer, stops
from metricloop.kernel.errors import InvalidInput
from tests.act.playbooks import DECIDE, SIGN, TELL


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ({"decision": "act"}, {"decision": "act"}),
        ({"decision": "act", "cause": "", "share": None}, {"decision": "act"}),
        (
            {"decision": "act", "cause": "snow", "share": 0, "told": False},
            {"decision": "act", "cause": "snow", "share": 0, "told": False},
        ),
        ({"decision": "act", "cause": "x" * 3000}, {"decision": "act", "cause": "x" * 2000}),
        ({"decision": "act", "cause": 12}, {"decision": "act", "cause": "12"}),
        ({"decision": "act", "share": 1.5}, {"decision": "act", "share": 1.5}),
        ({"decision": "act", "share": 10**400}, {"decision": "act", "share": 10**400}),
    ],
)
def test_a_form_keeps_what_fits(answer: dict[str, Any], kept: dict[str, Any]) -> None:
    assert checked_answer(DECIDE, answer) == kept


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({}, "decision is needed"),
        ({"decision": ""}, "decision is needed"),
        ({"decision": None}, "decision is needed"),
        ({"decision": "perhaps"}, "is no choice"),
        ({"decision": ["act"]}, "is no choice"),
        ({"decision": "act", "share": "12"}, "share wants a number"),
        ({"decision": "act", "share": True}, "share wants a number"),
        ({"decision": "act", "share": float("nan")}, "share wants a number"),
        ({"decision": "act", "share": float("inf")}, "share wants a number"),
        ({"decision": "act", "told": "yes"}, "told wants yes or no"),
        ({"decision": "act", "more": 1}, "the form has no field 'more'"),
    ],
)
def test_a_form_refuses_what_does_not_fit_and_says_what_does(answer: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem) as refused:
        checked_answer(DECIDE, answer)
    assert refused.value.fix


def test_blanks_are_no_answer_to_what_is_needed() -> None:
    step = replace(DECIDE, form=(replace(DECIDE.form[1], required=True),), stop_on=None)
    with pytest.raises(InvalidInput, match="cause is needed"):
        checked_answer(step, {"cause": "  \n"})


def test_a_step_without_form_takes_no_answer() -> None:
    assert checked_answer(SIGN, {}) == {}
    with pytest.raises(InvalidInput, match="no field"):
        checked_answer(SIGN, {"decision": "act"})


def test_the_answer_that_a_playbook_waits_for_ends_it() -> None:
    assert stops(DECIDE, {"decision": "nothing_to_do"})
    assert not stops(DECIDE, {"decision": "act"})
    assert not stops(DECIDE, {})
    assert not stops(TELL, {"decision": "nothing_to_do"})


def test_a_yes_or_no_is_compared_as_yaml_writes_it() -> None:
    step = replace(DECIDE, stop_on=("told", "false"))
    assert stops(step, {"told": False})
    assert not stops(step, {"told": True})
