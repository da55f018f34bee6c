"""Source `http`: records of a JSON API, page by page, and only what is new where the API can say so.

Every record lands once per key. An interrupted pull begins again where the last whole one ended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import httpx
from pydantic import Field, model_validator

from metricloop.plugins.http_client import HttpClient, HttpOptionsBase, Plain
from metricloop.sdk import (
    Batch,
    Context,
    Declared,
    LandingOptions,
    Mapper,
    Options,
    SourceFailed,
    SourcePlugin,
    TableOptions,
    Taken,
)
from metricloop.sdk.mapping import declared
from metricloop.sdk.plain_values import JsonPath
from metricloop.sdk.selectors import selector

_MOST_PAGES = 100_000
_NEXT = re.compile(r"<([^>]*)>\s*;[^,]*\brel\s*=\s*\"?next\"?", re.IGNORECASE)


class PagingOptions(Options):
    """How the API hands out many records: by page number, by offset, by a cursor in the body, or by a link."""

    kind: Literal["page", "offset", "cursor", "link"]
    parameter: str | None = Field(None, description="that says which page; link needs none")
    start: int = Field(1, ge=0, description="the number of the first page; the first offset is 0")
    size: int | None = Field(None, ge=1, description="records on a page: a shorter one is the last")
    size_parameter: str | None = Field(None, description="that says how many records are wanted")
    next: JsonPath | None = Field(None, description="where cursor or link stand in the answer; a link also in `Link`")

    @model_validator(mode="after")
    def _hangs_together(self) -> PagingOptions:
        if self.kind != "link" and self.parameter is None:
            raise ValueError(f"paging by {self.kind} needs a parameter")
        if self.kind == "cursor" and self.next is None:
            raise ValueError("paging by cursor needs next: where the cursor stands in the answer")
        if self.size_parameter is not None and self.size is None:
            raise ValueError("size_parameter needs a size")
        return self


class SinceOptions(Options):
    """How the API is asked for what is new: a parameter that holds the highest value of a column so far."""

    parameter: str
    column: str
    format: str = Field("iso", description="iso, date, epoch, epoch_ms, or a strftime pattern")
    zone: ZoneInfo = Field(ZoneInfo("UTC"), description="in which the API reads it")
    overlap_s: float = Field(300.0, ge=0, description="asked for again each time, for records that came late")


class HttpTable(TableOptions):
    """A table: one path of the API."""

    path: str = Field("", description="from `url`")
    method: Literal["GET", "POST"] = "GET"
    query: dict[str, Plain] = Field(default_factory=dict)
    body: dict[str, Any] = Field(default_factory=dict, description="of a POST; parameters of paging and since go there")
    paging: PagingOptions | None = None
    since: SinceOptions | None = None

    @model_validator(mode="after")
    def _since_is_a_column(self) -> HttpTable:
        if self.since is not None and getattr(self.columns.get(self.since.column), "type", "") != "timestamp":
            raise ValueError(f"since needs a timestamp column, which {self.since.column!r} is not")
        return self


class HttpOptions(HttpOptionsBase, LandingOptions):
    tables: dict[str, Annotated[HttpTable, Field()]] = Field(min_length=1)
    rows: int = Field(1_000_000, ge=1, description="more records in one pull are an error, never cut")
    history_days: int = Field(90, ge=1, description="how far back the first pull asks, where `since` can say so")
    every_s: float | None = Field(None, ge=5, description="pull so often, besides when an hour is read")


class HttpSource:
    """A PullSource. Its cursor is JSON: table -> the highest value of the since column that was whole."""

    def __init__(self, options: HttpOptions, context: Context) -> None:
        self._options = options
        self._clock = context.clock
        self._client = HttpClient(options, context.clock)

    def declared(self) -> Declared:
        options = self._options
        return declared(
            options.tables, keep_days=options.keep_days, history_days=options.history_days, every_s=options.every_s
        )

    def pull(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        reached: dict[str, str] = json.loads(cursor) if cursor else {}
        count = 0
        for name, table in self._options.tables.items():
            began, highest = self._clock.now(), reached.get(name, "")
            for taken in self._pages(name, table, _from(table, reached.get(name), since)):
                count += len(taken.records)
                if count > self._options.rows:
                    raise _too_many(name, self._options.rows)
                highest = max([highest, *_values_of(table, taken)])
                yield Batch(taken.records, taken.refused)
            if highest:
                # A record from the future must not hide all that come before it.
                reached = {**reached, name: min(highest, began.astimezone(UTC).replace(tzinfo=None).isoformat())}
                yield Batch(cursor=json.dumps(reached, sort_keys=True))

    def close(self) -> None:
        self._client.close()

    def _pages(self, name: str, table: HttpTable, more: Mapping[str, Plain]) -> Iterator[Taken]:
        """Every page of a table, oldest question first. Raises SourceFailed."""
        mapper, paging = Mapper(name, table), table.paging
        path, place = table.path, _first_place(paging)
        seen: set[tuple[str, Plain]] = set()
        for _ in range(_MOST_PAGES):
            if (path, place) in seen:
                break
            seen.add((path, place))
            linked = path != table.path  # a link carries all parameters itself
            document, headers = self._ask(table, path, {} if linked else {**more, **_page_of(paging, place)})
            try:
                found = mapper.records_of(document)
            except ValueError as error:
                raise _not_there(name, str(error)) from error
            yield mapper.map(found, document)
            step = _next(paging, path, place, len(found), document, headers)
            if step is None:
                return
            path, place = urljoin(self._client.address(path), step[0]) if step[0] != path else path, step[1]
        raise SourceFailed(
            f"the pages of {name} go in circles or never end", retryable=False, fix="check paging against the API"
        )

    def _ask(self, table: HttpTable, path: str, parameters: Mapping[str, Plain]) -> tuple[Any, httpx.Headers]:
        if table.method == "GET":
            query = {} if path != table.path else table.query
            return self._client.ask("GET", path, {**query, **parameters}, None)
        return self._client.ask("POST", path, table.query, {**table.body, **parameters})


def _from(table: HttpTable, reached: str | None, since: datetime) -> dict[str, Plain]:
    """The parameter that asks for what is new."""
    wanted = table.since
    if wanted is None:
        return {}
    at = since if reached is None else datetime.fromisoformat(reached).replace(tzinfo=UTC)
    at -= timedelta(seconds=wanted.overlap_s if reached is not None else 0)
    return {wanted.parameter: _written(at, wanted)}


def _written(at: datetime, wanted: SinceOptions) -> Plain:
    local = at.astimezone(wanted.zone)
    if wanted.format == "epoch":
        return int(at.timestamp())
    if wanted.format == "epoch_ms":
        return int(at.timestamp() * 1000)
    if wanted.format == "date":
        return local.date().isoformat()
    if wanted.format == "iso":
        return local.isoformat(timespec="seconds").replace("+00:00", "Z")
    return local.strftime(wanted.format)


def _values_of(table: HttpTable, taken: Taken) -> list[str]:
    if table.since is None:
        return []
    return [record.body[table.since.column] for record in taken.records if record.body[table.since.column] is not None]


def _first_place(paging: PagingOptions | None) -> Plain:
    if paging is None or paging.kind in ("cursor", "link"):
        return None
    return paging.start if paging.kind == "page" else 0


def _page_of(paging: PagingOptions | None, place: Plain) -> dict[str, Plain]:
    if paging is None:
        return {}
    size: dict[str, Plain] = {paging.size_parameter: paging.size} if paging.size_parameter else {}
    return {**size, paging.parameter: place} if paging.parameter and place is not None else size


def _next(
    paging: PagingOptions | None, path: str, place: Plain, count: int, document: Any, headers: httpx.Headers
) -> tuple[str, Plain] | None:
    """Path and place of the page after this one; None when this was the last."""
    if paging is None:
        return None
    if paging.kind in ("page", "offset"):
        if count == 0 or (paging.size is not None and count < paging.size):
            return None
        return path, int(place or 0) + (1 if paging.kind == "page" else count)
    found = selector(paging.next).one(document) if paging.next else None
    if paging.kind == "cursor":
        return (path, found) if found not in (None, "", False) else None
    link = found or _link(headers.get("link", ""))
    return (str(link), None) if link else None


def _link(header: str) -> str | None:
    """The next page of a Link header (RFC 8288)."""
    found = _NEXT.search(header)
    return found[1] if found else None


def _not_there(name: str, reason: str) -> SourceFailed:
    return SourceFailed(
        f"{reason} in the answer for {name}",
        retryable=False,
        fix="correct `records`; where the API leaves it out when there is nothing, it cannot be told from a change",
    )


def _too_many(name: str, most: int) -> SourceFailed:
    return SourceFailed(
        f"more than {most} records in one pull, at table {name}", retryable=False, fix="raise rows, or set since"
    )


PLUGIN = SourcePlugin("http", HttpOptions, "Records of a JSON API, pulled page by page", build=HttpSource)
