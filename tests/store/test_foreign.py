"""Files of others are read as plain values, with lines; what is too much is refused before it is built."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from metricloop.kernel.errors import InvalidInput
from metricloop.store.foreign import read_foreign


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str, name: str = "file.yml") -> object:
    return read_foreign(write(folder, name, text))[0].content


def test_yaml_is_read_with_the_line_of_each_part(tmp_path: Path) -> None:
    (file,) = read_foreign(write(tmp_path, "cube.yml", "cubes:\n- name: orders\n  measures:\n  - {name: n}\n"))
    assert file.content == {"cubes": [{"name": "orders", "measures": [{"name": "n"}]}]}
    assert file.places["cubes.0.measures.0"] == "cube.yml:4"


def test_words_are_not_taken_for_truths_or_dates(tmp_path: Path) -> None:
    assert read(tmp_path, "a: no\nb: 2026-01-31\nc: 12:30\nd: true\ne: 5\n") == {
        "a": "no", "b": "2026-01-31", "c": "12:30", "d": True, "e": 5,
    }  # fmt: skip


def test_aliases_and_merge_keys_stand_for_what_they_name(tmp_path: Path) -> None:
    text = "base: &b {type: sum, sql: a}\none: *b\ntwo: {<<: *b, sql: c}\nlist: [&x 1, *x]\n"
    content = {"base": {"type": "sum", "sql": "a"}, "one": {"type": "sum", "sql": "a"}}
    assert read(tmp_path, text) == {**content, "two": {"type": "sum", "sql": "c"}, "list": [1, 1]}


def test_a_tag_makes_nothing_but_text(tmp_path: Path) -> None:
    assert read(tmp_path, "a: !!python/object/apply:os.system ['true']\nb: !!python/name:os.system x\n") == {
        "a": ["true"],
        "b": "x",
    }


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 20)]
    with pytest.raises(InvalidInput, match="more than"):
        read(tmp_path, "\n".join(lines))


def test_an_alias_of_what_it_stands_in_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="stands for nothing"):
        read(tmp_path, "a: &a [1, *a]\n")


@pytest.mark.parametrize("text", ["[" * 200 + "]" * 200, "a:\n" + "".join(" " * at + "- \n" for at in range(1, 200))])
def test_deep_yaml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput):
        read(tmp_path, text)


def test_depth_by_aliases_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1]", *(f"a{at}: &a{at} [[[*a{at - 1}]]]" for at in range(1, 60))]
    with pytest.raises(InvalidInput, match="deep"):
        read(tmp_path, "\n".join(lines))


def test_deep_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        read(tmp_path, "[" * 100_000 + "]" * 100_000, "file.json")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "a: [1"),
        ("a.yml", "{% if x %}\na: 1\n{% endif %}\n"),
        ("a.json", "{"),
        ("a.json", "nothing"),
        ("a.yml", b"\xff\xfe\x00"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str, text: str | bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_foreign(write(tmp_path, name, text))
    assert name in refused.value.where
    assert refused.value.fix


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_foreign(tmp_path / "none.yml")


def test_a_folder_is_all_its_files_but_hidden_ones(tmp_path: Path) -> None:
    write(tmp_path, "b/orders.yml", "a: 1\n")
    write(tmp_path, "a.yaml", "b: 1\n")
    write(tmp_path, "c.json", json.dumps({"c": 1}))
    write(tmp_path, ".hidden/x.yml", "{")
    write(tmp_path, "readme.md", "{")
    assert [file.name for file in read_foreign(tmp_path)] == ["a.yaml", "b/orders.yml", "c.json"]


def test_a_folder_without_such_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="0 YAML"):
        read_foreign(tmp_path)
