"""What a file is, by its content."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from metricloop.plugins.file_inspection import inspect
from metricloop.sdk import SourceFailed

CHINESE = "日期,金额\n2024-01-02,12\n"


@pytest.mark.parametrize(
    ("name", "content", "format", "encoding"),
    [
        ("a.csv", b"a,b\n1,2\n", "csv", None),
        ("a.csv", CHINESE.encode("gbk"), "csv", "gb18030"),
        ("a.csv", CHINESE.encode("utf-8-sig"), "csv", None),
        ("a.csv", CHINESE.encode("utf-16"), "csv", "utf-16"),
        ("a.csv", "café,b\n1,2\n".encode("cp1252"), "csv", "cp1252"),
        ("a.csv", b"a,b\r\n1,2\n", "csv", "utf-8"),
        ("a.dat", b'  [{"a": 1}]', "json", None),
        ("a.csv", b"PAR1....", "parquet", None),
    ],
)
def test_the_content_says_what_a_file_is(
    tmp_path: Path, name: str, content: bytes, format: str, encoding: str | None
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = inspect(path)
    assert (found.format, found.encoding) == (format, encoding)
    path.write_bytes(gzip.compress(content))
    assert (inspect(path).format, inspect(path).encoding, inspect(path).packed) == (format, encoding, True)


@pytest.mark.parametrize(
    ("content", "fix"),
    [
        (b"", "export it again"),
        (b"\xd0\xcf\x11\xe0rest", "save it as .xlsx"),
        (b"SQLite format 3\x00", "sqlite:///"),
        (b"GIF89a\x00\x01", "as CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_out(tmp_path: Path, content: bytes, fix: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(SourceFailed) as failed:
        inspect(path)
    assert fix in failed.value.fix


def test_a_zip_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
    with pytest.raises(SourceFailed, match="zip"):
        inspect(tmp_path / "a.zip")


def test_a_format_is_written_down_only_where_the_ending_does_not_tell(tmp_path: Path) -> None:
    for name, options in (("a.csv", {"path": "a.csv"}), ("a.export", {"path": "a.export", "format": "csv"})):
        (tmp_path / name).write_text("a\n1\n")
        assert inspect(tmp_path / name).options(name) == options
