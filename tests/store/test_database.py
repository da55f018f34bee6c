"""Addresses, backups, and what a store remembers after it was closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricloop.kernel.errors import InvalidInput, StoreFailed
from metricloop.store import Store, open_store
from tests.store.databases import migrated
from tests.store.nouns import incident


@pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}"])
def test_a_file_is_named_by_path_or_address(tmp_path: Path, form: str) -> None:
    path = tmp_path / "状态 50%.db"
    store = migrated(form.format(path=path))
    assert path.exists()
    assert store.url.startswith("sqlite:///")
    store.close()


@pytest.mark.parametrize(
    "form", ["postgresql://ann:s@db/x", "postgres://ann:s@db/x", "postgresql+psycopg://ann:s@db/x"]
)
def test_postgresql_is_named_by_its_usual_addresses(form: str) -> None:
    assert open_store(form).url == "postgresql+psycopg://ann:s@db/x"


@pytest.mark.parametrize("form", ["", "mysql://db/x", "sqlite://", "sqlite:///:memory:", "http://[broken"])
def test_another_address_is_refused_with_the_forms_that_work(form: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_store(form)
    assert "sqlite:///PATH" in caught.value.fix


def test_what_was_committed_is_there_after_closing(store: Store, url: str) -> None:
    with store.unit() as unit:
        unit.incidents.add(incident())
    store.close()
    again = open_store(url)
    with again.unit(write=False) as unit:
        assert unit.incidents.get(1) == incident()
    again.close()


def test_a_backup_holds_what_was_committed_while_others_write(tmp_path: Path) -> None:
    store = migrated(str(tmp_path / "state.db"))
    with store.unit() as unit:
        unit.incidents.add(incident())
    with store.unit() as unit:
        unit.settings.put("not", "committed")
        store.backup(tmp_path / "copy.db")
    copy = open_store(tmp_path / "copy.db")
    with copy.unit(write=False) as unit:
        assert unit.incidents.get(1) == incident()
        assert unit.settings.get("not") is None
    copy.close()
    store.close()


def test_a_backup_never_overwrites(tmp_path: Path) -> None:
    store = migrated(str(tmp_path / "state.db"))
    with pytest.raises(InvalidInput, match="exists already"):
        store.backup(tmp_path / "state.db")
    with pytest.raises(StoreFailed, match="cannot open"):
        store.backup(tmp_path / "missing" / "copy.db")
    store.close()


def test_postgresql_is_backed_up_by_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="only SQLite") as caught:
        open_store("postgresql://db/x").backup(tmp_path / "copy.db")
    assert "pg_dump" in caught.value.fix
