"""Resolved and untouched incidents are watched until the data has spoken. On a real store, with real bands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from metricloop.kernel.series import BandPanel
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentState, Trigger
from metricloop.verify import use_cases as verify
from metricloop.verify.model import Outcome, Watch
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import AA, AT, HOUR

BACK = AT + 2 * HOUR  # end of the incident's last anomalous bucket
IN_BAND, OUTSIDE, UNKNOWN = "in band", "outside", "unknown"


def judged(desk: Desk, *seen: str, after: int = 0) -> None:
    """Hours of American Airlines, from the end of the incident on, as the hourly monitor judged them."""
    shape = (len(seen), 1)
    expected = np.array([np.nan if what == UNKNOWN else 0.8 for what in seen]).reshape(shape)
    panel = BandPanel(
        slices=(AA,),
        starts=tuple(BACK + (after + i) * HOUR for i in range(len(seen))),
        expected=expected,
        lower=expected - 0.1,
        upper=expected + 0.1,
        score=np.full(shape, 0.5),
        anomalous=np.array([what == OUTSIDE for what in seen]).reshape(shape),
    )
    with desk.unit() as unit:
        unit.bands.put("on_time_hourly", 1, panel)


def resolved(desk: Desk) -> None:
    desk.open_incident(ended_at=BACK)
    with desk.unit() as unit:
        triage.resolve(unit, 1, person="wei_lan", at=OPENED)


def watch(desk: Desk, at: timedelta = timedelta(0)) -> None:
    with desk.unit() as unit:
        verify.watch_resolved(unit, desk.project, 1, at=OPENED + at)


def look(desk: Desk, at: timedelta = timedelta(0)) -> Watch:
    with desk.unit() as unit:
        verify.look_again(unit, desk.project, at=OPENED + at)
        found = unit.watches.get(1)
        assert found is not None
        return found


def recoveries(desk: Desk) -> list[str]:
    return [event.kind for event in desk.told("recovery")]


def test_data_that_is_there_decides_at_once(desk: Desk) -> None:
    judged(desk, *[IN_BAND] * 4)
    resolved(desk)
    watch(desk)
    assert recoveries(desk) == ["recovery.verified"]
    assert "verify.back" in desk.timeline()


def test_it_waits_for_more_and_then_verifies_once(desk: Desk) -> None:
    judged(desk, IN_BAND, UNKNOWN, IN_BAND)
    resolved(desk)
    watch(desk)
    assert (look(desk).back, recoveries(desk)) == (2, [])
    judged(desk, IN_BAND, IN_BAND, after=3)
    assert look(desk).outcome is Outcome.VERIFIED
    look(desk, HOUR)
    assert recoveries(desk) == ["recovery.verified"]


def test_a_relapse_denies_the_recovery(desk: Desk) -> None:
    judged(desk, IN_BAND, OUTSIDE, OUTSIDE, OUTSIDE)
    resolved(desk)
    watch(desk)
    assert recoveries(desk) == ["recovery.denied"]


def test_when_nothing_can_be_judged_nobody_can_tell(desk: Desk) -> None:
    resolved(desk)
    watch(desk)
    assert look(desk, 35 * HOUR).outcome is Outcome.WAITING
    assert look(desk, 36 * HOUR).outcome is Outcome.CANNOT_TELL
    assert recoveries(desk) == ["recovery.unknown"]
    assert desk.incident().state is IncidentState.RESOLVED


def test_a_source_that_is_silent_for_ever_does_not_hide_the_deadline(desk: Desk) -> None:
    resolved(desk)
    watch(desk)
    assert desk.timers()["recovery.deadline:1"] == OPENED + 36 * HOUR


def test_only_what_lies_after_the_trouble_and_before_now_is_looked_at(desk: Desk) -> None:
    judged(desk, *[OUTSIDE] * 3, after=-3)
    judged(desk, *[IN_BAND] * 3)
    judged(desk, *[OUTSIDE] * 3, after=3)
    desk.open_incident(ended_at=BACK)
    with desk.unit() as unit:
        triage.resolve(unit, 1, person="wei_lan", at=BACK + 3 * HOUR)
        verify.watch_resolved(unit, desk.project, 1, at=BACK + 3 * HOUR)
    assert recoveries(desk) == []
    assert look(desk).outcome is Outcome.REOPENED


@pytest.mark.parametrize("state", [s for s in IncidentState if s is not IncidentState.RESOLVED])
def test_only_what_somebody_called_resolved_is_watched(desk: Desk, state: IncidentState) -> None:
    judged(desk, *[IN_BAND] * 4)
    desk.open_incident(state=state, ended_at=BACK)
    watch(desk)
    assert recoveries(desk) == []


def test_watching_twice_tells_once(desk: Desk) -> None:
    judged(desk, *[IN_BAND] * 4)
    resolved(desk)
    watch(desk)
    watch(desk)
    assert recoveries(desk) == ["recovery.verified"]


def heal(desk: Desk, at: timedelta) -> None:
    with desk.unit() as unit:
        verify.check_self_heal(unit, desk.project, 1, at=OPENED + at)


def test_an_untouched_incident_whose_data_came_back_heals_by_itself(desk: Desk) -> None:
    judged(desk, *[IN_BAND] * 4)
    desk.open_incident(ended_at=BACK)
    with desk.unit() as unit:
        verify.wait_for_self_heal(unit, desk.project, 1, at=OPENED)
    assert desk.timers() == {"incident.self_heal:1": OPENED + 24 * HOUR}
    heal(desk, 24 * HOUR)
    heal(desk, 24 * HOUR)
    assert recoveries(desk) == ["recovery.self_healed"]


def test_while_the_data_cannot_tell_it_is_asked_again_later(desk: Desk) -> None:
    judged(desk, IN_BAND)
    desk.open_incident(ended_at=BACK)
    heal(desk, 24 * HOUR)
    assert recoveries(desk) == []
    assert desk.timers() == {"incident.self_heal:1": OPENED + 48 * HOUR}
    judged(desk, *[IN_BAND] * 3, after=1)
    heal(desk, 48 * HOUR)
    assert recoveries(desk) == ["recovery.self_healed"]


def test_what_somebody_has_taken_up_does_not_heal_by_itself(desk: Desk) -> None:
    judged(desk, *[IN_BAND] * 4)
    desk.open_incident(ended_at=BACK)
    with desk.unit() as unit:
        triage.move(unit, 1, Trigger.ACKNOWLEDGE, at=OPENED, by="wei_lan")
    heal(desk, 24 * HOUR)
    assert recoveries(desk) == []


@pytest.mark.parametrize("seen", [(OUTSIDE, OUTSIDE, OUTSIDE), (IN_BAND, OUTSIDE)])
def test_what_is_not_back_does_not_heal(desk: Desk, seen: Sequence[str]) -> None:
    judged(desk, *seen)
    desk.open_incident(ended_at=BACK)
    heal(desk, 24 * HOUR)
    assert recoveries(desk) == []


def test_what_still_lasts_does_not_heal(desk: Desk) -> None:
    judged(desk, *[IN_BAND] * 4)
    desk.open_incident()
    heal(desk, 24 * HOUR)
    assert recoveries(desk) == []
