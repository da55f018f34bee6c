"""Rows that are columns until somebody looks at one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from metricloop.collect.columns import ColumnTable, RowColumns
from metricloop.collect.model import Row

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROWS = [
    Row(FIRST, ("East",), (1.0, 2.0)),
    Row(FIRST, ("West",), (3.0, 4.0)),
    Row(FIRST + HOUR, ("East",), (5.0, 6.0), FIRST + 3 * HOUR),
]


def test_rows_and_columns_are_the_same_rows() -> None:
    columns = RowColumns.of(ROWS)
    assert columns == ROWS
    assert len(columns) == 3
    assert columns[1] == ROWS[1]
    assert columns[1:] == ROWS[1:]
    assert columns.slices == [("East",), ("West",)]
    assert columns.measures.tolist() == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]


def test_what_are_columns_already_is_given_back() -> None:
    columns = RowColumns.of(ROWS)
    assert RowColumns.of(columns) is columns


def test_no_rows_and_no_measures_are_no_trouble() -> None:
    assert RowColumns.of([]) == []
    bare = [Row(FIRST, (), ())]
    assert RowColumns.of(bare) == bare


def test_a_table_of_columns_is_read_by_rows_too() -> None:
    table = ColumnTable([[1, 2, 3], ["a", "b", "c"]])
    assert list(table) == [(1, "a"), (2, "b"), (3, "c")]
    assert (len(table), table[1], table[1:]) == (3, (2, "b"), [(2, "b"), (3, "c")])
    assert table == [(1, "a"), (2, "b"), (3, "c")]
    assert list(ColumnTable([])) == []
