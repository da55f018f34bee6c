"""Errors say where, what and how to fix it; ids follow from what a thing is; texts have two languages."""

from __future__ import annotations

import pytest

from metricloop.kernel.errors import InvalidInput, InvalidProject, Issue, MetricloopError, SourceFailed
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Text


def test_an_error_tells_where_what_and_how_to_fix() -> None:
    error = InvalidInput("no such column", where="datasets.yml:7", fix="use one of carrier, origin")
    assert str(error) == "datasets.yml:7: no such column. Fix: use one of carrier, origin"
    assert str(InvalidInput("no such column")) == "no such column"


@pytest.mark.parametrize(("count", "told"), [(1, "1 problem in"), (3, "3 problems in")])
def test_a_wrong_project_keeps_every_issue(count: int, told: str) -> None:
    error = InvalidProject([Issue("a.yml:1", "wrong", "right")] * count)
    assert len(error.issues) == count
    assert told in str(error)


def test_a_failed_source_says_whether_to_try_again() -> None:
    assert SourceFailed("no answer", retryable=True).retryable
    assert not SourceFailed("no such table", retryable=False).retryable


def test_every_family_has_its_own_code() -> None:
    families = MetricloopError.__subclasses__()
    assert len({family.code for family in families}) == len(families)


def test_the_same_cause_gives_the_same_id() -> None:
    assert derived_id("run", 7, "delay") == derived_id("run", 7, "delay")
    assert derived_id("run", 7, "delay") != derived_id("run", 77, "elay")
    assert derived_id("a", "b") != derived_id("ab")


def test_a_text_falls_back_to_the_other_language() -> None:
    assert Text(zh="准点率", en="On-time rate").best("zh") == "准点率"
    assert Text(en="On-time rate").best("zh") == "On-time rate"
    assert Text(zh="准点率").best("en") == "准点率"
    assert Text().best("en", "on_time") == "on_time"
