"""Reading a project folder: every file problem is an issue, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.define.model import Kind
from metricloop.kernel.errors import InvalidInput, Issue
from metricloop.store.project import read_folder
from metricloop.store.yaml_text import parse

BAD: dict[str, tuple[bytes, str, str, str]] = {
    "tab": (b"metrics:\n\t- name: a\n", ":2", "a tab in the indentation", "indent with spaces"),
    "open bracket": (b"metrics: [\n  {name: a}\nsources: []\n", ":3", "not valid YAML", "bracket"),
    "open quote": (b"project: 'shop\ntimezone: UTC\n", ":3", "not valid YAML", "close the quote"),
    "colon in a text": (b"project: a: b\n", ":1", "not valid YAML", "in quotes"),
    "sign in front": (b"project: @shop\n", ":1", "not valid YAML", "in quotes"),
    "crooked block": (b"metrics:\n  - name: a\n   type: simple\n", ":3", "not valid YAML", "indentation"),
    "key twice": (b"metrics:\n  - name: a\n    type: simple\n    type: ratio\n", ":4", "first in line 3", "remove one"),
    "section twice": (b"metrics: []\nsources: []\nmetrics: []\n", ":3", "first in line 1", "remove one"),
    "alias": (b"metrics:\n  - name: a\n    label: &l x\n    note: *l\n", ":4", "the alias *l", "write the value out"),
    "merge": (b"metrics:\n  - name: a\n    <<: {type: simple}\n", ":3", "merge key", "write the keys out"),
    "tag": (b"metrics:\n  - name: !!python/object:os.system a\n", ":2", "the tag", "remove it"),
    "key of a list": (b"metrics:\n  - name: a\n    [b]: c\n", ":3", "a key is a list", "plain text"),
    "deep": (b"metrics: " + b"[" * 5000, ":1", "more than 32 levels", "flatten"),
    "deep blocks": (b"metrics: " + b"{a: " * 100 + b"}" * 100, ":1", "more than 32 levels", "flatten"),
    "two documents": (b"project: a\n---\nmetrics: []\n", ":3", "a second YAML document", "remove ---"),
    "list of files": (b"- a\n- b\n", ":1", "not a set of sections", "metrics:"),
    "plain words": (b"hello\n", ":1", "not a set of sections", "metrics:"),
    "unknown section": (b"project: a\nmetric:\n  - name: b\n", ":2", "unknown section metric", "did you mean metrics?"),
    "section of a word": (b"metrics: revenue\n", ":1", "metrics is not a list", "- name: NAME"),
    "section of a block": (b"people:\n  ann: Ann\n", ":1", "people is not a list", "- id: NAME"),
    "no name": (b"metrics:\n  - type: simple\n", ":2", "this metric has no name", "name: NAME"),
    "item that is a word": (b"metrics:\n  - revenue\n", ":2", "this metric has no name", "name: NAME"),
    "empty name": (b"metrics:\n  - name:\n", ":2", "this metric has no name", "name: NAME"),
    "assignment as a list": (b"assignment:\n  - ann\n", ":1", "assignment is not a block", "keys below"),
    "GBK": ("project: shop\nlabel: 收入\n".encode("gbk"), ":2", "it may be GBK", "UTF-8"),
    "UTF-16": ("project: shop\n".encode("utf-16"), ":1", "looks like UTF-16", "UTF-8"),
    "NUL": (b"project: a\nmode: \x00\n", ":2", "a character that YAML does not allow", "remove it"),
    "escaped NUL": (b'project: "a\\0b"\n', ":1", "a control character", "remove it"),
    "half a character": (b'project: "\\ud800"\n', ":1", "a control character", "remove it"),
    "too large": (b"# " + b"x" * 10_000_001, "", "larger than 10 MB", "split it"),
}


def issues_of(folder: Path, data: bytes, name: str = "a.yml") -> tuple[Issue, ...]:
    (folder / name).write_bytes(data)
    return read_folder(folder).issues


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_issue_at_its_line(case: str, tmp_path: Path) -> None:
    data, line, problem, fix = BAD[case]
    found = issues_of(tmp_path, data)
    assert [issue.where for issue in found] == [f"a.yml{line}"]
    assert problem in found[0].problem
    assert fix in found[0].fix


def test_problems_of_all_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("metrics: [", encoding="utf-8")
    (tmp_path / "deep").mkdir()
    found = issues_of(tmp_path, b"- x\n", "deep/c.yml")
    assert [issue.where.partition(":")[0] for issue in found] == ["b.yaml", "deep/c.yml"]


def test_a_folder_named_like_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "metrics.yml").mkdir()
    assert "cannot be read" in read_folder(tmp_path).issues[0].problem


def test_a_hidden_ending_is_told(tmp_path: Path) -> None:
    found = issues_of(tmp_path, b"metrics: []", "metrics.yml.txt")
    assert found == (
        Issue("metrics.yml.txt", "looks like a definition file but does not end in .yml", "rename or remove it"),
    )


def test_no_folder_is_an_error_with_a_fix(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not a folder"):
        read_folder(tmp_path / "nowhere")


def test_empty_files_other_files_and_hidden_ones_hold_nothing(tmp_path: Path) -> None:
    for name in ("empty.yml", "readme.md", "data.csv", ".git.yml"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "comment.yml").write_text("# later\n", encoding="utf-8")
    (tmp_path / "bom.yml").write_bytes(b"\xef\xbb\xbfmetrics:\r\nsources: []\r\n")
    (tmp_path / ".state").mkdir()
    (tmp_path / ".state" / "x.yml").write_text("- nonsense", encoding="utf-8")
    found = read_folder(tmp_path)
    assert (found.documents, found.issues) == ((), ())


def test_documents_know_their_lines_and_paths(tmp_path: Path) -> None:
    text = "project: shop\nmetrics:\n\n  - name: a\n    governance:\n      level: L1\n  - {name: b}\n"
    assert issues_of(tmp_path, text.encode()) == ()
    project, a, b = read_folder(tmp_path).documents
    assert [d.where for d in (project, a, b)] == ["a.yml:1", "a.yml:4", "a.yml:7"]
    assert a.at("governance.level") == "a.yml:6"
    assert a.at("governance.owner") == "a.yml:5"
    assert a.at("nothing") == "a.yml:4"
    assert (project.kind, project.name, project.body) == (Kind.PROJECT, "project", {"project": "shop"})


def test_parent_is_read_but_is_no_part_of_the_definition(tmp_path: Path) -> None:
    issues_of(tmp_path, b"metrics: [{name: a, parent: 0123abcd}]")
    (document,) = read_folder(tmp_path).documents
    assert (document.parent, document.body) == ("0123abcd", {"name": "a"})


SCALARS = {
    "NO": "NO", "on": "on", "yes": "yes", "9E": "9E", "007": "007", "12:30": "12:30", "2013-01-31": "2013-01-31",
    "1_000": "1_000", "0x1F": "0x1F", ".nan": ".nan", "1": 1, "-5": -5, "0.5": 0.5, "1e3": 1000.0,
    "1e999": "1e999", "true": True, "False": False, "null": None, "~": None,
    '"1"': "1", "'true'": "true", "=": "=", "1.": "1.",
}  # fmt: skip


@pytest.mark.parametrize("written", SCALARS)
def test_a_value_means_what_it_looks_like(written: str) -> None:
    (node,), issues = parse(f"value: {written}\n", "a.yml")
    assert issues == []
    assert node.plain() == {"value": SCALARS[written]}
    assert type(node.plain()["value"]) is type(SCALARS[written])


@given(st.text(max_size=80))
def test_any_text_gives_values_or_issues(text: str) -> None:
    parse(text, "a.yml")


@given(
    st.lists(
        st.sampled_from(["a", ":", " ", "\n", "- ", "  ", "[", "]", "{", "}", "'", '"', "|", "&x", "*x", "#", "?"])
    )
)
def test_signs_of_yaml_in_any_order_give_values_or_issues(signs: list[str]) -> None:
    parse("".join(signs), "a.yml")
