"""What a change is, and when the store has moved past a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.define.model import Document, Kind, Origin, Version
from metricloop.define.versions import Change, ChangeKind, content_hash, differences, next_version, plan

AT = datetime(2026, 1, 1, tzinfo=UTC)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def chain(*steps: tuple[Origin, Mapping[str, Any]]) -> list[Version]:
    """Versions of monitor m, newest first."""
    versions: list[Version] = []
    for origin, body in steps:
        previous = versions[0] if versions else None
        versions.insert(0, next_version(previous, Kind.MONITOR, "m", body, origin=origin, by="ann", at=AT))
    return versions


def document(body: Mapping[str, Any], parent: str | None = None) -> Document:
    return Document(Kind.MONITOR, "m", body, "monitors.yml:3", parent=parent)


def change(documents: Sequence[Document], history: Sequence[Version]) -> Change:
    (found,) = plan(documents, history[:1], {(Kind.MONITOR, "m"): history})
    return found


FILE, LEARNT = (Origin.FILE, {"budget": 1}), (Origin.PROPOSAL, {"budget": 2})


def test_a_version_knows_its_number_its_parent_and_its_content() -> None:
    second, first = chain(FILE, LEARNT)
    assert (first.number, first.parent, second.number, second.parent) == (1, None, 2, first.hash)
    assert first.hash == content_hash({"budget": 1})


def test_the_same_content_has_the_same_hash_however_it_is_written() -> None:
    assert content_hash({"a": 1, "b": [1.0, "x"]}) == content_hash({"b": [1, "x"], "a": 1.0})
    assert content_hash({"a": 1}) != content_hash({"a": True}) != content_hash({"a": "1"})


@given(json_values, json_values)
def test_things_differ_exactly_when_their_hashes_do(before: Any, after: Any) -> None:
    same = content_hash({"": before}) == content_hash({"": after})
    assert same == (list(differences(before, after)) == [])
    assert list(differences(before, before)) == []


def test_items_of_a_list_are_compared_by_name() -> None:
    before = {"steps": [{"id": "look"}, {"id": "fix", "within": "1h"}], "grains": ["day"]}
    after = {"steps": [{"id": "fix", "within": "2h"}, {"id": "verify"}], "grains": ["day", "hour"]}
    assert [str(one) for one in differences(before, after)] == [
        'steps.look: {"id":"look"} (removed)',
        'steps.fix.within: "1h" -> "2h"',
        'steps.verify: {"id":"verify"} (new)',
        'grains: ["day"] -> ["day","hour"]',
    ]


def test_another_order_of_steps_is_a_difference() -> None:
    found = list(differences([{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}]))
    assert [(one.before, one.after) for one in found] == [('["a","b"]', '["b","a"]')]


def test_a_new_name_is_added_with_all_its_parts() -> None:
    (found,) = plan([document({"budget": 1})], [])
    assert (found.change, found.where, str(found.differences[0])) == (
        ChangeKind.ADDED,
        "monitors.yml:3",
        "budget: 1 (new)",
    )


def test_the_same_content_is_unchanged_whoever_made_it() -> None:
    assert change([document({"budget": 2})], chain(FILE, LEARNT)).change is ChangeKind.UNCHANGED


def test_a_file_may_change_what_a_file_made() -> None:
    found = change([document({"budget": 3})], chain(FILE))
    assert (found.change, found.unseen) == (ChangeKind.CHANGED, None)
    assert str(found.differences[0]) == "budget: 1 -> 3"


def test_an_old_file_may_not_undo_what_was_learnt() -> None:
    history = chain(FILE, LEARNT)
    assert change([document({"budget": 1})], history).unseen == history[0]


def test_a_file_that_names_what_was_learnt_may_replace_it() -> None:
    history = chain(FILE, LEARNT)
    assert change([document({"budget": 3}, history[0].hash)], history).unseen is None
    assert change([document({"budget": 3}, history[0].hash[:12])], history).unseen is None


def test_a_named_parent_still_holds_after_files_went_on_from_it() -> None:
    history = chain(FILE, LEARNT, (Origin.FILE, {"budget": 3}))
    assert change([document({"budget": 4}, history[1].hash)], history).unseen is None


@pytest.mark.parametrize("parent", ["0" * 64, "", "abc"])
def test_a_parent_that_never_was_is_refused(parent: str) -> None:
    history = chain(FILE)
    assert change([document({"budget": 3}, parent)], history).unseen == history[0]


def test_a_parent_from_before_what_was_learnt_is_refused() -> None:
    history = chain(FILE, LEARNT)
    assert change([document({"budget": 3}, history[1].hash)], history).unseen == history[0]


def test_what_no_file_has_any_more_is_removed() -> None:
    assert change([], chain(FILE)).change is ChangeKind.REMOVED


def test_what_the_store_has_learnt_since_is_not_removed_unseen() -> None:
    history = chain(FILE, LEARNT)
    found = change([], history)
    assert (found.change, found.unseen) == (ChangeKind.REMOVED, history[0])


def test_what_was_made_in_the_store_is_kept() -> None:
    found = change([], chain((Origin.UI, {"budget": 1})))
    assert (found.change, found.unseen) == (ChangeKind.KEPT, None)


def test_changes_come_by_kind_and_name() -> None:
    names = [Document(kind, name, {}, "") for kind in (Kind.MONITOR, Kind.SOURCE) for name in ("b", "a")]
    found = [(one.kind, one.name) for one in plan(names, [])]
    assert found == [(Kind.SOURCE, "a"), (Kind.SOURCE, "b"), (Kind.MONITOR, "a"), (Kind.MONITOR, "b")]


def test_without_histories_the_live_version_decides() -> None:
    learnt, _ = chain(FILE, LEARNT)
    (found,) = plan([document({"budget": 1})], [learnt])
    assert found.unseen == learnt
    (found,) = plan([document({"budget": 1})], [replace(learnt, origin=Origin.FILE)])
    assert found.unseen is None
