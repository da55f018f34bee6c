from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from metricloop.access.credentials import (
    SESSION_IDLE,
    SESSION_LONGEST,
    check_password,
    fingerprint,
    session_end,
    wait_after,
)
from metricloop.kernel.errors import InvalidInput

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_session_ends_after_rest_or_after_a_week_whichever_is_first() -> None:
    assert session_end(START, START) == START + SESSION_IDLE
    assert session_end(START, START + timedelta(days=6, hours=20)) == START + SESSION_LONGEST


def test_waits_grow_but_never_shut_anybody_out_for_good() -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(8)]
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32]
    assert wait_after(10_000) == timedelta(minutes=15)


def test_equal_secrets_have_equal_fingerprints_and_others_have_not() -> None:
    assert fingerprint("a") == fingerprint("a") != fingerprint("b")
    assert len(fingerprint("a")) == 64


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 257, "my name is ann okay"])
def test_a_weak_password_is_refused_with_the_way_out(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password("ann", password)
    assert refused.value.fix


@pytest.mark.parametrize("password", ["twelve chars", "一二三四五六七八九十百千", "x" * 256])
def test_length_is_all_that_is_asked(password: str) -> None:
    check_password("ann", password)
