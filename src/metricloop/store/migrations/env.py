"""Alembic runs this file for every command; `upgrade.config` brings the connection."""

from typing import Any, Literal

from alembic import context

from metricloop.store import columns
from metricloop.store.tables import metadata

_NAMES: dict[type, str] = {
    columns.UtcTime: "TIME",
    columns.Json: "JSON",
    columns.Choice: "WORDS",
    columns.SliceKey: "WORDS",
    columns.Real: "sa.Double()",
}


def plain(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Our column types by the plain types they stand for, because a migration never imports live code."""
    if kind != "type":
        return False
    if item is columns.Words or item is columns.Counter:
        return "WORDS" if item is columns.Words else "COUNTER"
    return _NAMES.get(type(item), False)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
