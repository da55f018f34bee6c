"""The SQL that each dialect is sent, written down: `python -m tests.collect.golden_sql` writes it anew.

Look at the difference before you commit it; most of these engines are on no test machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from metricloop.collect.compile import DIALECTS, compile_reading
from metricloop.collect.model import Reading
from metricloop.collect.probes import (
    compile_changed,
    compile_digest,
    compile_newest,
    compile_profile,
    compile_repeated,
)
from metricloop.define.model import Source
from metricloop.kernel.message import Text
from tests.collect.contract.definitions import BASE, DATASETS

FOLDER = Path(__file__).parent / "golden"
DATASET = replace(BASE, table="sales.orders", key=("order_id",), updated_column="updated_at")
START, MIDDLE, END = (datetime(2026, 3, 7, hour, tzinfo=UTC) for hour in (0, 12, 18))
ODD = "carrier = 'back\\slash' OR carrier IN ('it''s', '顺丰') OR day >= DATE '2026-03-08' OR city LIKE 'a%'"


def _reading(measures: tuple[str, ...], by: tuple[str, ...] = (), where: str | None = None) -> Reading:
    return Reading(Source("shop", "none", Text()), DATASET, measures, by, START, END, 1000, where)


_HOURS = _reading(("orders", "paid", "revenue", "european"), ("carrier", "region", "size"))
_BUCKETS = replace(
    _reading(("orders", "buyers", "least", "usual", "middle", "cheap"), ("carrier",)),
    buckets=((START, MIDDLE), (START, END)),
)
QUERIES: Mapping[str, Callable[[str], str]] = {
    "hours of slices": lambda dialect: compile_reading(_HOURS, dialect),
    "literals": lambda dialect: compile_reading(_reading(("orders",), where=ODD), dialect),
    "half hours of naive times": lambda dialect: compile_reading(
        replace(
            _reading(("orders",)),
            dataset=DATASETS["naive shanghai, half hours"],
            start=START.replace(minute=30),
            end=END.replace(minute=30),
        ),
        dialect,
    ),
    "buckets that overlap": lambda dialect: compile_reading(_BUCKETS, dialect),
    "a dataset that is a SELECT": lambda dialect: compile_reading(
        replace(_reading(("orders",)), dataset=DATASETS["select"]), dialect
    ),
    "digest": lambda dialect: compile_digest(replace(_HOURS, measures=("orders", "revenue")), dialect),
    "changed hours": lambda dialect: compile_changed(DATASET, START, dialect),
    "newest row": lambda dialect: compile_newest(DATASET, END, dialect),
    "profile": lambda dialect: compile_profile(replace(_HOURS, measures=("orders", "revenue")), dialect),
    "keys of a join that repeat": lambda dialect: compile_repeated(DATASET, DATASET.joins[0], dialect),
}


def written(dialect: str) -> str:
    """All queries of a dialect, as they are sent, each under its name."""
    return "\n".join(f"-- {name}\n{query(dialect)};\n" for name, query in QUERIES.items())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in DIALECTS:
        (FOLDER / f"{each}.sql").write_text(written(each), encoding="utf-8")
