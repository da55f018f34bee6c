"""One definition, one answer, cell by cell, on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from metricloop.collect.check_joins import check_joins
from metricloop.collect.model import Row
from metricloop.collect.use_cases import check_dataset
from metricloop.define.dataset import Agg, Join, Measure
from metricloop.define.model import Source
from metricloop.kernel.message import Text
from metricloop.plugins.sources import Sources
from tests.collect.contract.cases import Case, cases_of
from tests.collect.contract.definitions import BASE, DATASETS
from tests.collect.contract.fixture import ORDERS
from tests.collect.contract.loading import ENGINES, rows_in
from tests.collect.contract.reference import Answer, Group, answer

NOWHERE = Source("shop", "none", Text())
Opened = tuple[str, Source, Sources]


@cache
def expected_of(case: Case, in_excel: bool) -> Answer:
    return answer(case.reading(NOWHERE), rows_in("excel" if in_excel else "csv", ORDERS), case.late)


@pytest.mark.parametrize(
    ("engine", "case"),
    [(name, case) for name in ENGINES for case in cases_of(name)],
    indirect=["engine"],
    ids=lambda one: one if isinstance(one, str) else f"{one.dataset}: {one.name}",
)
def test_an_engine_answers_as_plain_python_does(engine: Opened, case: Case) -> None:
    name, source, sources = engine
    reading = case.reading(source)
    found = sources.read(reading)
    expected = expected_of(case, name == "excel")
    assert [_group(row) for row in found] == sorted(expected, key=_order)
    for row in found:
        assert row.measures == pytest.approx(expected[_group(row)], rel=1e-9, abs=1e-6, nan_ok=True), _group(row)


def test_every_dataset_fits_the_engine(engine: Opened) -> None:
    _, source, sources = engine
    for name, dataset in DATASETS.items():
        assert check_dataset(sources, source, dataset) == [], name


@pytest.mark.parametrize("agg", [Agg.SUM, Agg.AVERAGE, Agg.MIN, Agg.MEDIAN])
def test_text_is_never_reckoned_with(engine: Opened, agg: Agg) -> None:
    _, source, sources = engine
    dataset = replace(BASE, measures=(Measure("wrong", agg, "note"),))
    (issue,) = check_dataset(sources, source, dataset)
    assert "note" in issue.problem and issue.fix


def test_a_join_with_several_partners_is_told(engine: Opened) -> None:
    _, source, sources = engine
    assert check_joins(sources, source, BASE) == []
    dataset = replace(
        BASE, joins=(Join("store", "orders", (("store_id", "store_id"), ("code", "code"))), BASE.joins[1])
    )
    (issue,) = check_joins(sources, source, dataset)
    assert issue.where == "dataset orders, join store"
    assert "store_id, code is not unique in orders" in issue.problem


def _group(row: Row) -> Group:
    return row.bucket, row.end, row.values


def _order(group: Group) -> tuple[datetime, datetime, tuple[str, ...]]:
    start, end, values = group
    return start, end or start, values
