"""Three false alarms lead to one proposal; a yes writes a new version of the monitor. On a real store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from metricloop.define.model import Kind, Origin
from metricloop.define.versions import content_hash
from metricloop.detect.model import Verdict
from metricloop.kernel.errors import Conflict, NotFound
from metricloop.tune import use_cases as tune
from metricloop.tune.model import Proposal, ProposalState
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import AT, HOUR, anomaly, label

NOW = OPENED + 20 * 24 * HOUR
FALSE = Verdict.FALSE_ALARM


def history(desk: Desk, false_alarms: int = 3, true_impact: float = -90.0) -> None:
    """Some small false alarms, a day apart, and one true alarm before them; all of them labelled."""
    with desk.unit() as unit:
        unit.anomalies.put(anomaly("true", first=-48, hours=5, impact=true_impact))
        unit.labels.put(label("true", Verdict.TRUE, first=-48, hours=5, incident=None))
        for i in range(false_alarms):
            unit.anomalies.put(anomaly(f"f{i}", first=24 * i, hours=3, impact=-21.0 - i))
            unit.labels.put(label(f"f{i}", FALSE, first=24 * i, hours=3, incident=None))


def consider(desk: Desk, label_id: str = "f0", at: timedelta = timedelta(0)) -> None:
    with desk.unit() as unit:
        tune.consider(unit, desk.project, label_id, needed=3, at=NOW + at)


def proposals(desk: Desk) -> list[Proposal]:
    with desk.unit() as unit:
        return list(unit.proposals.find())


def test_three_false_alarms_lead_to_a_proposal_with_its_evidence(desk: Desk) -> None:
    history(desk)
    consider(desk)
    (made,) = proposals(desk)
    assert (made.monitor, made.state, made.monitor_version) == ("on_time_hourly", ProposalState.OPEN, 1)
    assert (made.before["gates"]["minimum_impact"], made.after["gates"]["minimum_impact"]) == (20, 24.0)
    assert (made.backtest.before.false, made.backtest.after.false) == (3, 0)
    assert (made.backtest.before.caught, made.backtest.after.caught) == (1, 1)
    assert set(made.labels) == {"true", "f0", "f1", "f2"}
    assert [e.subject for e in desk.told("proposal")] == [made.id]


def test_two_are_not_enough(desk: Desk) -> None:
    history(desk, false_alarms=2)
    consider(desk)
    assert proposals(desk) == []


def test_what_never_rang_does_not_count(desk: Desk) -> None:
    history(desk)
    with desk.unit() as unit:
        unit.anomalies.put(anomaly("f2", first=48, hours=3, impact=-23.0, raised_at=None))
    consider(desk)
    assert proposals(desk) == []


def test_other_verdicts_propose_nothing(desk: Desk) -> None:
    history(desk)
    consider(desk, "true")
    consider(desk, "gone")
    assert proposals(desk) == []


def test_no_proposal_where_a_true_alarm_would_be_lost(desk: Desk) -> None:
    history(desk, true_impact=-20.5)
    with desk.unit() as unit:
        unit.anomalies.put(anomaly("true", first=-48, hours=3, impact=-20.5))
    consider(desk)
    assert proposals(desk) == []


def test_considering_twice_proposes_once(desk: Desk) -> None:
    history(desk)
    consider(desk)
    consider(desk, "f1", at=HOUR)
    assert len(proposals(desk)) == len(desk.told("proposal.made")) == 1


def test_a_yes_writes_the_next_version_with_its_origin(desk: Desk) -> None:
    history(desk)
    consider(desk)
    (made,) = proposals(desk)
    with desk.unit() as unit:
        done = tune.accept(unit, made.id, reason="fair", person="grace_holm", at=NOW)
    assert (done.state, done.new_version, done.decided_by) == (ProposalState.ACCEPTED, 2, "grace_holm")
    assert desk.project.monitor("on_time_hourly").gates.minimum_impact == 24.0
    assert desk.project.version(Kind.MONITOR, "on_time_hourly") == 2
    with desk.unit() as unit:
        live = unit.definitions.newest(Kind.MONITOR, "on_time_hourly")
    assert live is not None
    assert (live.origin, live.by, live.hash) == (Origin.PROPOSAL, "grace_holm", content_hash(made.after))
    assert {k: v for k, v in live.body.items() if k != "gates"} == {
        k: v for k, v in made.before.items() if k != "gates"
    }
    assert [e.kind for e in desk.told("proposal")] == ["proposal.made", "proposal.accepted"]
    assert desk.audit_holds()


def test_a_no_leaves_the_rule_and_is_not_asked_again(desk: Desk) -> None:
    history(desk)
    consider(desk)
    (made,) = proposals(desk)
    with desk.unit() as unit:
        tune.reject(unit, made.id, reason="too deaf", person="grace_holm", at=NOW)
    assert desk.project.monitor("on_time_hourly").gates.minimum_impact == 20.0
    consider(desk, "f1", at=HOUR)
    assert len(desk.told("proposal.made")) == 1
    assert proposals(desk)[0].decision_reason == "too deaf"


@pytest.mark.parametrize(("first", "second"), list(product((tune.accept, tune.reject), repeat=2)))
def test_a_proposal_is_decided_once(
    desk: Desk, first: Callable[..., Proposal], second: Callable[..., Proposal]
) -> None:
    history(desk)
    consider(desk)
    (made,) = proposals(desk)
    with desk.unit() as unit:
        first(unit, made.id, reason="x", person="grace_holm", at=NOW)
    with pytest.raises(Conflict, match="already"), desk.unit() as unit:
        second(unit, made.id, reason="x", person="grace_holm", at=NOW)


def test_a_proposal_made_against_an_older_version_is_refused(desk: Desk) -> None:
    history(desk)
    consider(desk)
    (made,) = proposals(desk)
    with desk.unit() as unit:
        tune.accept(unit, made.id, reason="", person="grace_holm", at=NOW)
    with desk.unit() as unit:
        for i in range(3):
            unit.anomalies.put(anomaly(f"g{i}", first=100 + 24 * i, hours=3, impact=-31.0 - i))
            unit.labels.put(label(f"g{i}", FALSE, first=100 + 24 * i, hours=3, incident=None))
    consider(desk, "g0", at=HOUR)
    (newer, _) = proposals(desk)
    assert newer.monitor_version == 2
    with desk.unit() as unit:
        body = {**newer.before, "severity": "S1"}
        live = unit.definitions.newest(Kind.MONITOR, "on_time_hourly")
        assert live is not None
        unit.definitions.add(replace(live, number=3, parent=live.hash, hash=content_hash(body), body=body, at=AT))
    with pytest.raises(Conflict, match="has changed since"), desk.unit() as unit:
        tune.accept(unit, newer.id, reason="", person="grace_holm", at=NOW)


def test_a_proposal_that_does_not_exist_says_so(desk: Desk) -> None:
    with pytest.raises(NotFound), desk.unit() as unit:
        tune.accept(unit, "gone", reason="", person="grace_holm", at=NOW)
