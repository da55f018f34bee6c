"""The kits find what is wrong; that sound plugins pass them is tested beside each plugin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metricloop.notify.model import DeliveryResult, DeliveryState, Parcel
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_action, check_channel, check_source


class Careless:
    """A source that lets everything through and answers anything with the same row."""

    dialect = "duckdb"

    def columns(self, table: str) -> Mapping[str, str]:
        return {"at": "TIMESTAMP"}

    def tables(self) -> Sequence[str]:
        return ["others"]

    def describe(self, sql: str) -> Mapping[str, str]:
        return {"at": "TIMESTAMP"}

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        return [("2013-01-01T10:30:00", 1)]

    def close(self) -> None:
        raise RuntimeError("twice")


def test_a_careless_source_is_found_out() -> None:
    issues = check_source(Careless(), table="orders", time_column="when")
    said = {issue.where: issue.problem for issue in issues}
    assert "went through" in said["read('SELECT 1; SELECT 2')"]
    assert "went through" in said["describe('SELECT 1; SELECT 2')"]
    assert "'orders' is not among others" in said["tables"]
    assert "gave {'at'" in said["describe"]
    assert "went through" in said["columns of a table that is not there"]
    assert "'when' is not among at" in said["columns"]
    assert "hours that are not whole" in said["read"]
    assert "RuntimeError" in said["close again"]
    assert all(issue.fix for issue in issues)


def test_a_source_that_speaks_no_known_dialect_is_told_so_at_once() -> None:
    class Foreign(Careless):
        dialect = "cobol"

    (issue,) = check_source(Foreign(), table="orders", time_column="at")
    assert "cobol" in issue.problem


def test_an_error_of_another_kind_or_without_a_fix_is_found() -> None:
    class Rude(Careless):
        def read(self, sql: str) -> Sequence[Sequence[object]]:
            raise SourceFailed("no", retryable=False)

        def columns(self, table: str) -> Mapping[str, str]:
            if table == "orders":
                return {"at": ""}
            raise KeyError(table)

    said = [issue.problem for issue in check_source(Rude(), table="orders", time_column="at")]
    assert "SourceFailed without a fix" in said
    assert "a column without a type" in said
    assert any("KeyError" in problem for problem in said)


def test_a_channel_that_sends_twice_or_hides_a_failure_is_found_out() -> None:
    arrived: list[str] = []

    class Forgetful:
        def send(self, parcel: Parcel) -> DeliveryResult:
            arrived.append(parcel.id)
            return DeliveryResult(DeliveryState.DELIVERED)

    said = [issue.problem for issue in check_channel(Forgetful, arrived=lambda: arrived, broken=Forgetful())]
    assert "message conformance-1 arrived 2 times" in said
    assert any("DELIVERED" in problem for problem in said)


def test_an_action_that_acts_twice_or_says_nothing_is_found_out() -> None:
    done: list[str] = []

    class Forgetful:
        def perform(self, request: Mapping[str, Any], key: str) -> str:
            done.append(key)
            return ""

    said = [issue.problem for issue in check_action(Forgetful, request={}, done=lambda: done)]
    assert "conformance-1 took effect 2 times" in said
    assert "gave ''" in said
