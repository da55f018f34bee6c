"""Questions about a dataset's rows, not its numbers: have they changed, how new are they, how many are odd?

Each question is a pair: the SQL, and what the driver's answer means. All are answered by the source's own engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlglot import exp

from metricloop.collect.aggregates import aggregate_of, counts_rows, measure_of
from metricloop.collect.columns import Place
from metricloop.collect.compile import Plan, selected
from metricloop.collect.dialects import Dialect, dialect_of
from metricloop.collect.expressions import columns_of, parse_expression
from metricloop.collect.model import Checksum, Profile, Reading
from metricloop.collect.rows_read import check_limit, hour_read, late_on, places_of, time_read
from metricloop.collect.scope import Scope, where_of
from metricloop.collect.tree_parts import number, string
from metricloop.collect.wall_times import early_wall, instant_of, wall_bound
from metricloop.define.dataset import Dataset, Join
from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput, SourceFailed

Line = tuple[datetime, list[int]]
_BETWEEN = string("\x1f")  # between two values of a row, and in place of a NULL: what no column holds
_NOTHING = string("\x1e")
_MOST = 100_000  # changed hours; more than ten years


def compile_digest(reading: Reading, dialect: str) -> str:
    """Per bucket: how many rows, and a sum of hashes over all that the dataset uses of each: its time, dimensions, and
    the columns of `reading.measures` (none named: of all) and their filters, joined ones among them.

    Two digests compare only when they were taken by the same definition on the same engine. `reading.by` is ignored.
    """
    rules = dialect_of(dialect)
    plan = Plan(_without_slices(reading), rules)
    row = _row_text([plan.scope.time, *_used(plan, reading)], rules)
    columns = {**plan.keys, "n": exp.Count(this=exp.Star()), "h": rules.digest(row)}
    return _sql(plan.grouped(columns).limit(reading.limit + 1), rules)


def digests_of(reading: Reading, raw: Sequence[Sequence[object]]) -> list[Checksum]:
    """Buckets that have rows, oldest first. Raises SourceFailed."""
    check_limit(reading, len(raw))
    places = places_of(reading, (line[0] for line in raw))
    found = []
    for at, (rows, digest) in _added_up(places, raw):
        found.append(Checksum(at, rows, str(digest)))
    return found


def compile_changed(dataset: Dataset, since: datetime, dialect: str) -> str:
    """The hours, as the dataset counts them, of rows whose `updated_column` is not before `since`.

    A row that was moved to another hour tells only where it is now. Raises InvalidInput without such a column.
    """
    if dataset.updated_column is None:
        raise InvalidInput("no updated_column", where=where_of(dataset), fix="name the column that an update sets")
    rules = dialect_of(dialect)
    scope = Scope(dataset, rules)
    updated = scope.column(dataset.updated_column)
    low = rules.instant(early_wall(utc(since).replace(microsecond=0), dataset.time_column_zone))
    known = exp.Not(this=exp.Is(this=scope.time, expression=exp.Null()))
    hour = rules.hour(scope.time, late_on(dataset, since) // timedelta(minutes=1))
    query = selected({"bucket": hour}).distinct().where(exp.and_(*rules.since(updated, low), known))
    return _sql(scope.read_by(query).limit(_MOST + 1), rules)


def changed_of(dataset: Dataset, since: datetime, raw: Sequence[Sequence[object]]) -> list[datetime]:
    """Hours, oldest first. Raises SourceFailed when there are more than anybody would read again."""
    if len(raw) > _MOST:
        raise SourceFailed(
            f"rows of more than {_MOST} hours have changed",
            retryable=False,
            where=where_of(dataset),
            fix="collect the dataset anew",
        )
    late = late_on(dataset, since)
    return sorted({hour_read(line[0], dataset, late) for line in raw})


def compile_newest(dataset: Dataset, now: datetime, dialect: str) -> str:
    """The latest time of a row that is not after `now`: one row, NULL where there is none."""
    rules = dialect_of(dialect)
    scope = Scope(dataset, rules)
    high = rules.instant(wall_bound(utc(now).replace(microsecond=0) + timedelta(seconds=1), dataset.time_column_zone))
    query = selected({"newest": rules.latest(scope.time)}).where(exp.and_(*rules.until(scope.time, high)))
    return _sql(scope.read_by(query), rules)


def newest_of(dataset: Dataset, raw: Sequence[Sequence[object]]) -> datetime | None:
    """In UTC. Raises SourceFailed when it is no time."""
    cell = raw[0][0] if raw else None
    return None if cell is None else instant_of(time_read(cell), dataset.time_column_zone)


def compile_profile(reading: Reading, dialect: str) -> str:
    """Per bucket: how many rows, how many of them with another's key, how many NULLs in each of `profiled`."""
    rules = dialect_of(dialect)
    plan = Plan(_without_slices(reading), rules)
    key = reading.dataset.key
    identity = _row_text([plan.scope.column(name) for name in key], rules)
    known: exp.Expr = exp.Count(this=exp.Distinct(expressions=[identity])) if key else exp.Count(this=exp.Star())
    nulls = {f"x{i}": _nulls(tree) for i, tree in enumerate(_profiled(plan.scope, reading).values())}
    columns = {**plan.keys, "n": exp.Count(this=exp.Star()), "k": known, **nulls}
    return _sql(plan.grouped(columns).limit(reading.limit + 1), rules)


def profiles_of(reading: Reading, raw: Sequence[Sequence[object]]) -> list[Profile]:
    """Buckets that have rows, oldest first. Raises SourceFailed."""
    check_limit(reading, len(raw))
    names = profiled(reading)
    places = places_of(reading, (line[0] for line in raw))
    found = []
    for at, (rows, known, *nulls) in _added_up(places, raw):
        found.append(Profile(at, rows, dict(zip(names, nulls, strict=True)), rows - known))
    return found


def compile_repeated(dataset: Dataset, join: Join, dialect: str) -> str:
    """One row if two rows of the joined table have the same key, none if its keys are unique; NULLs are no keys."""
    rules = dialect_of(dialect)
    scope = Scope(dataset, rules)
    keys = [rules.text(scope.column(theirs, scope.alias(join))) for _, theirs in join.on]
    known = [exp.Not(this=exp.Is(this=key.copy(), expression=exp.Null())) for key in keys]
    columns = {f"k{i}": key for i, key in enumerate(keys)}
    query = selected({**columns, "n": exp.Count(this=exp.Star())}).from_(scope.joined_table(join))
    groups = [number(i + 1) for i in range(len(keys))] if rules.by_place else [key.copy() for key in keys]
    several = exp.GT(this=exp.Count(this=exp.Star()), expression=number(1))
    return _sql(query.where(exp.and_(*known)).group_by(*groups).having(several).limit(1), rules)


def profiled(reading: Reading) -> tuple[str, ...]:
    """What a profile counts NULLs of: dimensions by name, then columns of measures and of the key."""
    dataset = reading.dataset
    names = dict.fromkeys(dataset.dimensions)
    return tuple(dict.fromkeys([*names, *_measured(reading), *dataset.key]))


def _profiled(scope: Scope, reading: Reading) -> dict[str, exp.Expr]:
    dataset = reading.dataset
    return {
        name: scope.dimension(name) if name in dataset.dimensions else scope.column(name) for name in profiled(reading)
    }


def _measured(reading: Reading) -> Iterable[str]:
    """Names in the expressions of the measures that are read."""
    for name in reading.measures:
        measure = measure_of(reading.dataset, name)
        if not counts_rows(measure):
            yield from columns_of(
                parse_expression(measure.expr, f"dataset {reading.dataset.name}, measure {name}, expr")
            )


def _used(plan: Plan, reading: Reading) -> list[exp.Expr]:
    """The columns behind dimensions, measures and their filters, each once."""
    dataset, scope = reading.dataset, plan.scope
    trees = [scope.dimension(name) for name in dataset.dimensions]
    for name in reading.measures or [measure.name for measure in dataset.measures]:
        one = aggregate_of(dataset, measure_of(dataset, name), scope)
        trees.extend(tree for tree in (one.value, one.kept) if tree is not None)
    columns = {(column.table, column.name): column for tree in trees for column in tree.find_all(exp.Column)}
    return [columns[place] for place in sorted(columns)]


def _row_text(values: Sequence[exp.Expr], rules: Dialect) -> exp.Expr:
    """All of a row in one text; a NULL is not an empty text, and no value can run into the next."""
    parts: list[exp.Expr] = []
    for value in values:
        text = exp.Coalesce(this=rules.text(value.copy()), expressions=[_NOTHING.copy()])
        parts.extend([_BETWEEN.copy(), text] if parts else [text])
    return exp.Concat(expressions=parts) if len(parts) > 1 else parts[0] if parts else _NOTHING.copy()


def _nulls(tree: exp.Expr) -> exp.Expr:
    missing = exp.Is(this=tree, expression=exp.Null())
    return exp.Count(this=exp.Case().when(missing, number(1)))


def _without_slices(reading: Reading) -> Reading:
    return replace(reading, by=())


def _sql(query: exp.Select, rules: Dialect) -> str:
    return query.sql(dialect=rules.name)


def _whole(cell: object) -> int:
    try:
        return int(str(cell))
    except ValueError as error:
        raise SourceFailed(f"a count came back as {cell!r}", retryable=False, fix="tell the plugin's author") from error


def _added_up(places: Mapping[object, Place], raw: Sequence[Sequence[object]]) -> Iterator[Line]:
    """Oldest first. A bucket has several lines where clocks were put forward."""
    lines = sorted((places[line[0]][0], [_whole(cell) for cell in line[1:]]) for line in raw)
    for at, same in groupby(lines, key=itemgetter(0)):
        yield at, [sum(column) for column in zip(*(numbers for _, numbers in same), strict=True)]
