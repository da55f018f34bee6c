"""Which slices the search finds, and which it leaves alone."""

from __future__ import annotations

import numpy as np

from metricloop.attribute.dispersion import amounts, stray_of
from metricloop.attribute.leaves import LeafTable, cuboids, slice_of
from metricloop.attribute.search import Limits, find
from tests.attribute.tables import Row, columns, factors, orders, rows, volumes


def found(table: LeafTable, direction: int = -1, limits: Limits | None = None) -> list[str]:
    parts = cuboids(table, 4)
    evidence = amounts(table.actual, table.expected, None)
    findings = find(evidence, parts, stray_of(table, evidence, parts), direction, limits or Limits())
    return [slice_of(table, parts[f.cuboid], int(f.leaves[0])).key for f in findings]


def test_tables_of_noise_have_no_findings() -> None:
    assert [found(orders(lambda row: 1.0, seed), direction=0) for seed in range(30)].count([]) >= 28


def test_only_slices_that_went_the_asked_way_are_found() -> None:
    def factor(row: Row) -> float:
        return {"C1": 0.5, "C2": 1.8}.get(row["carrier"], 1.0)

    table = orders(factor)
    assert found(table, -1) == ["carrier=C1"]
    assert found(table, +1) == ["carrier=C2"]
    assert sorted(found(table, 0)) == ["carrier=C1", "carrier=C2"]


def test_a_coarser_slice_takes_over_when_all_of_it_moved() -> None:
    noisy = np.random.default_rng(1).normal(1, 0.15, len(rows()))
    expected = volumes()
    actual = np.round(expected * noisy * factors(lambda row: 0.4 if row["carrier"] == "C1" else 1.0))
    assert found(LeafTable.of_sum(columns(rows()), actual, expected)) == ["carrier=C1"]


def test_siblings_that_cover_their_parent_are_merged_into_it() -> None:
    def factor(row: Row) -> float:
        left = {"W0": 0.3, "W1": 0.5, "W2": 0.4, "W3": 0.6, "W4": 0.45}
        return left[row["warehouse"]] if row["line"] == "L2" else 1.0

    assert found(orders(factor)) == ["line=L2"]


def test_two_large_causes_do_not_hide_each_other() -> None:
    def factor(row: Row) -> float:
        return 3.0 if row["carrier"] in ("C1", "C2") else 1.0

    assert sorted(found(orders(factor), +1)) == ["carrier=C1", "carrier=C2"]


def test_no_more_findings_than_asked_for() -> None:
    def factor(row: Row) -> float:
        return 0.4 if (row["warehouse"], row["line"]) in (("W0", "L1"), ("W2", "L3"), ("W3", "L5")) else 1.0

    table = orders(factor)
    assert len(found(table)) == 3
    assert len(found(table, limits=Limits(most=2))) == 2
