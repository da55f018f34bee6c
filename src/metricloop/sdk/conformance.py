"""Checks that a plugin author runs on theirs, in their own tests: `assert check_source(mine, ...) == []`.

Each gives back every broken promise as an issue; none raises for what a plugin did wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp

from metricloop.collect.compile import DIALECTS, compile_reading, rows_of
from metricloop.collect.model import Reading
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Source
from metricloop.kernel.errors import Issue, MetricloopError, SourceFailed
from metricloop.kernel.message import Text
from metricloop.notify.model import DeliveryResult, DeliveryState, Parcel
from metricloop.sdk.specs import Action, Channel, OpenSource

_FORBIDDEN = (
    "CREATE TABLE metricloop_conformance (a INTEGER)",
    "SELECT 1; SELECT 2",
    "DELETE FROM metricloop_conformance",
)
_ARRIVED = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.READ)


def check_source(source: OpenSource, *, table: str, time_column: str) -> list[Issue]:
    """A source with at least one row in `table`; closes it in the end. It must refuse to write: a table
    `metricloop_conformance` is tried to be made, and nothing else is touched.
    """
    if source.dialect not in DIALECTS:
        return [Issue("dialect", f"{source.dialect!r} is unknown", f"speak one of {', '.join(DIALECTS)}")]
    issues = [
        *_columns_issues(source, table, time_column),
        *_tables_issues(source, table),
        *_describe_issues(source, table, time_column),
        *_reading_issues(source, table, time_column),
        *(issue for sql in _FORBIDDEN for issue in _must_fail(f"read({sql!r})", partial(source.read, sql))),
        *(issue for sql in _FORBIDDEN for issue in _must_fail(f"describe({sql!r})", partial(source.describe, sql))),
        *_must_fail("columns of a table that is not there", lambda: source.columns("metricloop_nowhere")),
        *_must_fail("read of a table that is not there", lambda: source.read('SELECT * FROM "metricloop_nowhere"')),
        *_must_work("read after failures", lambda: source.read("SELECT 1")),
        *_must_work("close", source.close),
        *_must_work("close again", source.close),
    ]
    return issues


def check_channel(
    make: Callable[[], Channel],
    *,
    arrived: Callable[[], Sequence[str]],
    address: str = "somebody",
    broken: Channel | None = None,
) -> list[Issue]:
    """`make` builds the channel as after a restart; `arrived` tells the ids of all messages at the receiver, as a
    receiver that drops repeats of an id sees them. `broken`: one whose provider does not answer, if that can be made.
    """
    issues: list[Issue] = []
    parcel = _parcel("conformance-1", address)
    for attempt, channel in (("first", make()), ("repeated", make())):
        issues += _must_work(f"{attempt} send", partial(_send, channel, parcel))
    issues += _must_work("second message", partial(_send, make(), _parcel("conformance-2", address)))
    for id in ("conformance-1", "conformance-2"):
        times = list(arrived()).count(id)
        if times != 1:
            issues.append(Issue("send", f"message {id} arrived {times} times", "pass the id on, and keep to it"))
    if broken is not None:
        issues += _must_work("send without a provider", lambda: _refused(broken.send(parcel)))
    return issues


def check_action(
    make: Callable[[], Action], *, request: Mapping[str, Any], done: Callable[[], Sequence[str]]
) -> list[Issue]:
    """`make` builds the action as after a restart; `done` tells the keys of all effects that took place."""
    issues: list[Issue] = []
    for key in ("conformance-1", "conformance-1", "conformance-2"):
        issues += _must_work(f"perform {key}", partial(_perform, make(), request, key))
    for key in ("conformance-1", "conformance-2"):
        times = list(done()).count(key)
        if times != 1:
            issues.append(
                Issue("perform", f"{key} took effect {times} times", "let the key decide, also after a crash")
            )
    return issues


def _columns_issues(source: OpenSource, table: str, time_column: str) -> Iterator[Issue]:
    try:
        columns = source.columns(table)
    except MetricloopError as error:
        yield Issue("columns", str(error), "tell the columns of a table that is there")
        return
    if time_column not in columns:
        yield Issue("columns", f"{time_column!r} is not among {', '.join(columns)}", "name columns as SQL must")
    if not all(isinstance(kind, str) and kind for kind in columns.values()):
        yield Issue("columns", "a column without a type", "give every column a type in the source's words")


def _tables_issues(source: OpenSource, table: str) -> Iterator[Issue]:
    """The table may be written with or without its schema."""
    try:
        tables = list(source.tables())
    except MetricloopError as error:
        yield Issue("tables", str(error), "tell the tables that may be read")
        return
    if not any(table in (name, name.rpartition(".")[2]) or table.endswith(f".{name}") for name in tables):
        yield Issue("tables", f"{table!r} is not among {', '.join(tables[:20])}", "name every table that may be read")
    for name in tables[:3]:
        yield from _must_work(f"columns of {name}, which tables names", partial(_some_columns, source, name))


def _some_columns(source: OpenSource, table: str) -> Issue | None:
    return None if source.columns(table) else Issue("columns", f"{table} has none", "tell them")


def _describe_issues(source: OpenSource, table: str, time_column: str) -> Iterator[Issue]:
    selected = exp.select(exp.column(time_column, quoted=True).as_("named_anew")).from_(exp.to_table(table))
    try:
        columns = source.describe(selected.sql(dialect=source.dialect))
    except MetricloopError as error:
        yield Issue("describe", str(error), "tell the columns of a SELECT")
        return
    if list(columns) != ["named_anew"] or not all(isinstance(kind, str) and kind for kind in columns.values()):
        yield Issue("describe", f"gave {dict(columns)!r}", "tell the names as the SELECT gives them, with types")


def _reading_issues(source: OpenSource, table: str, time_column: str) -> Iterator[Issue]:
    """The product's own SQL: hours of all rows, counted."""
    dataset = Dataset(
        "conformance", "it", table, time_column, ZoneInfo("UTC"), timedelta(), (), (Measure("n", Agg.COUNT),)
    )
    start, end = datetime(1990, 1, 1, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC)
    reading = Reading(Source("it", "it", Text()), dataset, ("n",), (), start, end)
    try:
        rows = rows_of(reading, source.read(compile_reading(reading, source.dialect)))
    except MetricloopError as error:
        yield Issue("read", str(error), "answer a SELECT in the dialect the source claims")
        return
    if not rows:
        yield Issue("read", "no rows", "point the check at a table with rows")
    if any(row.bucket.minute or row.bucket.second for row in rows):
        yield Issue("read", "hours that are not whole", "set the session's time zone to UTC")


class _OtherError(Exception):
    """A plugin raised something that it must not raise."""


def _called(call: Callable[[], object]) -> object:
    try:
        return call()
    except SourceFailed:
        raise
    except Exception as error:  # whatever it is, it is the plugin's fault and goes into the report
        raise _OtherError(f"raised {type(error).__name__}: {error}") from error


def _must_fail(what: str, call: Callable[[], object]) -> Iterator[Issue]:
    try:
        _called(call)
    except SourceFailed as error:
        if not error.fix:
            yield Issue(what, "SourceFailed without a fix", "say in `fix` what the reader can do")
    except _OtherError as error:
        yield Issue(what, str(error), "raise SourceFailed, with a fix, and nothing else")
    else:
        yield Issue(what, "went through", "raise SourceFailed")


def _must_work(what: str, call: Callable[[], object]) -> Iterator[Issue]:
    try:
        wrong = _called(call)
    except (SourceFailed, _OtherError) as error:
        yield Issue(what, str(error), "this must work")
    else:
        if isinstance(wrong, Issue):
            yield Issue(what, wrong.problem, wrong.fix)


def _send(channel: Channel, parcel: Parcel) -> Issue | None:
    return _accepted(channel.send(parcel))


def _perform(action: Action, request: Mapping[str, Any], key: str) -> Issue | None:
    return _short(action.perform(request, key))


def _accepted(result: DeliveryResult) -> Issue | None:
    if isinstance(result, DeliveryResult) and result.outcome in _ARRIVED:
        return None
    return Issue("send", f"gave {result!r}", "give a DeliveryResult that says accepted, delivered or read")


def _refused(result: DeliveryResult) -> Issue | None:
    if isinstance(result, DeliveryResult) and result.outcome is DeliveryState.FAILED and result.provider_message:
        return None
    return Issue("send", f"gave {result!r}", "give a failed DeliveryResult that says why")


def _short(outcome: str) -> Issue | None:
    if isinstance(outcome, str) and 0 < len(outcome) <= 500:
        return None
    return Issue("perform", f"gave {outcome!r}", "give back a short outcome in words")


def _parcel(id: str, address: str) -> Parcel:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Parcel(
        id, address, "Conformance 一致性", "A message of the conformance kit.", "https://example.org/", at, {}
    )
