from __future__ import annotations

from pathlib import Path

import pytest

from metricloop.define.catalogue import search
from metricloop.define.project import Project
from tests.define.governed import governed


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return governed(tmp_path)


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("gmv", "gmv"),
        ("GMV", "gmv"),
        ("ｇｍｖ", "gmv"),
        ("流水", "gmv"),
        ("成交", "gmv"),
        ("merchandise gross", "gmv"),
        ("支付", "paid_rate"),
        ("paid ra", "paid_rate"),
        ("客单", "average_order"),
    ],
)
def test_it_is_found_by_what_people_call_it(project: Project, words: str, best: str) -> None:
    assert search(project, words)[0].name == best


def test_the_very_name_comes_before_what_contains_it(project: Project) -> None:
    assert [metric.name for metric in search(project, "cost")] == ["cost", "cost_per_order"]


def test_a_dimension_s_synonym_finds_its_metrics_last(project: Project) -> None:
    found = [metric.name for metric in search(project, "区域")]
    assert set(found) == {"gmv", "order_count", "average_order", "paid_rate"}, "those that can be split by it"


def test_every_word_must_be_there(project: Project) -> None:
    assert search(project, "gmv weather") == ()


def test_without_words_it_goes_by_level(project: Project) -> None:
    found = search(project)
    assert found[0].name == "gmv" and found[-1].governance.level == "L3"
    assert len(found) == len(project.metrics)


def test_filters_narrow_it(project: Project) -> None:
    assert [metric.name for metric in search(project, level="L1")] == ["gmv"]
    assert [metric.name for metric in search(project, status="certified")] == ["gmv"]
    assert [metric.name for metric in search(project, owner="ann")] == ["paid_rate"]
    assert [metric.name for metric in search(project, team="finance")] == ["cost"]
    assert search(project, "gmv", level="L2") == ()
