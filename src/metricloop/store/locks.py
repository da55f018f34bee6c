"""Locks that last until the transaction ends, for what two writers must not do at once.

SQLite has one writer at a time anyway; there nothing is done.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import BigInteger, Connection, bindparam, func, select

from metricloop.store.statements import Statement

_HOLD = Statement(select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger()))))


def hold(connection: Connection, name: str) -> None:
    """Wait until no other transaction holds `name`, then hold it. Statements after this see what the other wrote."""
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256(f"metricloop:{name}".encode()).digest()
        _HOLD.all(connection, {"key": int.from_bytes(digest[:8], "big", signed=True)})
