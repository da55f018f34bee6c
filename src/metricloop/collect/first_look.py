"""A first look at a table that no dataset describes yet, and at the numbers that first definitions would give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlglot import exp

from metricloop.collect.dialects import dialect_of
from metricloop.collect.evaluate import Answer
from metricloop.collect.ports import SourceReader
from metricloop.collect.query import answer
from metricloop.collect.query_plan import MOST_ROWS, Query
from metricloop.define.dataset import Dataset
from metricloop.define.model import Metric, Source
from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain, floor
from metricloop.kernel.grain import after as next_start
from metricloop.kernel.periods import Period

SAMPLE = 5000
SAMPLE_OF_FILES = 50_000  # they are in memory; the odd value may stand far down
BUCKETS = {Grain.HOUR: 48, Grain.DAY: 30, Grain.WEEK: 26}
_FEWEST = 24
# DuckDB's driver wants a package of its own for these; as text they need none.
_AS_TEXT = re.compile(r"time zone|^time$", re.I)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by the source's own types, and the first rows."""

    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, object]]


class Newest(SourceReader, Protocol):
    """A reader that can tell how new its data are."""

    def newest(self, source: Source, dataset: Dataset, now: datetime) -> datetime | None: ...


def compile_sample(table: str, columns: Mapping[str, str], dialect: str) -> str:
    """The first rows of a table, its columns in this order; which rows come first is the engine's choice."""
    rules = dialect_of(dialect)
    parts = table.split(".")
    if not all(parts) or len(parts) > 3:
        raise InvalidInput(f"{table!r} is not a table name", fix="write table or schema.table")
    names = dict(zip(("this", "db", "catalog"), (exp.to_identifier(p, quoted=True) for p in parts[::-1]), strict=False))
    rows = SAMPLE_OF_FILES if rules.name == "duckdb" else SAMPLE
    chosen = [_shown(name, kind, rules.name) for name, kind in columns.items()]
    return exp.select(*chosen).from_(exp.Table(**names)).limit(rows).sql(dialect=rules.name)


def _shown(name: str, kind: str, dialect: str) -> exp.Expr:
    column = exp.column(exp.to_identifier(name, quoted=True))
    if dialect != "duckdb" or not _AS_TEXT.search(kind):
        return column
    return exp.alias_(exp.cast(column, "text"), name, quoted=True)


def last_buckets(reader: Newest, project: Project, metric: Metric, now: datetime, grain: Grain) -> Answer | None:
    """The metric's last buckets that have data, however old these are; None where there are none at all.

    The newest bucket may still be filling. Raises SourceFailed, InvalidInput.
    """
    dataset = project.dataset_of(metric)
    newest = reader.newest(project.sources[dataset.source], dataset, now)
    if newest is None:
        return None
    zone, week = dataset.timezone, dataset.week_start
    end = next_start(floor(newest, grain, zone, week), grain, zone, week)
    start = Period(BUCKETS.get(grain, _FEWEST), grain).before(end, zone)
    return answer(reader, project, Query(metric.name, start, end, grain, (), None, MOST_ROWS))
