"""Rows of sources that cannot be asked by SQL: they land in our own store, idempotently, and are read from there.

A row is known by (source, table, key): the same again changes nothing, another content replaces it (the last wins, or
the highest version where the table has one). A place where a source was read to (cursor) is kept in the transaction of
the rows that it covers. A message that cannot be understood is set aside with its reason, never lost, never in the way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from metricloop.kernel.clock import utc
from metricloop.kernel.errors import Conflict
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message

LONGEST_ASIDE = 1_000_000  # characters of a message that are kept
LEASE = timedelta(seconds=30)
# How old the sign of life of a stream may be when an hour is read: signs are written some seconds apart.
GRACE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LandedRow:
    """One record. body: canonical JSON of column -> plain value, times as naive UTC text.

    at: the instant of the table's time column, by which rows are found; None in a table without one. received_at: when
    this content came first. version: orders two contents of one key; None: the later one wins. hash: of what `body`,
    `at` and `version` are.
    """

    source: str
    table: str
    key: str
    at: datetime | None
    received_at: datetime
    version: float | None
    hash: str
    body: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A message that could not be understood, as it came, and why. The same message again is the same row."""

    source: str
    id: str
    table: str
    received_at: datetime
    reason: str
    body: str


@dataclass(frozen=True, slots=True)
class Landing:
    """How far a source has landed. cursor: the source's own words for the place; it belongs to the options of `mark`.

    complete_until: what had happened by then and could be told by then has landed. holder, held_until: which process
    receives the stream now. revision: grows with each change, so that two processes do not overwrite each other.
    """

    source: str
    mark: str = ""
    cursor: str | None = None
    complete_until: datetime | None = None
    holder: str | None = None
    held_until: datetime | None = None
    failed_since: datetime | None = None
    failure: Message | None = None
    revision: int = 0


class LandedRows(Protocol):
    """Rows, messages set aside, and how far each source has landed."""

    def hold(self, source: str) -> None:
        """Wait until nobody else lands rows of this source, and keep others waiting until the transaction ends."""
        ...

    def put(self, rows: Sequence[LandedRow]) -> None:
        """Insert or replace. An equal content leaves its row as it is, with the time when it came first."""
        ...

    def rows(
        self, source: str, table: str, limit: int, start: datetime | None = None, end: datetime | None = None
    ) -> Sequence[LandedRow]:
        """Those whose `at` lies in [start, end), or all; by `at`, then key. At most `limit`."""
        ...

    def rows_received(self, source: str, table: str, limit: int, since: datetime) -> Sequence[LandedRow]:
        """Those whose content came at `since` or later; by `at`, then key. At most `limit`."""
        ...

    def forget(self, source: str, before: datetime) -> int:
        """Delete the rows of before that time; says how many. Those without a time stay."""
        ...

    def set_aside(self, messages: Sequence[SetAside]) -> None: ...

    def asides(self, source: str, limit: int = 100) -> Sequence[SetAside]:
        """The newest first."""
        ...

    def count_asides(self, source: str) -> int: ...

    def landing(self, source: str) -> Landing:
        """How far it has come; a new one where nothing was kept yet."""
        ...

    def move(self, landing: Landing) -> Landing | None:
        """Keep it if nobody has changed it since it was read; gives back the kept one. None: somebody has."""
        ...


class LandingUnit(Protocol):
    """The part of a unit of work that landing needs."""

    @property
    def landed(self) -> LandedRows: ...


def land(
    unit: LandingUnit,
    source: str,
    mark: str,
    change: Callable[[Landing], Landing],
    rows: Sequence[LandedRow] = (),
    asides: Sequence[SetAside] = (),
) -> Landing:
    """Keep rows, messages set aside and how far the source has come, in one transaction.

    change: what becomes of the landing as it now stands for the options of `mark`. Each call gives it another revision,
    so that whoever keeps copies of rows knows when they are old. Raises Conflict when somebody was quicker.
    """
    unit.landed.hold(source)
    unit.landed.put(newest_of_each(rows))
    unit.landed.set_aside(asides)
    moved = unit.landed.move(change(for_options(unit.landed.landing(source), mark)))
    if moved is None:
        raise Conflict(f"somebody else has just changed how far the source {source} is", fix="try again")
    return moved


def landed_row(
    source: str,
    table: str,
    key: str | None,
    at: datetime | None,
    version: float | None,
    body: Mapping[str, Any],
    received_at: datetime,
) -> LandedRow:
    """A row of plain values. Without a key it is known by its content, so two equal records are one."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    own = hashlib.sha256(text.encode()).hexdigest()[:32] if key is None else key
    # What a changed definition makes of the same content is another row, too.
    digest = hashlib.sha256(f"{text}\x1f{at and utc(at)}\x1f{version}".encode()).hexdigest()[:32]
    return LandedRow(source, table, own, at, received_at, version, digest, text)


def set_aside(source: str, table: str, body: str, reason: str, received_at: datetime) -> SetAside:
    """A message to keep; what is longer than LONGEST_ASIDE is cut, and the reason says so."""
    id = hashlib.sha256(f"{table}\x1f{body}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    if len(body) > LONGEST_ASIDE:
        reason, body = (
            f"{reason} (only the first {LONGEST_ASIDE} of {len(body)} characters are kept)",
            body[:LONGEST_ASIDE],
        )
    return SetAside(source, id, table, received_at, reason, _storable(body))


def newest_of_each(rows: Sequence[LandedRow]) -> list[LandedRow]:
    """One row per table and key, in their order: two processes that write the same rows then never wait in a ring."""
    chosen: dict[tuple[str, str], LandedRow] = {}
    for row in rows:
        old = chosen.get((row.table, row.key))
        if old is None or old.version is None or row.version is None or row.version >= old.version:
            chosen[row.table, row.key] = row
    return [chosen[place] for place in sorted(chosen)]


def mark_of(plugin: str, options: Mapping[str, Any]) -> str:
    """What the options of a source say, in short: other options mean another mark, and a cursor that is void."""
    return derived_id(plugin, json.dumps(options, sort_keys=True, default=str))


def for_options(landing: Landing, mark: str) -> Landing:
    """The landing as it stands for these options: under others everything is told anew, from the beginning."""
    return landing if landing.mark == mark else replace(landing, mark=mark, cursor=None, complete_until=None)


def is_complete(landing: Landing, until: datetime, *, grace: timedelta = timedelta()) -> bool:
    """Whether everything up to `until` has landed, as far as the source has told it."""
    return landing.complete_until is not None and landing.complete_until >= until - grace


def may_hold(landing: Landing, holder: str, now: datetime) -> bool:
    """Whether this process may receive the stream: it does already, or nobody does any more."""
    return landing.holder in (None, holder) or landing.held_until is None or landing.held_until <= now


def held(landing: Landing, holder: str, now: datetime) -> Landing:
    return replace(landing, holder=holder, held_until=now + LEASE)


def failed(landing: Landing, failure: Message, now: datetime) -> Landing:
    return replace(landing, failed_since=landing.failed_since or now, failure=failure)


def sound(landing: Landing) -> Landing:
    return replace(landing, failed_since=None, failure=None)


def _storable(text: str) -> str:
    """Databases hold neither NUL nor half characters; both are written as escapes."""
    return text.replace("\x00", "\\u0000").encode("utf-8", "backslashreplace").decode("utf-8")
