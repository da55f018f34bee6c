"""A draft holds what the record holds: facts, no guesses."""

from __future__ import annotations

from dataclasses import replace

from metricloop.attribute.model import Attribution, Cause, VerdictKind
from metricloop.detect.model import Label, Verdict
from metricloop.kernel.message import Message
from metricloop.review.model import Review
from metricloop.review.rules import draft
from metricloop.triage.model import Incident, IncidentState, TimelineEntry
from metricloop.triage.rules import line
from tests.triage.nouns import AA, AT, HOUR, incident, label

DONE = replace(
    incident(),
    state=IncidentState.VERIFIED,
    ended_at=AT + 2 * HOUR,
    acknowledged_at=AT + 11 * HOUR,
    resolved_at=AT + 13 * HOUR,
    verified_at=AT + 15 * HOUR,
)
FOUND = Attribution(
    incident=1,
    metric="on_time_rate",
    made_at=AT,
    start=AT,
    end=AT + 2 * HOUR,
    expected=0.8,
    actual=0.5,
    total=-0.3,
    verdict=VerdictKind.LOCAL,
    localisable=True,
    causes=(Cause(AA, -0.25, 0.83, 0.9),),
    parts=(),
    by_dimension={},
)


def drafted(
    of: Incident = DONE,
    timeline: list[TimelineEntry] | None = None,
    found: Attribution | None = FOUND,
    labels: list[Label] | None = None,
) -> Review:
    return draft(of, timeline or [], found, labels or [], AT + 20 * HOUR)


def told(review: Review, code: str) -> list[Message]:
    return [message for message in review.summary if message.code == code]


def test_a_draft_says_what_happened_first() -> None:
    review = drafted()
    assert review.summary[0].code == "review.happened"
    assert review.summary[0].params["slice"] == {"carrier": "AA"}
    assert review.summary[0].params["end"] == (AT + 2 * HOUR).isoformat()
    assert (review.impact, review.cause, review.lesson, review.published_at) == (-40.0, "", "", None)


def test_times_count_from_opening() -> None:
    review = drafted()
    seconds = {m.code: m.params["seconds"] for m in review.summary if m.code.startswith("review.time_to")}
    assert seconds == {
        "review.time_to_acknowledge": 3600.0,
        "review.time_to_resolve": 3 * 3600.0,
        "review.time_to_verify": 5 * 3600.0,
    }


def test_what_never_happened_has_no_time() -> None:
    healed = drafted(replace(DONE, acknowledged_at=None, resolved_at=None))
    assert [m.code for m in healed.summary if m.code.startswith("review.time_to")] == ["review.time_to_verify"]


def test_evidence_names_the_first_cause_or_says_that_there_is_none() -> None:
    assert told(drafted(), "review.evidence")[0].params == {"slice": {"carrier": "AA"}, "share": 0.83}
    wide = replace(FOUND, localisable=False, verdict=VerdictKind.GLOBAL, causes=())
    assert told(drafted(found=wide), "review.not_localisable")[0].params == {"verdict": "global"}
    without = drafted(found=None)
    assert not told(without, "review.evidence") and not told(without, "review.not_localisable")


def test_a_localisable_change_without_a_cause_is_no_evidence() -> None:
    odd = replace(FOUND, causes=())
    assert told(drafted(found=odd), "review.not_localisable")


def test_people_are_counted_once_and_the_system_is_none() -> None:
    lines = [
        line(1, AT, "act", actor, Message("timeline.comment"), str(i))
        for i, actor in enumerate([None, "wei_lan", "wei_lan", "victor_hale", None])
    ]
    assert told(drafted(timeline=lines), "review.steps")[0].params == {"people": 2, "entries": 5}


def test_reopening_and_the_newest_verdict_are_told() -> None:
    review = drafted(replace(DONE, reopened=2), labels=[label("a", Verdict.FALSE_ALARM), label("b", Verdict.TRUE)])
    assert told(review, "review.reopened")[0].params == {"times": 2}
    assert told(review, "review.labelled")[0].params == {"verdict": "true"}


def test_a_verdict_that_was_taken_back_is_not_told() -> None:
    review = drafted(labels=[label("a", Verdict.TRUE), label("b", Verdict.FALSE_ALARM, withdrawn_at=AT)])
    assert told(review, "review.labelled")[0].params == {"verdict": "true"}
    assert not told(drafted(labels=[label("b", Verdict.TRUE, withdrawn_at=AT)]), "review.labelled")


def test_an_incident_whose_data_is_not_back_ends_where_it_was_last_seen() -> None:
    assert drafted(replace(DONE, ended_at=None)).summary[0].params["end"] == (AT + 2 * HOUR).isoformat()
