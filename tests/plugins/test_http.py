"""Source `http` against a real API on loopback: every way of paging, what is new, and everything that goes wrong."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from metricloop.kernel.errors import SourceFailed
from metricloop.plugins.http import HttpOptions
from metricloop.sdk import PullSource
from tests.plugins.landing import DAY, ORDERS, Desk, desk, order
from tests.plugins.web_api import Api, Asked, Says, api

ALL = [order(n, hour=n) for n in range(5)]
TOTAL = (5.0, 5.0)


@contextmanager
def crm(
    folder: Path, answer: Callable[[Asked], Says], table: dict[str, Any], **options: Any
) -> Iterator[tuple[Desk, Api]]:
    """history_days: far enough back for the orders of the tests, whenever they run."""
    with api(answer) as found:
        all_options = {"url": found.url, "retries": 2, "longest_wait_s": 1, "history_days": 3650, **options}
        with desk(folder, "http", {**all_options, "tables": {"orders": {**ORDERS, **table}}}) as place:
            yield place, found


def by_page(asked: Asked) -> Says:
    page, size = int(asked.query["page"]), int(asked.query["per_page"])
    return Says({"data": ALL[(page - 1) * size : page * size]})


def by_offset(asked: Asked) -> Says:
    return Says({"data": ALL[int(asked.query["skip"]) :][:2]})


def by_cursor(asked: Asked) -> Says:
    at = int(asked.query.get("after", "0"))
    return Says({"data": ALL[at : at + 2], "next": str(at + 2) if at + 2 < len(ALL) else None})


def by_link_header(asked: Asked) -> Says:
    at = int(asked.query.get("from", "0"))
    more = {"Link": f'</v1/orders?from={at + 2}>; rel="next", </v1/orders>; rel="first"'} if at + 2 < len(ALL) else {}
    return Says({"data": ALL[at : at + 2]}, headers=more)


def by_link_in_body(asked: Asked) -> Says:
    at = int(asked.query.get("from", "0"))
    return Says({"data": ALL[at : at + 2], "links": {"next": f"orders?from={at + 2}" if at + 2 < len(ALL) else None}})


@pytest.mark.parametrize(
    ("answer", "paging", "pages"),
    [
        (by_page, {"kind": "page", "parameter": "page", "size": 2, "size_parameter": "per_page"}, 3),
        (by_offset, {"kind": "offset", "parameter": "skip"}, 4),
        (by_cursor, {"kind": "cursor", "parameter": "after", "next": "$.next"}, 3),
        (by_link_header, {"kind": "link"}, 3),
        (by_link_in_body, {"kind": "link", "next": "$.links.next"}, 3),
    ],
)
def test_every_record_of_every_page_lands_once(
    tmp_path: Path, answer: Callable[[Asked], Says], paging: dict[str, Any], pages: int
) -> None:
    with crm(tmp_path, answer, {"path": "/v1/orders", "records": "$.data", "paging": paging}) as (place, found):
        assert place.totals() == TOTAL
        assert len(found.asked) == pages and all(one.path == "/v1/orders" for one in found.asked)


def test_a_window_that_was_pulled_for_is_not_pulled_for_again(tmp_path: Path) -> None:
    with crm(tmp_path, lambda asked: Says(ALL), {}) as (place, found):
        assert place.totals() == place.totals() == TOTAL
        assert len(found.asked) == 1


def test_the_next_pull_asks_for_what_is_new_with_an_overlap(tmp_path: Path) -> None:
    since = {"parameter": "updated_after", "column": "updated_at", "overlap_s": 60}
    with crm(tmp_path, lambda asked: Says(ALL), {"since": since}, history_days=36) as (place, found):
        source = place.made()
        assert isinstance(source, PullSource)
        reached = None
        for batch in source.pull(None, DAY - timedelta(days=36)):
            reached = batch.cursor or reached
        list(source.pull(reached, DAY))
    first, second = (one.query["updated_after"] for one in found.asked)
    assert first == (DAY - timedelta(days=36)).isoformat().replace("+00:00", "Z")
    newest = datetime.fromisoformat(ALL[-1]["updated_at"])
    assert datetime.fromisoformat(second) == newest - timedelta(seconds=60)


def test_a_record_from_the_future_does_not_hide_those_that_come_before_it(tmp_path: Path) -> None:
    odd = order(9, updated_at="2999-01-01T00:00:00Z")
    since = {"parameter": "since", "column": "updated_at", "format": "epoch"}
    with crm(tmp_path, lambda asked: Says([*ALL, odd]), {"since": since}) as (place, _):
        place.totals()
        with place.store.unit(write=False) as unit:
            cursor = unit.landed.landing("desk").cursor
    assert cursor is not None and "2999" not in cursor


def test_an_interrupted_pull_keeps_its_rows_but_not_its_place(tmp_path: Path) -> None:
    broken = threading.Event()

    def answer(asked: Asked) -> Says:
        return Says(status=403) if broken.is_set() and asked.query["page"] == "2" else by_page(asked)

    paging = {"kind": "page", "parameter": "page", "size": 2, "size_parameter": "per_page"}
    since = {"parameter": "since", "column": "updated_at"}
    with crm(tmp_path, answer, {"records": "$.data", "paging": paging, "since": since}) as (place, found):
        broken.set()
        with pytest.raises(SourceFailed, match="403"):
            place.totals()
        with place.store.unit(write=False) as unit:
            landing = unit.landed.landing("desk")
        assert landing.cursor is None and landing.failure is not None and len(place.bodies()) == 2
        broken.clear()
        assert place.totals() == TOTAL
        assert found.asked[2].query["since"][:10] == found.asked[0].query["since"][:10]
        with place.store.unit(write=False) as unit:
            assert unit.landed.landing("desk").failure is None


def test_a_busy_server_is_asked_again_when_it_says_so(tmp_path: Path) -> None:
    left = [Says(status=429, headers={"Retry-After": "0"}), Says(status=503, headers={"Retry-After": "0"})]
    with crm(tmp_path, lambda asked: left.pop() if left else Says(ALL), {}) as (place, found):
        assert place.totals() == TOTAL and len(found.asked) == 3


def test_a_server_that_is_busy_for_long_fails_the_reading_but_may_be_asked_later(tmp_path: Path) -> None:
    busy = Says({"error": "slow down"}, status=429, headers={"Retry-After": "3600"})
    with crm(tmp_path, lambda asked: busy, {}) as (place, found):
        with pytest.raises(SourceFailed, match="429") as caught:
            place.totals()
        assert caught.value.retryable and "less often" in caught.value.fix and len(found.asked) == 1


@pytest.mark.parametrize(
    ("says", "problem", "retryable"),
    [
        (Says(status=500), "500", True),
        (Says({"why": "no"}, status=401), "401", False),
        (Says(status=302, headers={"Location": "http://elsewhere.example.org/"}), "302", False),
        (Says(b"<html>busy</html>"), "not JSON", True),
        (Says(b'[{"id": 1'), "not JSON", True),
        (Says({"items": []}), "must not be empty", None),
        (Says(b""), "not JSON", True),
    ],
)
def test_what_the_server_does_wrong_is_told(tmp_path: Path, says: Says, problem: str, retryable: bool | None) -> None:
    with crm(tmp_path, lambda asked: says, {}, retries=1, longest_wait_s=1) as (place, _):
        if retryable is None:
            assert place.totals() == (0.0, 0.0) and problem in place.reasons()[0]
            return
        with pytest.raises(SourceFailed, match=problem) as caught:
            place.totals()
        assert caught.value.retryable is retryable and caught.value.fix and caught.value.where


def test_a_path_that_leads_nowhere_is_not_an_empty_answer(tmp_path: Path) -> None:
    with (
        crm(tmp_path, lambda asked: Says({"rows": []}), {"records": "$.data[*]"}) as (place, _),
        pytest.raises(SourceFailed, match="nothing stands at"),
    ):
        place.totals()


def test_a_slow_server_and_a_dead_one_end_within_the_time_out(tmp_path: Path) -> None:
    never = threading.Event()
    with crm(tmp_path, lambda asked: Says(ALL, wait=never), {}, timeout_s=0.2, retries=0) as (place, found):
        with pytest.raises(SourceFailed, match="ReadTimeout") as caught:
            place.totals()
        assert caught.value.retryable
        never.set()
    dead = {"url": found.url, "retries": 0, "tables": {"orders": ORDERS}}
    with desk(tmp_path, "http", dead) as place, pytest.raises(SourceFailed, match="ConnectError"):
        place.totals()


def test_an_error_in_a_good_answer_is_an_error(tmp_path: Path) -> None:
    good = {"path": "$.code", "equals": 0}
    with (
        crm(tmp_path, lambda asked: Says({"code": 40001, "msg": "no"}), {"records": "$.data"}, success=good) as (p, _),
        pytest.raises(SourceFailed, match="40001"),
    ):
        p.totals()


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"bearer": "env:CRM_SECRET"}, "authorization", "Bearer s3cret"),
        ({"header": "X-Api-Key", "value": "env:CRM_SECRET"}, "x-api-key", "s3cret"),
        (
            {"user": "ann", "password": "env:CRM_SECRET"},
            "authorization",
            "Basic " + base64.b64encode(b"ann:s3cret").decode(),
        ),
    ],
)
def test_credentials_go_by_reference_and_into_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth: dict[str, str], header: str, value: str
) -> None:
    monkeypatch.setenv("CRM_SECRET", "s3cret")
    with crm(tmp_path, lambda asked: Says(ALL), {}, auth=auth) as (place, found):
        assert place.totals() == TOTAL
        assert found.asked[0].headers[header] == value


def test_a_secret_is_in_no_error_and_not_in_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SECRET", "s3cret")
    auth = {"query": "key", "value": "env:CRM_SECRET"}
    with crm(tmp_path, lambda asked: Says(status=500), {}, auth=auth, retries=0) as (place, found):
        with pytest.raises(SourceFailed) as caught:
            place.totals()
        assert found.asked[0].query["key"] == "s3cret" and "s3cret" not in str(caught.value)
        place.store.close()
        assert b"s3cret" not in b"".join(path.read_bytes() for path in tmp_path.glob("desk.db*"))


def test_credentials_are_not_sent_to_another_host(tmp_path: Path) -> None:
    away = {"data": ALL, "next": "http://127.0.0.2:1/steal"}
    paging = {"kind": "link", "next": "$.next"}
    with (
        crm(tmp_path, lambda asked: Says(away), {"records": "$.data", "paging": paging}) as (place, _),
        pytest.raises(SourceFailed, match="leads to another host"),
    ):
        place.totals()


def test_pages_that_go_in_circles_end(tmp_path: Path) -> None:
    paging = {"kind": "cursor", "parameter": "after", "next": "$.next"}
    with (
        crm(tmp_path, lambda asked: Says({"data": [], "next": "1"}), {"records": "$.data", "paging": paging}) as (
            p,
            _,
        ),
        pytest.raises(SourceFailed, match="in circles"),
    ):
        p.totals()


def test_too_many_records_are_an_error_and_never_cut(tmp_path: Path) -> None:
    with (
        crm(tmp_path, lambda asked: Says(ALL), {}, rows=4) as (place, _),
        pytest.raises(SourceFailed, match="more than 4 records"),
    ):
        place.totals()


def test_a_post_carries_its_paging_in_the_body(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Says:
        page = asked.body["page"]
        return Says({"data": ALL[(page - 1) * 3 : page * 3]})

    paging = {"kind": "page", "parameter": "page", "size": 3}
    table = {"method": "POST", "body": {"state": "open"}, "records": "$.data", "paging": paging}
    with crm(tmp_path, answer, table) as (place, found):
        assert place.totals() == TOTAL
        assert found.asked[1].body == {"state": "open", "page": 2}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": "ftp://x"}, "must begin with"),
        ({"url": "https://ann:pw@x"}, "by reference"),
        ({"auth": {"bearer": "plain"}}, "env:NAME"),
        ({"auth": {"user": "ann"}}, "go together"),
        ({"auth": {}}, "exactly one"),
        ({"tables": {"t": {**ORDERS, "paging": {"kind": "cursor", "parameter": "p"}}}}, "needs next"),
        ({"tables": {"t": {**ORDERS, "paging": {"kind": "page"}}}}, "needs a parameter"),
        ({"tables": {"t": {**ORDERS, "since": {"parameter": "s", "column": "store"}}}}, "timestamp column"),
    ],
)
def test_options_that_do_not_hang_together_say_why(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        HttpOptions.model_validate({"url": "https://crm.example.org", "tables": {"t": ORDERS}, **wrong})
