"""Of 5,000 late rows with updates and deleted rows, nothing is stale after the night; on a real PostgreSQL."""

from __future__ import annotations

import pytest
from benchmarks.late_data import measure

from tests.collect.engines import POSTGRES
from tests.missing import missing

pytestmark = pytest.mark.deep


def test_each_way_finds_more_and_the_night_finds_everything() -> None:
    if not POSTGRES:
        missing("PostgreSQL", "set METRICLOOP_TEST_POSTGRES")
    late = measure(300_000)
    alone, overlap, updated, night = (each.stale for each in late.found)
    assert alone > overlap > updated > night == 0
    assert late.reconciled.changed > 0
    assert late.hours_rows <= late.increment_rows <= 1.1 * late.hours_rows
    assert late.increment_rows < late.table_rows / 100
