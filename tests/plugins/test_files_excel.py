"""Workbooks as a source."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from metricloop.plugins.files import FilesOptions, FilesSource
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_source
from tests.plugins.context import context
from tests.plugins.workbook import Cell, write_workbook

NAMES: list[Cell] = ["at", "day", "city", "orders", "amount", "paid"]
FIRST: list[Cell] = [datetime.fromisoformat("2013-01-01 08:30:00"), date(2013, 1, 1), "Zürich", 2, 2.5, True]
EMPTY: list[Cell] = [None] * 6
LAST: list[Cell] = [datetime.fromisoformat("2013-01-01 09:30:00"), None, "  ", 12345678901, 3, False]


def excel(folder: Path, rows: list[list[Cell]], **options: Any) -> FilesSource:
    write_workbook(folder / "orders.xlsx", {"Notes": [["about"]], "Orders": rows})
    return opened(folder, {"path": "orders.xlsx", "sheet": "Orders", **options})


def opened(folder: Path, table: dict[str, Any]) -> FilesSource:
    return FilesSource(FilesOptions.model_validate({"folder": ".", "tables": {"orders": table}}), context(folder))


def test_a_sheet_keeps_what_the_kit_promises(tmp_path: Path) -> None:
    assert check_source(excel(tmp_path, [NAMES, FIRST, LAST]), table="orders", time_column="at") == []


def test_the_cells_decide_the_types_and_rows_of_nothing_are_left_out(tmp_path: Path) -> None:
    source = excel(tmp_path, [NAMES, FIRST, EMPTY, LAST, EMPTY])
    assert source.columns("orders") == {
        "at": "TIMESTAMP",
        "day": "DATE",
        "city": "VARCHAR",
        "orders": "BIGINT",
        "amount": "DOUBLE",
        "paid": "BOOLEAN",
    }
    assert source.read("SELECT sum(orders), sum(amount), count(*), count(day) FROM orders") == [
        (12345678903, 5.5, 2, 1)
    ]
    assert source.read('SELECT CAST("at" AS VARCHAR), city, paid FROM orders ORDER BY "at" LIMIT 1') == [
        ("2013-01-01 08:30:00", "Zürich", True)
    ]
    source.close()


def test_the_first_sheet_is_taken_when_none_is_named(tmp_path: Path) -> None:
    write_workbook(tmp_path / "orders.xlsx", {"Any": [["n"], [1]], "Other": [["n"], [2]]})
    source = opened(tmp_path, {"path": "orders.xlsx"})
    assert source.read("SELECT n FROM orders") == [(1,)]
    source.close()


def test_names_may_stand_in_a_later_row(tmp_path: Path) -> None:
    source = excel(tmp_path, [["Orders of January"], [], NAMES, FIRST], header_row=3)
    assert source.read("SELECT city FROM orders") == [("Zürich",)]
    source.close()


def test_what_a_formula_could_not_compute_is_no_value(tmp_path: Path) -> None:
    source = excel(tmp_path, [["n", "rate"], [1, "#DIV/0!"], [2, 0.5]])
    assert source.read("SELECT n, rate FROM orders ORDER BY n") == [(1, None), (2, 0.5)]
    source.close()


def failing(source: FilesSource) -> SourceFailed:
    with pytest.raises(SourceFailed) as caught:
        source.read("SELECT 1")
    assert not caught.value.retryable
    assert caught.value.fix
    source.close()
    return caught.value


def test_texts_that_stand_for_numbers_are_said_with_their_row(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["city", "amount"], ["Bern", 5], ["Basel", "1,234.50"], ["Chur", "99"]]
    error = failing(excel(tmp_path, rows))
    assert "column amount, row 3: '1,234.50' is a text" in error.problem
    assert "orders.xlsx" in error.where
    assert "thousands" in error.fix
    assert "row 3" in failing(excel(tmp_path, rows, types={"amount": "DOUBLE"})).problem
    source = excel(tmp_path, rows, thousands=",")
    assert source.read("SELECT sum(amount) FROM orders") == [(1338.5,)]
    source.close()
    source = excel(tmp_path, rows, types={"amount": "VARCHAR"})
    assert source.read("SELECT max(amount) FROM orders") == [("99",)]
    source.close()


def test_a_declared_type_that_a_cell_does_not_have_names_the_row(tmp_path: Path) -> None:
    error = failing(excel(tmp_path, [["n"], [1], ["many"]], types={"n": "BIGINT"}))
    assert "Line: 3" in error.problem
    assert "many" in error.problem


def test_codes_stay_texts_among_numbers(tmp_path: Path) -> None:
    source = excel(tmp_path, [["code"], [8001], ["A12"], ["0012"]])
    assert source.read("SELECT code FROM orders ORDER BY code") == [("0012",), ("8001",), ("A12",)]
    source.close()


@pytest.mark.parametrize(
    ("rows", "options", "says"),
    [
        ([["n", "n"], [1, 2]], {}, "two columns are called 'n'"),
        ([["n"]], {"sheet": "Nope"}, "no sheet 'Nope'"),
        ([["n"]], {"header_row": 7}, "has 1 rows"),
        ([["n"], [1]], {"types": {"m": "DOUBLE"}}, "no column 'm'"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, rows: list[list[Cell]], options: dict[str, Any], says: str) -> None:
    assert says in failing(excel(tmp_path, rows, **options)).problem


def test_workbooks_of_a_pattern_are_one_table_if_their_columns_are_the_same(tmp_path: Path) -> None:
    write_workbook(tmp_path / "orders-1.xlsx", {"S": [["at", "n"], [date(2013, 1, 1), 1]]})
    write_workbook(tmp_path / "orders-2.xlsx", {"S": [["at", "n"], [None, 2.5]]})
    (tmp_path / "~$orders-2.xlsx").write_text("what Excel leaves beside a workbook that is open")
    source = opened(tmp_path, {"path": "*.xlsx"})
    assert source.columns("orders") == {"at": "DATE", "n": "DOUBLE"}
    assert source.read("SELECT sum(n) FROM orders") == [(3.5,)]
    write_workbook(tmp_path / "orders-3.xlsx", {"S": [["n", "at"], [2.5, None]]})
    assert "in this order" in failing(source).fix


def test_a_file_that_is_no_workbook_says_so(tmp_path: Path) -> None:
    (tmp_path / "orders.xlsx").write_text("at,n")
    assert "cannot be read as a workbook" in failing(opened(tmp_path, {"path": "orders.xlsx"})).problem
