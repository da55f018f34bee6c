"""Ibis, as its documentation has it: a table expression, and the answer as Arrow. Runs where Ibis is installed."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from benchmarks.worker import Cell, Task


class Ibis:
    """Hourly counts and their quotient; the two cores of Ibis are the table expression and the Arrow table."""

    def __init__(self, orders: Any) -> None:
        self._orders = orders

    def read(self, start: datetime, end: datetime) -> Any:
        orders = self._orders
        first, last = (at.replace(tzinfo=None) for at in (start, end))
        rows = orders.filter((orders.created_at >= first) & (orders.created_at < last))
        hour = rows.created_at.truncate("h").name("hour")
        fulfilled, shipped = rows.status == "fulfilled", rows.status != "cancelled"
        grouped = rows.group_by([hour, rows.warehouse, rows.carrier])
        return grouped.agg(fulfilled=rows.count(where=fulfilled), shipped=rows.count(where=shipped)).to_pyarrow()

    def cells(self, answer: Any) -> Sequence[Cell]:
        columns = [answer[name].to_pylist() for name in ("hour", "warehouse", "carrier", "fulfilled", "shipped")]
        return [(hour.isoformat(), w, c, f / s if s else None) for hour, w, c, f, s in zip(*columns, strict=True)]

    def count(self, answer: Any) -> int:
        return int(answer.num_rows)


def open_contender(task: Task) -> Ibis:
    ibis = importlib.import_module("ibis")
    if task.engine == "duckdb":
        return Ibis(ibis.duckdb.connect().read_parquet(str(Path(task.address) / "orders.parquet"), table_name="orders"))
    parts = urlsplit(task.address)
    options = {"host": parts.hostname, "port": parts.port, "user": unquote(parts.username or "")}
    options["password"] = unquote(parts.password or "")
    if task.engine == "postgres":
        connection = ibis.postgres.connect(**options, database=parts.path.strip("/"))
        return Ibis(connection.table("orders", database=task.schema))
    return Ibis(ibis.mysql.connect(**options, database=task.schema).table("orders"))
