"""Documents to files and back: the same definitions, and untouched lines keep their bytes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricloop.define.model import Document, Kind
from metricloop.define.versions import canonical_json
from metricloop.kernel.errors import InvalidProject
from metricloop.store.project import ONLY_ONE, SECTIONS, read_folder
from metricloop.store.project_writer import write_folder

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"

texts = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=30)
scalars = (
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
words = st.text("abcxyz_", min_size=1, max_size=6).filter(lambda word: word not in {"parent", "name", "id"})
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | texts, inner, max_size=3), max_leaves=8
)
bodies = st.dictionaries(words, values, max_size=4)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    found = {}
    for kind in draw(st.lists(st.sampled_from(list(SECTIONS.values())), max_size=6)):
        name = draw(st.sampled_from(["a", "b", "准点率", "9E", "no", "1e5"]))
        found[kind[0], name] = Document(kind[0], name, {kind[1]: name, **draw(bodies)}, "")
    for only, name in ONLY_ONE.items():
        body = {"project": "p", "mode": draw(texts)} if only is Kind.PROJECT else draw(bodies)
        found[only, name] = Document(only, name, body, "", parent=draw(st.none() | st.just("0123456789")))
    return list(found.values())


def said(found: list[Document] | tuple[Document, ...]) -> dict[tuple[Kind, str], tuple[str, str | None]]:
    return {(one.kind, one.name): (canonical_json(one.body), one.parent) for one in found}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.yml")}


@settings(max_examples=150, deadline=None)
@given(documents(), documents())
def test_what_is_written_is_read_again_and_nothing_is_written_twice(
    first: list[Document], second: list[Document]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for wanted in (first, second):
            write_folder(folder, wanted)
            found = read_folder(folder)
            assert found.issues == ()
            assert said(found.documents) == said(wanted)
            assert write_folder(folder, wanted) == []


@pytest.fixture
def flights(tmp_path: Path) -> Path:
    shutil.copytree(FLIGHTS, tmp_path / "flights")
    return tmp_path / "flights"


def changed(folder: Path, kind: Kind, name: str, **parts: Any) -> list[Document]:
    """The folder's documents, one of them with some keys changed."""
    return [
        replace(one, body={**one.body, **parts}) if (one.kind, one.name) == (kind, name) else one
        for one in read_folder(folder).documents
    ]


def difference(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    old, new = before.decode().splitlines(), after.decode().splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_export_over_the_same_definitions_writes_nothing(flights: Path) -> None:
    assert write_folder(flights, read_folder(flights).documents) == []


def test_one_changed_number_changes_one_line_and_keeps_its_comment(flights: Path) -> None:
    before = contents(flights)
    gates = {"minimum_impact": 35, "minimum_buckets": 1, "recovery_buckets": 1}
    assert write_folder(flights, changed(flights, Kind.MONITOR, "on_time_daily", gates=gates)) == [
        flights / "monitors.yml"
    ]
    old, new = difference(before["monitors.yml"], contents(flights)["monitors.yml"])
    assert len(old) == len(new) == 1
    assert new[0] == old[0].replace(": 12", ": 35", 1)
    assert "#" in new[0]


def test_a_new_definition_goes_where_its_kind_is(flights: Path) -> None:
    before = contents(flights)
    new = Document(Kind.CHANNEL, "pager", {"name": "pager", "plugin": "webhook"}, "")
    write_folder(flights, [*read_folder(flights).documents, new])
    assert (
        contents(flights)["channels.yml"]
        == before["channels.yml"].rstrip(b"\n") + b"\n  - {name: pager, plugin: webhook}\n"
    )


def test_a_definition_that_is_gone_leaves_the_others_as_they_were(flights: Path) -> None:
    wanted = [one for one in read_folder(flights).documents if one.name != "console"]
    write_folder(flights, wanted)
    assert said(read_folder(flights).documents) == said(wanted)
    assert b"a line for each message" in contents(flights)["channels.yml"]


def test_line_ends_of_windows_stay(flights: Path) -> None:
    path = flights / "metricloop.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    write_folder(flights, changed(flights, Kind.PROJECT, "project", mode="manual"))
    data = path.read_bytes()
    assert b"mode: manual              # manual" in data.replace(b"assisted   ", b"manual   ")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_text_that_cannot_be_edited_in_place_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("metrics: [{name: a, type: simple}, {name: b}]\n", encoding="utf-8")
    write_folder(tmp_path, changed(tmp_path, Kind.METRIC, "a", type="ratio"))
    assert said(read_folder(tmp_path).documents) == {
        (Kind.METRIC, "a"): ('{"name":"a","type":"ratio"}', None),
        (Kind.METRIC, "b"): ('{"name":"b"}', None),
    }


def test_nothing_is_written_over_a_file_that_cannot_be_read(flights: Path) -> None:
    documents = read_folder(flights).documents
    (flights / "metrics.yml").write_text("metrics: [", encoding="utf-8")
    before = contents(flights)
    with pytest.raises(InvalidProject):
        write_folder(flights, documents[:3])
    assert contents(flights) == before


def test_a_definition_that_stands_in_two_files_is_not_written_over(tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text("metrics: [{name: a}]", encoding="utf-8")
    with pytest.raises(InvalidProject) as caught:
        write_folder(tmp_path, [])
    assert caught.value.issues[0].where == "b.yml:1"
