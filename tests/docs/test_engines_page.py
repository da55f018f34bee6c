"""The page on SQL engines tells of every dialect, and of each whether it was run."""

from __future__ import annotations

from metricloop.collect.dialects import DIALECTS, RUN
from tests.collect.contract.loading import ENGINES
from tests.docs.pages import page, rows, sections

PAGE = sections(page("reference/sql-engines.md"))


def test_every_dialect_is_there_with_its_state() -> None:
    told = rows(PAGE["Dialects"])
    assert set(told) == set(DIALECTS)
    run = {name for name, cells in told.items() if cells[-1].startswith("run")}
    assert run == set(RUN)
    assert {cells[-1] for name, cells in told.items() if name not in run} == {"generated, not run"}


def test_what_is_called_run_is_run_by_the_suite() -> None:
    assert set(ENGINES) == {"csv", "parquet", "json", "excel", "sqlite", "postgres", "mariadb", "clickhouse", "url"}
