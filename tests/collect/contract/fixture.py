"""The rows of the contract suite, in Python: orders with everything that engines disagree about.

NULLs in every dimension, twins for a careless collation, empty texts, both changes of New York's clocks and hours that
were never shown, half-hour zones, text in a number's place, join keys without partner, dates.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

Cell = str | int | float | Decimal | datetime | date | None
Record = Mapping[str, Cell]

NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
KOLKATA = ZoneInfo("Asia/Kolkata")
HOWE = ZoneInfo("Australia/Lord_Howe")
SPRING = datetime(2026, 3, 8, 7, tzinfo=UTC)  # New York's clocks go from 2:00 to 3:00
AUTUMN = datetime(2026, 11, 1, 6, tzinfo=UTC)  # and from 2:00 back to 1:00


@dataclass(frozen=True)
class Table:
    """kinds: int, text, decimal, double, time (without a zone), zoned, date."""

    name: str
    kinds: Mapping[str, str]
    rows: Sequence[Record]


_KINDS = {
    "order_id": "int",
    "at": "time",
    "zoned": "zoned",
    "ny": "time",
    "shanghai": "time",
    "howe": "time",
    "day": "date",
    "carrier": "text",
    "city": "text",
    "status": "text",
    "code": "text",
    "note": "text",
    "store_id": "int",
    "customer_id": "int",
    "qty": "int",
    "amount": "decimal",
    "hours": "double",
}
_CARRIERS = (None, "", "DHL", "dhl", "DHL ", "é", "e", "(none)", "顺丰", "it's", "back\\slash", 'q"uote', "100%")
_CITIES = (None, "", "北京", "顺义", "Zürich", "São Paulo", "😀", "a_b")
_CODES = (None, "AA", "aa", "AA ", "XX")
_NOTES = (None, "12", "abc", "")
_STATUSES = (None, "paid", "paid", "paid", "PAID", "cancelled")
_STORES = (None, 1, 2, 3, 99)


def _order(order_id: int, at: datetime, chance: random.Random) -> Record:
    cells: dict[str, Cell] = {
        "order_id": order_id,
        "at": at.replace(tzinfo=None),
        "zoned": at,
        "ny": at.astimezone(NEW_YORK).replace(tzinfo=None, fold=0),  # which of two was shown is not stored
        "shanghai": at.astimezone(SHANGHAI).replace(tzinfo=None),
        "howe": at.astimezone(HOWE).replace(tzinfo=None, fold=0),
        "day": at.astimezone(NEW_YORK).date(),
        "carrier": chance.choice(_CARRIERS),
        "city": chance.choice(_CITIES),
        "status": chance.choice(_STATUSES),
        "code": chance.choice(_CODES),
        "note": chance.choice(_NOTES),
        "store_id": chance.choice(_STORES),
        "customer_id": chance.choice((None, *range(1, 9))),
        "qty": chance.choice((None, 0, 0, *range(1, 20))),
        "amount": None if chance.random() < 0.1 else Decimal(chance.randrange(-500, 50_000)) / 100,
        "hours": None if chance.random() < 0.1 else chance.uniform(-1.0, 90.0),
    }
    return cells


def _orders() -> list[Record]:
    chance = random.Random(20260308)
    times = [SPRING + timedelta(minutes=9 * i) for i in range(-230, 230)]
    times += [AUTUMN + timedelta(minutes=13 * i) for i in range(-160, 160)]
    times += [datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=7 * i, minutes=i % 60) for i in range(140)]
    howe = datetime(2026, 4, 4, 15, tzinfo=UTC)  # Lord Howe's clocks go back by half an hour
    times += [howe + timedelta(minutes=7 * i) for i in range(-60, 60)]
    rows = [_order(i, at, chance) for i, at in enumerate(times)]
    # What no clock ever showed, and rows without a time.
    gap = datetime.fromisoformat("2026-03-08 02:05:00")
    rows += [{**_order(len(rows) + i, SPRING, chance), "ny": gap + timedelta(minutes=17 * i)} for i in range(4)]
    nowhen = dict.fromkeys(("at", "zoned", "ny", "shanghai", "howe", "day"))
    rows += [{**_order(len(rows) + i, SPRING, chance), **nowhen} for i in range(3)]
    return rows


ORDERS = Table("orders", _KINDS, _orders())
STORES = Table(
    "stores",
    {"id": "int", "region": "text", "name": "text"},
    [
        {"id": 1, "region": "EU", "name": "Zürich"},
        {"id": 2, "region": None, "name": "DHL "},
        {"id": 3, "region": "亚洲", "name": "北京"},
        {"id": 4, "region": "EU", "name": "nobody's"},
    ],
)
CARRIERS = Table(
    "carriers",
    {"code": "text", "owner": "text"},
    [{"code": "AA", "owner": "big"}, {"code": "aa", "owner": "small"}, {"code": "AA ", "owner": "padded"}],
)
TABLES = (ORDERS, STORES, CARRIERS)
