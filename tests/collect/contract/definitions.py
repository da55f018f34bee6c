"""What the contract suite asks, each as SQL and, independently, as plain Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from metricloop.define.dataset import Agg, Dataset, Dimension, Join, Measure
from metricloop.kernel.grain import Grain
from tests.collect.contract.fixture import CARRIERS, HOWE, KOLKATA, NEW_YORK, SHANGHAI, STORES, Cell, Record

UTC_ZONE = ZoneInfo("UTC")
Value = Callable[[Record], Cell]
Keep = Callable[[Record], bool]


@dataclass(frozen=True)
class Asked:
    """A measure, and the same in Python: value of a row (None: no value), and whether it is about the row."""

    measure: Measure
    value: Value
    keep: Keep = lambda row: True


def _of(name: str) -> Value:
    return lambda row: row[name]


def _times(row: Record, name: str, by: float) -> Cell:
    cell = row[name]
    return None if cell is None else float(str(cell)) * by


def _less(cell: Cell, by: float) -> Cell:
    return None if cell is None else float(str(cell)) - by


def _above(row: Record, name: str, limit: float) -> bool:
    cell = row[name]
    return cell is not None and float(str(cell)) > limit


def _joined(table: Mapping[Cell, Record], key: str, column: str) -> Value:
    def value(row: Record) -> Cell:
        partner = table.get(row[key])
        return None if partner is None or row[key] is None else partner[column]

    return value


_BY_ID = {row["id"]: row for row in STORES.rows}
_BY_CODE = {row["code"]: row for row in CARRIERS.rows}


def _size(row: Record) -> Cell:
    return "bulk" if _above(row, "qty", 10) else "middle" if _above(row, "qty", 2) else None


DIMENSIONS: dict[str, tuple[Dimension, Value]] = {
    **{name: (Dimension(name, column=name), _of(name)) for name in ("carrier", "city", "status", "store_id", "day")},
    "region": (Dimension("region", join="store", column="region"), _joined(_BY_ID, "store_id", "region")),
    "shop": (Dimension("shop", join="store", column="name"), _joined(_BY_ID, "store_id", "name")),
    "owner": (Dimension("owner", join="partner"), _joined(_BY_CODE, "code", "owner")),
    "size": (Dimension("size", expr="CASE WHEN qty > 10 THEN 'bulk' WHEN qty > 2 THEN 'middle' END"), _size),
}


def _several(row: Record) -> bool:
    return _above(row, "qty", 2)


def _late(row: Record) -> bool:
    at = row["at"]
    return isinstance(at, datetime) and at >= datetime.fromisoformat("2026-03-08 06:00:00")


def _paid(row: Record) -> bool:
    return row["status"] == "paid"


ASKED: dict[str, Asked] = {
    one.measure.name: one
    for one in (
        Asked(Measure("orders", Agg.COUNT), lambda row: 1),
        Asked(Measure("paid", Agg.COUNT, filter="status = 'paid'"), lambda row: 1, _paid),
        Asked(Measure("known", Agg.COUNT, "amount"), _of("amount")),
        Asked(Measure("pieces", Agg.SUM, "qty"), _of("qty")),
        Asked(Measure("revenue", Agg.SUM, "amount", "status = 'paid'"), _of("amount"), _paid),
        Asked(Measure("twice", Agg.SUM, "qty * 2 - 1"), lambda row: _less(_times(row, "qty", 2), 1)),
        Asked(
            Measure("bulk", Agg.SUM, "CASE WHEN qty > 10 THEN amount ELSE 0 END"),
            lambda row: row["amount"] if _above(row, "qty", 10) else 0,
        ),
        Asked(
            Measure("european", Agg.COUNT, filter="region = 'EU' AND NOT size = 'bulk'"),
            lambda row: 1,
            lambda row: DIMENSIONS["region"][1](row) == "EU" and _size(row) not in (None, "bulk"),
        ),
        Asked(Measure("buyers", Agg.COUNT_DISTINCT, "customer_id"), _of("customer_id")),
        Asked(Measure("names", Agg.COUNT_DISTINCT, "carrier", "qty > 2"), _of("carrier"), _several),
        Asked(Measure("least", Agg.MIN, "amount"), _of("amount")),
        Asked(Measure("most", Agg.MAX, "hours", "status = 'paid'"), _of("hours"), _paid),
        Asked(Measure("usual", Agg.AVERAGE, "amount"), _of("amount")),
        Asked(Measure("middle", Agg.MEDIAN, "qty"), _of("qty")),
        Asked(Measure("slow", Agg.PERCENTILE, "hours", percentile=0.9), _of("hours")),
        Asked(Measure("cheap", Agg.PERCENTILE, "amount", "status = 'paid'", 0.25), _of("amount"), _paid),
    )
}  # fmt: skip


WHERE: dict[str, Keep] = {
    "carrier = 'DHL'": lambda row: row["carrier"] == "DHL",
    "carrier <> 'DHL'": lambda row: row["carrier"] not in (None, "DHL"),
    "carrier = ''": lambda row: row["carrier"] == "",
    "carrier IN ('DHL', 'é', 'it''s')": lambda row: row["carrier"] in ("DHL", "é", "it's"),
    "carrier = 'back\\slash' OR carrier = 'q\"uote' OR carrier = '100%'": lambda row: (
        row["carrier"] in ("back\\slash", 'q"uote', "100%")
    ),
    "city LIKE '顺%' OR city LIKE '_'": lambda row: row["city"] in ("顺义", "😀"),
    "status LIKE 'p%'": lambda row: row["status"] == "paid",
    "note = '12'": lambda row: row["note"] == "12",
    "day = DATE '2026-03-08'": lambda row: row["day"] == date(2026, 3, 8),
    "region = 'EU' AND qty > 2": lambda row: DIMENSIONS["region"][1](row) == "EU" and _above(row, "qty", 2),
    "region IS NULL": lambda row: DIMENSIONS["region"][1](row) is None,
    "size = 'bulk' OR owner = 'small'": lambda row: _size(row) == "bulk" or DIMENSIONS["owner"][1](row) == "small",
    "at >= TIMESTAMP '2026-03-08 06:00:00'": _late,
    "coalesce(carrier, 'none') = 'none'": lambda row: row["carrier"] is None,
    "CASE carrier WHEN 'dhl' THEN 1 ELSE 0 END = 1": lambda row: row["carrier"] == "dhl",
    "lower(status) = 'paid'": lambda row: row["status"] in ("paid", "PAID"),
}

BASE = Dataset(
    name="orders",
    source="shop",
    table="orders",
    time_column="at",
    timezone=UTC_ZONE,
    lateness=timedelta(0),
    dimensions=tuple(DIMENSIONS),
    measures=tuple(one.measure for one in ASKED.values()),
    joins=(
        Join("store", "stores", (("store_id", "id"),)),
        Join("partner", "carriers", (("code", "code"),)),
    ),
    details=tuple(dimension for dimension, _ in DIMENSIONS.values()),
)
DATASETS: dict[str, Dataset] = {
    "utc": BASE,
    "zoned": replace(BASE, time_column="zoned", timezone=SHANGHAI),
    "new york": replace(BASE, timezone=NEW_YORK),
    "half hours": replace(BASE, timezone=KOLKATA),
    "naive new york": replace(BASE, time_column="ny", time_column_zone=NEW_YORK, timezone=NEW_YORK),
    "naive shanghai": replace(BASE, time_column="shanghai", time_column_zone=SHANGHAI, timezone=SHANGHAI),
    "naive shanghai, half hours": replace(BASE, time_column="shanghai", time_column_zone=SHANGHAI, timezone=KOLKATA),
    "naive howe": replace(BASE, time_column="howe", time_column_zone=HOWE, timezone=HOWE),
    "dates": replace(BASE, time_column="day", time_column_zone=NEW_YORK, timezone=NEW_YORK, grain=Grain.DAY),
    "select": replace(BASE, table="", sql="SELECT * FROM orders WHERE order_id >= 0"),
}


def instant(dataset: Dataset, row: Record) -> datetime | None:
    """When the row happened, in UTC, as Python reads a time without a zone: the first of two, or pushed on."""
    cell = row[dataset.time_column]
    if not isinstance(cell, date):
        return None
    at = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
    return (at if at.tzinfo else at.replace(tzinfo=dataset.time_column_zone)).astimezone(UTC)
