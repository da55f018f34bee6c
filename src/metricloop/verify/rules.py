"""Did it come back? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from metricloop.define.monitors import Monitor
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.triage.model import Incident
from metricloop.verify.model import Outcome, Watch


@dataclass(frozen=True, slots=True)
class Look:
    """One bucket of the incident's lead slice after the watch began. judged False: nobody can tell."""

    start: datetime
    judged: bool
    anomalous: bool


DATA_PATIENCE = timedelta(hours=4)
_PATIENCE = {Grain.HOUR: timedelta(hours=36), Grain.DAY: timedelta(days=10)}


def watch_from(incident: Incident, monitor: Monitor, at: datetime, before: Watch | None = None) -> Watch:
    """A watch over what comes after the last anomalous bucket; it may be satisfied at once by data that is there.

    before: an earlier watch of the incident; what it has counted against the recovery is not counted again.
    """
    return Watch(
        incident=incident.number,
        since=max(incident.last_anomalous_at, before.since) if before else incident.last_anomalous_at,
        needed=monitor.verify_buckets,
        back=0,
        outcome=Outcome.WAITING,
        decided_at=None,
        deadline_at=at + _PATIENCE[incident.grain],
        message=Message("verify.waiting", {"back": 0, "needed": monitor.verify_buckets}),
    )


def data_watch(incident: Incident, at: datetime) -> Watch:
    """A watch over a dataset that a person says is mended: it is as soon as nothing holds it any more; until a deadline
    it may still be."""
    return Watch(
        incident=incident.number,
        since=at,
        needed=1,
        back=0,
        outcome=Outcome.WAITING,
        decided_at=None,
        deadline_at=at + DATA_PATIENCE,
        message=Message("verify.data_waiting", {}),
    )


def data_looked(watch: Watch, incident: Incident, at: datetime) -> Watch:
    """verified: nothing holds the dataset. reopened: something still does at the deadline."""
    if incident.ended_at is not None:
        told = Message("verify.data_back", {})
        return replace(watch, back=1, outcome=Outcome.VERIFIED, decided_at=at, message=told)
    if at >= watch.deadline_at:
        return replace(watch, outcome=Outcome.REOPENED, decided_at=at, message=Message("verify.data_not_back", {}))
    return watch


def looked(watch: Watch, looks: Sequence[Look], at: datetime, *, relapse: int = 1) -> Watch:
    """The watch after looking at all buckets since it began (not only the new ones), in order of time.

    verified: `needed` judged buckets in a row are in band. reopened: before that, `relapse` anomalous ones in a row (as
    many as would open an incident); the next watch begins after them. cannot tell: the deadline passed without enough
    judged buckets. What comes after a verdict belongs to another story.
    """
    back = bad = 0
    for look in looks:
        if look.judged:
            back, bad = (0, bad + 1) if look.anomalous else (back + 1, 0)
        if bad >= relapse:
            told = Message("verify.not_back", {"needed": watch.needed})
            after = look.start + timedelta(seconds=1)
            return replace(watch, back=0, since=after, outcome=Outcome.REOPENED, decided_at=at, message=told)
        if back >= watch.needed:
            told = Message("verify.back", {"back": back})
            return replace(watch, back=back, outcome=Outcome.VERIFIED, decided_at=at, message=told)
    now = replace(watch, back=back, message=Message("verify.waiting", {"back": back, "needed": watch.needed}))
    if at >= watch.deadline_at:
        told = Message("verify.cannot_tell", {"back": back, "needed": watch.needed})
        return replace(now, outcome=Outcome.CANNOT_TELL, decided_at=at, message=told)
    return now
