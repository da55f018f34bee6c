"""What a file is, by its content: its format, and how its text is written. For files that nobody has described yet."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metricloop.plugins.file_tables import Format
from metricloop.sdk import SourceFailed

_BLOCK = 1 << 20
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# GBK text is nearly never valid UTF-8, and Western text nearly never valid GB18030; so the first that fits is it.
_ENCODINGS = ("utf-8", "gb18030", "cp1252")
ENDINGS: dict[Format, str] = {"csv": ".csv", "json": ".json", "parquet": ".parquet", "excel": ".xlsx"}
KNOWN = (".csv", ".tsv", ".txt", ".parquet", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Found:
    """encoding: None where nothing need be said. packed: by gzip."""

    format: Format
    encoding: str | None = None
    packed: bool = False

    @property
    def ending(self) -> str:
        return ENDINGS[self.format] + (".gz" if self.packed else "")

    def options(self, path: str) -> dict[str, Any]:
        """The table of the source `files` that reads it."""
        plain = path.lower().removesuffix(".gz")
        known = plain.endswith(ENDINGS[self.format]) or (self.format in ("csv", "json") and plain.endswith(KNOWN[1:7]))
        given = {"format": None if known else self.format, "encoding": self.encoding}
        return {"path": path, **{name: value for name, value in given.items() if value}}


def inspect(path: Path) -> Found:
    """Look at all of the file. Raises SourceFailed, with what to do, where it is no table of a known kind."""
    try:
        head = next(_blocks(path, packed=False), b"")
        packed = head.startswith(b"\x1f\x8b")
        if packed:
            head = next(_blocks(path, packed=True), b"")
        kind = _binary(path, head)
        return Found(kind, packed=packed) if kind else _of_text(path, head, packed=packed)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _failed(path, f"cannot be read: {reason}", "name a file that is there and whole") from error


def _binary(path: Path, head: bytes) -> Format | None:
    """None for a text. Raises SourceFailed for what cannot be read."""
    if not head.strip():
        raise _failed(path, "the file is empty", "export it again, with its header and rows")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        if path.suffix.lower() in (".xlsx", ".xlsm") or b"xl/" in head or b"[Content_Types].xml" in head[:4096]:
            return "excel"
        raise _failed(path, "it is a zip of other files", "unpack it, and name the file that is in it")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _failed(path, "it is an old Excel workbook (.xls)", "open it in Excel and save it as .xlsx")
    if head.startswith(b"SQLite format 3\x00"):
        raise _failed(path, "it is a SQLite database", f"name it as sqlite:///{path}")
    if b"\x00" in head and not head.startswith(tuple(_BOMS)):
        raise _failed(path, "it is neither text, Excel nor Parquet", "export the table as CSV")
    return None


def _of_text(path: Path, head: bytes, *, packed: bool) -> Found:
    encoding = next((name for mark, name in _BOMS.items() if head.startswith(mark)), None) or _encoding(path, packed)
    begin = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")[:1]
    ends = _line_ends(path, packed) if encoding == "utf-8" else "other"
    said = None if encoding == "utf-8" and ends != "mixed" else encoding
    return Found("json" if begin in ("{", "[") else "csv", said, packed)


def _encoding(path: Path, packed: bool) -> str:
    for name in _ENCODINGS:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            for block in _blocks(path, packed=packed):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    fix = "save it as CSV UTF-8 (in Excel: Save as, CSV UTF-8)"
    raise _failed(path, "its text is neither UTF-8 nor GBK", fix)


def _line_ends(path: Path, packed: bool) -> str:
    both, all_ends, last = 0, 0, b""
    for block in _blocks(path, packed=packed):
        both += block.count(b"\r\n") + (last == b"\r" and block.startswith(b"\n"))
        all_ends += block.count(b"\n")
        last = block[-1:]
    return "mixed" if 0 < both < all_ends else "alike"


def _blocks(path: Path, *, packed: bool) -> Iterator[bytes]:
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _failed(path: Path, problem: str, fix: str) -> SourceFailed:
    return SourceFailed(problem, retryable=False, where=path.name, fix=fix)
