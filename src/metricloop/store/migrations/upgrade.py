"""Runs the migrations that a database lacks, in one transaction, from inside the installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from metricloop.kernel.errors import StoreFailed
from metricloop.store.locks import hold


def config(connection: Connection) -> Config:
    """Alembic's configuration, without a file beside the package."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    found.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    found.attributes["connection"] = connection
    return found


def upgrade(engine: Engine) -> None:
    """To the newest tables; nothing happens when they are there. Two processes that start together do it once."""
    with engine.connect() as connection:
        _enforce_references(connection, on=False)  # SQLite rebuilds tables to change them
        try:
            with connection.begin():
                hold(connection, "migrations")
                command.upgrade(config(connection), "head")
        except CommandError as error:
            raise StoreFailed(
                "the database was written by a later version of metricloop",
                fix="install that version again, or restore the backup made before the upgrade",
                where=engine.url.render_as_string(hide_password=True),
            ) from error
        finally:
            _enforce_references(connection, on=True)


def _enforce_references(connection: Connection, *, on: bool) -> None:
    if connection.dialect.name != "sqlite":
        return
    driver: Any = connection.connection.driver_connection  # directly: inside a transaction it would have no effect
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
