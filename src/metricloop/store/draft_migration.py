"""For contributors: `python -m metricloop.store.draft_migration "what changes"` writes a migration to be edited.

It compares the tables in the code with a fresh SQLite database at the newest migration.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from metricloop.store.database import open_store
from metricloop.store.migrations.upgrade import config


def draft(message: str, folder: str) -> None:
    store = open_store(Path(folder) / "draft.db", scratch=True)
    try:
        store.migrate()
        with store.engine.connect() as connection, connection.begin():
            command.revision(config(connection), message, autogenerate=True)
    finally:
        store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        draft(" ".join(sys.argv[1:]) or "unnamed", scratch)
