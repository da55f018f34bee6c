"""The migrated tables are the tables of the code, on both databases; migrating is safe to repeat and to race."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

import metricloop.store.migrations
from metricloop.kernel.errors import StoreFailed
from metricloop.store import Store, open_store
from metricloop.store.migrations.upgrade import config
from metricloop.store.tables import metadata
from tests.store.databases import drop_schema, new_schema

VERSIONS = Path(metricloop.store.migrations.__file__).parent / "versions"


def test_the_migrated_tables_are_those_of_the_code(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrated_constraints_are_those_of_the_code(store: Store) -> None:
    inspector = inspect(store.engine)
    for table in metadata.sorted_tables:
        there = {check["name"] for check in inspector.get_check_constraints(table.name)}
        wanted = {each.name for each in table.constraints if isinstance(each, CheckConstraint)}
        assert there == {f"ck_{table.name}_{name}" for name in wanted}, table.name


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.unit() as unit:
        unit.settings.put("a", "b")
    store.migrate()
    with store.unit() as unit:
        assert unit.settings.get("a") == "b"


def test_two_processes_that_start_together_migrate_once(backend: str, tmp_path: Path) -> None:
    url = new_schema() if backend == "postgresql" else str(tmp_path / "new.db")
    stores = [open_store(url, scratch=True) for _ in range(3)]
    failed: list[BaseException] = []

    def migrate(store: Store) -> None:
        try:
            store.migrate()
        except StoreFailed as error:
            failed.append(error)

    threads = [threading.Thread(target=migrate, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].unit(write=False) as unit:
        assert unit.incidents.live() == ()
    for store in stores:
        store.close()
    if backend == "postgresql":
        drop_schema(url)
    assert failed == []


def test_tables_of_a_later_version_are_left_alone(store: Store) -> None:
    with store.engine.begin() as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-later'"))
    with pytest.raises(StoreFailed, match="later version") as caught:
        store.migrate()
    assert "restore the backup" in caught.value.fix
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})


def test_a_database_without_tables_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path / "empty.db")
    with pytest.raises(StoreFailed, match="does not have the tables"), store.unit(write=False) as unit:
        unit.incidents.live()
    store.close()


def test_migrations_form_one_line_and_are_named_by_date(store: Store) -> None:
    with store.engine.connect() as connection:
        script = ScriptDirectory.from_config(config(connection))
    assert len(script.get_heads()) == 1
    names = [path.name for path in VERSIONS.glob("*.py")]
    assert [name for name in names if not re.fullmatch(r"\d{4}-\d\d-\d\d_[a-z_]+\.py", name)] == []


def test_migrations_import_no_live_code() -> None:
    assert [path.name for path in VERSIONS.glob("*.py") if "metricloop" in path.read_text(encoding="utf-8")] == []
