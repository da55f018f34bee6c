from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from metricloop.detect.engine.asked import Columns
from metricloop.kernel.errors import InvalidInput
from metricloop.store.series_files import local_seconds, read_series


def test_timestamps_are_taken_as_people_write_them() -> None:
    midnight = local_seconds("2026-03-01", None)
    assert midnight % 86400 == 0
    for text in ("2026-03-01 00:00:00", "2026/3/1", "2026/3/1 0:00", "2026-03-01T00:00:00+08:00", str(midnight) + ".0"):
        assert local_seconds(text, None) == midnight, text


def test_an_offset_is_put_on_the_local_clock_and_what_has_none_is_local() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert local_seconds("2026-02-28T16:00:00Z", shanghai) == local_seconds("2026-03-01", shanghai)


def test_an_empty_value_is_missing_and_other_columns_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("note, timestamp,value\nx,2026-03-01,1.5\ny,2026-03-02,\nz,2026-03-03,NaN\n")
    read = read_series(path, Columns(), None)
    assert read is not None
    assert np.array_equal(read.values, [1.5, np.nan, np.nan], equal_nan=True)
    assert read_series(path, Columns(value="amount"), None) is None


def test_a_rate_without_a_denominator_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("timestamp,n,d\n2026-03-01,1,4\n2026-03-02,0,0\n2026-03-03,1,\n")
    read = read_series(path, Columns(numerator="n", denominator="d"), None)
    assert read is not None and np.array_equal(read.values, [0.25, np.nan, np.nan], equal_nan=True)


@pytest.mark.parametrize("row", ["2026-03-01,many", "2026-03-01", "soon,1"])
def test_what_cannot_be_read_is_told_with_its_line(row: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"timestamp,value\n{row}\n")
    with pytest.raises(InvalidInput) as raised:
        read_series(path, Columns(), None)
    assert raised.value.where == f"{path}:2"
