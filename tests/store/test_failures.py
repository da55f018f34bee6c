"""What can go wrong with a database is one clear error with its fix, and what was committed stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
import pytest

from metricloop.kernel.errors import InvalidInput, StoreFailed
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import TOTAL
from metricloop.store import Store, open_store
from tests.store.databases import POSTGRESQL, migrated
from tests.store.nouns import anomaly, incident, task

NOBODY = "postgresql://postgres:secret@127.0.0.1:1/nobody"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Store]:
    """A store on a disk that is nearly full."""
    store = migrated(str(tmp_path / "small.db"))
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    yield store
    store.close()


def fill(store: Store) -> int:
    """Write until the disk is full; says how many units were kept."""
    rng = np.random.default_rng(3)
    for kept in range(100):
        start = datetime(2013, 1, 1 + kept // 24, kept % 24, tzinfo=UTC)
        value = rng.random((1, 1))
        one = Panel((TOTAL,), (start,), value, value, (start,))
        with store.unit() as unit:
            unit.points.put("m", one)
            unit.settings.put(f"filler-{kept}", rng.bytes(20_000).hex())
    return 100


def test_a_full_disk_says_how_to_go_on_and_loses_nothing(small: Store, tmp_path: Path) -> None:
    with small.unit() as unit:
        unit.incidents.add(incident())
    with pytest.raises(StoreFailed, match="disk is full") as caught:
        fill(small)
    assert caught.value.where == str(tmp_path / "small.db")
    assert "MB are free" in caught.value.fix
    assert "--database" in caught.value.fix
    with small.unit(write=False) as unit:
        assert unit.incidents.get(1) == incident()
        kept = unit.points.read("m", datetime(2013, 1, 1, tzinfo=UTC), datetime(2014, 1, 1, tzinfo=UTC))
        settings = [unit.settings.get(f"filler-{at}") is not None for at in range(100)]
    assert len(kept.starts) == settings.count(True), "each unit is kept whole or not at all"
    assert settings == sorted(settings, reverse=True)


def test_after_room_was_made_the_same_store_goes_on(small: Store) -> None:
    with pytest.raises(StoreFailed):
        fill(small)
    with small.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert fill(small) == 100


def test_a_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    store = open_store(tmp_path / "missing" / "state.db")
    with pytest.raises(StoreFailed, match="cannot open") as caught:
        store.migrate()
    assert "create the folder" in caught.value.fix
    assert str(tmp_path / "missing") in caught.value.fix


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at " * 50, encoding="utf-8")
    store = open_store(path)
    with pytest.raises(StoreFailed, match="not a SQLite database"):
        store.migrate()
    assert path.read_text(encoding="utf-8").startswith("not a database")


def test_a_damaged_file_says_restore(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    migrated(str(path)).close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreFailed, match="damaged") as caught, open_store(path).unit(write=False) as unit:
        unit.incidents.live()
    assert "restore" in caught.value.fix


def test_a_file_held_by_another_writer_for_too_long(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    store = migrated(str(path))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed, match="another process"), store.unit():
        pass
    other.rollback()
    other.close()
    with store.unit() as unit:
        unit.settings.put("a", "b")
    store.close()


def test_no_server_at_the_address_and_no_password_in_the_error() -> None:
    store = open_store(NOBODY)
    with pytest.raises(StoreFailed, match="does not serve us") as caught, store.unit(write=False):
        pass
    assert "check that the server runs" in caught.value.fix
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_on_the_server(backend: str) -> None:
    if backend == "postgresql":
        store = open_store(POSTGRESQL.rpartition("/")[0] + "/no_such_database")
        with pytest.raises(StoreFailed, match="no_such_database"):
            store.migrate()


def test_a_text_with_a_zero_byte_is_bad_input_where_the_database_cannot_hold_it(store: Store, backend: str) -> None:
    if backend == "postgresql":
        with pytest.raises(InvalidInput, match="cannot hold"), store.unit() as unit:
            unit.settings.put("a", "nothing\x00here")


def test_a_text_with_half_a_character_is_bad_input(store: Store) -> None:
    with pytest.raises(InvalidInput, match="cannot hold"), store.unit() as unit:
        unit.settings.put("a", "half \ud83d")
    with pytest.raises(InvalidInput, match="cannot hold"), store.unit() as unit:
        unit.tasks.add(task(answer={"text": "half \ud83d"}))


def test_a_number_beyond_64_bits_is_bad_input(store: Store) -> None:
    with pytest.raises(InvalidInput, match="cannot hold"), store.unit() as unit:
        unit.anomalies.put(anomaly(points=2**63))


def test_a_lost_connection_is_one_failed_unit(store: Store, backend: str) -> None:
    if backend == "postgresql":
        with pytest.raises(StoreFailed, match="does not serve us"), store.unit() as unit:
            unit.incidents.add(incident())
            pid = unit.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with psycopg.connect(POSTGRESQL, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])
            unit.settings.put("a", "b")
    with store.unit() as unit:
        assert unit.incidents.live() == ()
        unit.incidents.add(incident())


def test_connections_cut_while_nobody_uses_them_are_made_again_unnoticed(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        return  # it has no connections that somebody else could cut
    for write in (True, False):
        with store.unit(write=write) as unit:
            pid = unit.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with psycopg.connect(POSTGRESQL, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        with store.unit(write=write) as unit:
            assert unit.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != pid


def test_an_error_leaves_the_store_usable(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.unit():
        raise ZeroDivisionError
    with store.unit() as unit:
        unit.settings.put("a", "b")
    with store.unit(write=False) as unit:
        assert unit.settings.get("a") == "b"
