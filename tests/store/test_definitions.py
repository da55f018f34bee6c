"""Versions of definitions, the site's mode, settings."""

from __future__ import annotations

import pytest

from metricloop.define.model import Kind, Origin, Version
from metricloop.define.playbooks import Mode
from metricloop.kernel.errors import Conflict, NotFound
from metricloop.store import Store
from tests.store.nouns import AT


def version(number: int, name: str = "on_time_rate", kind: Kind = Kind.METRIC) -> Version:
    parent = f"hash-{number - 1}" if number > 1 else None
    body = {"z": 1, "a": [None, {"中": 0.5}]}
    return Version(kind, name, number, f"hash-{number}", parent, Origin.FILE, "ann", AT, body)


def add(store: Store, *versions: Version) -> None:
    with store.unit() as unit:
        for each in versions:
            unit.definitions.add(each)


def test_the_newest_version_is_live(store: Store) -> None:
    add(store, version(1), version(2), version(1, "flights"), version(1, "jfk", Kind.DATASET))
    with store.unit(write=False) as unit:
        live = [(each.kind, each.name, each.number) for each in unit.definitions.live()]
        assert live == [(Kind.DATASET, "jfk", 1), (Kind.METRIC, "flights", 1), (Kind.METRIC, "on_time_rate", 2)]
        assert unit.definitions.newest(Kind.METRIC, "on_time_rate") == version(2)
        assert unit.definitions.newest(Kind.METRIC, "none") is None
        assert unit.definitions.history(Kind.METRIC, "on_time_rate") == (version(2), version(1))


def test_the_keys_of_a_body_keep_their_order(store: Store) -> None:
    add(store, version(1))
    with store.unit(write=False) as unit:
        assert [list(each.body) for each in unit.definitions.live()] == [["z", "a"]]


@pytest.mark.parametrize("late", [version(2), version(1), version(4)], ids=["same", "first", "ahead"])
def test_a_version_whose_parent_is_not_the_newest_is_refused(store: Store, late: Version) -> None:
    add(store, version(1), version(2))
    with pytest.raises(Conflict, match="version 2"):
        add(store, late)
    with store.unit(write=False) as unit:
        assert len(unit.definitions.history(Kind.METRIC, "on_time_rate")) == 2


def test_a_number_that_was_used_is_refused(store: Store) -> None:
    add(store, version(1), version(2))
    with pytest.raises(Conflict, match="already has"):
        add(store, Version(Kind.METRIC, "on_time_rate", 1, "other", "hash-2", Origin.UI, "ann", AT, {}))


def test_a_retired_definition_is_not_live_until_a_new_version(store: Store) -> None:
    add(store, version(1))
    with store.unit() as unit:
        unit.definitions.retire(Kind.METRIC, "on_time_rate")
        assert unit.definitions.live() == ()
        assert unit.definitions.newest(Kind.METRIC, "on_time_rate") == version(1)
    add(store, version(2))
    with store.unit(write=False) as unit:
        assert unit.definitions.live() == (version(2),)


def test_what_is_not_there_cannot_be_retired(store: Store) -> None:
    with pytest.raises(NotFound), store.unit() as unit:
        unit.definitions.retire(Kind.METRIC, "none")


def test_the_revision_changes_with_every_change_and_only_then(store: Store) -> None:
    def revision() -> int:
        with store.unit(write=False) as unit:
            return unit.definitions.revision()

    seen = [revision()]
    for number in (1, 2):
        add(store, version(number))
        seen.append(revision())
    with store.unit() as unit:
        unit.definitions.retire(Kind.METRIC, "on_time_rate")
    seen.append(revision())
    assert seen == sorted(set(seen))
    assert revision() == seen[-1]


def test_the_mode_of_the_site_is_unset_until_somebody_sets_it(store: Store) -> None:
    with store.unit() as unit:
        assert unit.site.mode() is None
        unit.site.set_mode(Mode.MANUAL)
        unit.site.set_mode(Mode.AUTOMATIC)
        assert unit.site.mode() is Mode.AUTOMATIC


def test_settings_are_texts_by_key(store: Store) -> None:
    with store.unit() as unit:
        assert unit.settings.get("demo.anchor") is None
        for value in ("1", "2013-12-01 → now"):
            unit.settings.put("demo.anchor", value)
        assert unit.settings.get("demo.anchor") == "2013-12-01 → now"
