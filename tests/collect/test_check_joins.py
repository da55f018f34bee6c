from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from metricloop.collect.check_joins import check_joins
from metricloop.define.dataset import Dataset, Join
from metricloop.define.model import Source
from metricloop.kernel.errors import SourceFailed
from tests.collect.flights import FILES, FLIGHTS

JOINED = replace(FLIGHTS, joins=(Join("plane", "planes", (("tailnum", "tailnum"), ("origin", "base"))),))


@dataclass
class Probe:
    names: Sequence[str] = ()
    fails: bool = False

    def repeated(self, source: Source, dataset: Dataset) -> Sequence[str]:
        if self.fails:
            raise SourceFailed("gone", retryable=True)
        return self.names


def test_keys_that_are_unique_are_no_issue() -> None:
    assert check_joins(Probe(), FILES, JOINED) == []


def test_a_key_that_repeats_is_told_with_the_way_out() -> None:
    (issue,) = check_joins(Probe(("plane",)), FILES, JOINED)
    assert (issue.where, issue.problem) == (
        "dataset flights, join plane",
        "tailnum, base is not unique in planes, so rows would be counted several times",
    )
    assert issue.fix


def test_a_source_that_does_not_answer_is_one_issue() -> None:
    (issue,) = check_joins(Probe(fails=True), FILES, JOINED)
    assert issue.problem == "gone" and issue.where and issue.fix
