"""Did it come back: verified, reopened, or nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.kernel.grain import Grain
from metricloop.verify.model import Outcome, Watch
from metricloop.verify.rules import Look, looked, watch_from
from tests.triage.nouns import AT, HOUR, incident, monitor

NOW = AT + 20 * HOUR
IN_BAND, OUTSIDE, UNKNOWN = (True, False), (True, True), (False, False)


def watch(needed: int = 3) -> Watch:
    return watch_from(incident(hours=2), monitor(verify_buckets=needed), NOW)


def looks(*seen: tuple[bool, bool]) -> list[Look]:
    return [Look(AT + (2 + i) * HOUR, judged, anomalous) for i, (judged, anomalous) in enumerate(seen)]


@pytest.mark.parametrize(
    ("why", "seen", "late", "outcome", "back"),
    [
        ("nothing judged yet", [], False, Outcome.WAITING, 0),
        ("two of three", [IN_BAND] * 2, False, Outcome.WAITING, 2),
        ("enough in a row", [IN_BAND] * 3, False, Outcome.VERIFIED, 3),
        ("the first three decide", [IN_BAND] * 5, False, Outcome.VERIFIED, 3),
        ("nights count neither way", [IN_BAND, UNKNOWN, IN_BAND, UNKNOWN, IN_BAND], False, Outcome.VERIFIED, 3),
        ("outside again", [IN_BAND, OUTSIDE], False, Outcome.REOPENED, 0),
        ("outside once is enough", [IN_BAND, IN_BAND, OUTSIDE, IN_BAND], False, Outcome.REOPENED, 0),
        ("what nobody judged is not outside", [(False, True)] * 2, False, Outcome.WAITING, 0),
        ("no verdicts until the deadline", [UNKNOWN] * 9, True, Outcome.CANNOT_TELL, 0),
        ("too few until the deadline", [IN_BAND] * 2, True, Outcome.CANNOT_TELL, 2),
        ("enough at the deadline", [IN_BAND] * 3, True, Outcome.VERIFIED, 3),
        ("outside at the deadline", [OUTSIDE], True, Outcome.REOPENED, 0),
    ],
)
def test_the_data_decides(why: str, seen: list[tuple[bool, bool]], late: bool, outcome: Outcome, back: int) -> None:
    now = watch()
    at = now.deadline_at if late else NOW
    after = looked(now, looks(*seen), at)
    assert (after.outcome, after.back) == (outcome, back), why
    assert after.decided_at == (None if outcome is Outcome.WAITING else at)
    assert (
        after.message.code
        == {
            Outcome.WAITING: "verify.waiting",
            Outcome.VERIFIED: "verify.back",
            Outcome.REOPENED: "verify.not_back",
            Outcome.CANNOT_TELL: "verify.cannot_tell",
        }[outcome]
    )


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        ([OUTSIDE, IN_BAND, IN_BAND, IN_BAND], Outcome.VERIFIED),
        ([OUTSIDE, IN_BAND, OUTSIDE], Outcome.WAITING),
        ([OUTSIDE, UNKNOWN, OUTSIDE], Outcome.REOPENED),
        ([IN_BAND, OUTSIDE, OUTSIDE, IN_BAND, IN_BAND, IN_BAND], Outcome.REOPENED),
    ],
)
def test_a_relapse_is_as_long_as_what_opens_an_incident(seen: list[tuple[bool, bool]], outcome: Outcome) -> None:
    assert looked(watch(), looks(*seen), NOW, relapse=2).outcome is outcome


@given(st.lists(st.sampled_from([IN_BAND, OUTSIDE, UNKNOWN]), max_size=12), st.integers(1, 4))
def test_the_first_verdict_in_order_of_time_holds(seen: list[tuple[bool, bool]], needed: int) -> None:
    judged = [look for look in seen if look != UNKNOWN]
    first_out = judged.index(OUTSIDE) if OUTSIDE in judged else len(judged)
    after = looked(watch(needed), looks(*seen), NOW)
    assert (after.outcome is Outcome.VERIFIED) == (first_out >= needed)
    assert (after.outcome is Outcome.REOPENED) == (first_out < needed and OUTSIDE in judged)


@given(st.lists(st.sampled_from([IN_BAND, OUTSIDE, UNKNOWN]), max_size=12))
def test_looking_again_at_the_same_buckets_changes_nothing(seen: list[tuple[bool, bool]]) -> None:
    once = looked(watch(), looks(*seen), NOW)
    assert looked(once, looks(*seen), NOW) == once or once.outcome is Outcome.REOPENED


def test_a_watch_begins_after_the_last_anomalous_bucket() -> None:
    made = watch()
    assert made.since == AT + 2 * HOUR
    assert (made.needed, made.back, made.outcome) == (3, 0, Outcome.WAITING)


@pytest.mark.parametrize(("grain", "patience"), [(Grain.HOUR, timedelta(hours=36)), (Grain.DAY, timedelta(days=10))])
def test_patience_fits_the_grain(grain: Grain, patience: timedelta) -> None:
    assert watch_from(replace(incident(), grain=grain), monitor(), NOW).deadline_at == NOW + patience


def test_what_counted_against_a_recovery_is_not_counted_again() -> None:
    denied = looked(watch(), looks(IN_BAND, OUTSIDE, IN_BAND), NOW)
    again = watch_from(incident(), monitor(), NOW, denied)
    assert denied.outcome is Outcome.REOPENED
    assert denied.since < again.deadline_at and again.since == denied.since > watch().since
