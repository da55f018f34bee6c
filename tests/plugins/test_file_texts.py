"""Files in other encodings, and times and numbers as people write them."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metricloop.jobs.clocks import SystemClock
from metricloop.plugins.files import FilesOptions, FilesSource
from metricloop.sdk import Context, SourceFailed


def rows_of(folder: Path, **table: Any) -> list[tuple[Any, ...]]:
    options = FilesOptions.model_validate({"folder": ".", "tables": {"t": table}})
    source = FilesSource(options, Context(folder, SystemClock()))
    try:
        return [tuple(row) for row in source.read("SELECT * FROM t")]
    finally:
        source.close()


def test_a_chinese_excel_csv_is_read_by_its_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes('日期,金额\n2024年1月2日,"￥1,234.5"\n2024年1月3日,12元\n'.encode("gbk"))
    found = rows_of(tmp_path, path="a.csv", encoding="gb18030", times={"日期": "%Y年%m月%d日"}, numbers=["金额"])
    assert found == [(date(2024, 1, 2), 1234.5), (date(2024, 1, 3), 12.0)]


def test_times_in_words_are_dates_or_times_by_their_format(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("d,t\nJan 1 2000,1 Feb 2000 08:30\n")
    [(day, moment)] = rows_of(tmp_path, path="a.csv", times={"d": "%b %d %Y", "t": "%d %b %Y %H:%M"})
    assert (day, moment.isoformat()) == (date(2000, 1, 1), "2000-02-01T08:30:00")


@pytest.mark.parametrize("more", [{"times": {"d": "%b %d %Y"}}, {"numbers": ["d"]}])
def test_a_value_that_does_not_fit_is_named_and_never_made_up(tmp_path: Path, more: dict[str, Any]) -> None:
    (tmp_path / "a.csv").write_text("d\n12\nabout 12\n")
    with pytest.raises(SourceFailed, match=r"table t.*12"):
        rows_of(tmp_path, path="a.csv", **more)


def test_a_column_may_be_called_otherwise_here(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Flow [l/s],day\n1.5,Jan 1 2000\n")
    options = FilesOptions.model_validate(
        {
            "folder": ".",
            "tables": {"t": {"path": "a.csv", "names": {"Flow [l/s]": "flow"}, "times": {"day": "%b %d %Y"}}},
        }
    )
    assert FilesSource(options, Context(tmp_path, SystemClock())).columns("t") == {"flow": "DOUBLE", "day": "DATE"}


def test_mixed_line_ends_are_mended_in_packed_files_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"n,m\r\n1,2\r\n3,4\n"))
    assert rows_of(tmp_path, path="a.csv.gz", encoding="utf-8") == [(1, 2), (3, 4)]


@pytest.mark.parametrize("encoding", ["no-such", "ascii"])
def test_a_wrong_encoding_is_an_error_with_its_fix(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_text("n\né\n", encoding="utf-8")
    with pytest.raises(SourceFailed) as failed:
        rows_of(tmp_path, path="a.csv", encoding=encoding)
    assert "gb18030" in failed.value.fix
