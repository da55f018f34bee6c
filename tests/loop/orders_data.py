"""What tests do to the shop's orders: rows that come late, change, vanish or stop coming; and what is known of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from metricloop.collect.model import Collection
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.store import Store
from metricloop.triage.model import Incident, IncidentKind
from tests.loop.world import BEFORE, HOUR, PROJECT, Shop

NOW = BEFORE + timedelta(hours=12)
PORTO = Slice.of({"city": "Porto"})


@contextmanager
def opened(store: Store, folder: Path, **words: str) -> Iterator[Shop]:
    """A shop whose dataset has more words."""
    text = PROJECT.replace(
        "    lateness: 2h\n", "    lateness: 2h\n" + "".join(f"    {k}: {v}\n" for k, v in words.items())
    )
    (folder / "metricloop.yml").write_text(text, encoding="utf-8")
    shop = Shop(store, folder, NOW)
    try:
        shop.run_until(NOW)
        yield shop
    finally:
        shop.close()


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "orders.db")) as file:
        file.execute(statement, values)
        file.commit()


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def add_rows(folder: Path, at: datetime, count: int = 500) -> None:
    change(folder, "INSERT INTO orders VALUES (?, 'Porto', 'web', ?, 0)", stamp(at), count)


def state(shop: Shop) -> Collection:
    with shop.store.unit(write=False) as unit:
        found = unit.collections.get("orders")
    assert found is not None
    return found


def orders(shop: Shop, at: datetime, known_at: datetime | None = None, slice_: Slice = TOTAL) -> float:
    with shop.store.unit(write=False) as unit:
        panel = unit.points.read("paid_rate", at, at + HOUR, [slice_], known_at)
    return float(panel.denominator[0, 0])


def incidents(shop: Shop) -> list[Incident]:
    with shop.store.unit(write=False) as unit:
        found, _ = unit.incidents.find(limit=100)
    return [incident for incident in reversed(found) if incident.kind is IncidentKind.DATA]


def audited(shop: Shop) -> list[str]:
    with shop.store.unit(write=False) as unit:
        return [line.action for line in unit.audit.lines(after=0)]


def stop_rows(folder: Path, at: datetime) -> None:
    """Nothing comes any more after `at`."""
    change(folder, "CREATE TABLE kept AS SELECT * FROM orders WHERE placed_at >= ?", stamp(at))
    change(folder, "DELETE FROM orders WHERE placed_at >= ?", stamp(at))


def come_back(folder: Path) -> None:
    change(folder, "INSERT INTO orders SELECT * FROM kept")
    change(folder, "DROP TABLE kept")
