"""Pages of the documentation as tests read them: sections by heading, tables by their first column."""

from __future__ import annotations

import re
from itertools import pairwise

from tests.project.tree import ROOT

Table = dict[str, list[str]]


def page(name: str) -> str:
    """The text of docs/<name>."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def sections(text: str, level: int = 2) -> dict[str, str]:
    """Heading of that level (backticks taken off) -> the text under it, deeper headings included."""
    found: dict[str, str] = {}
    for part in re.split(rf"(?m)^(?={'#' * level} )", text)[1:]:
        head, _, body = part.partition("\n")
        found[head.lstrip("#").replace("`", "").strip()] = re.split(rf"(?m)^#{{1,{level}}} ", body)[0]
    return found


def table(text: str) -> Table:
    """Every row of every table in `text`: first cell (backticks taken off) -> the other cells."""
    found: Table = {}
    for line in text.splitlines():
        if not line.startswith("|") or re.fullmatch(r"[|:\s-]+", line):
            continue
        first, *rest = (cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1])
        found[first.replace("`", "")] = rest
    return found


def words(cell: str) -> set[str]:
    """What stands in backticks in a cell."""
    return set(re.findall(r"`([^`]+)`", cell))


def heads(text: str) -> set[str]:
    """First cells of the tables' head lines, which are no rows."""
    lines = text.splitlines()
    return {
        line.split("|")[1].strip()
        for line, under in pairwise(lines)
        if line.startswith("|") and re.fullmatch(r"\|[|:\s-]+", under)
    }


def rows(text: str) -> Table:
    """`table` without the head lines."""
    return {first: rest for first, rest in table(text).items() if first not in heads(text)}
