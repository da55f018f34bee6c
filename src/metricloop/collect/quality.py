"""Is a dataset ready to be judged? What is wrong with the data, before anybody looks for what is wrong with business.

Pure. A drop is a drop while rows keep arriving: what stops a verdict is silence where there never is any, columns that
went missing or changed, and columns or keys that are suddenly not what they always were. Without enough of a past there
is no finding: "cannot tell" holds nothing up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from metricloop.collect.arrival import kin
from metricloop.collect.model import Tally
from metricloop.define.dataset import Dataset
from metricloop.kernel.grain import after
from metricloop.kernel.message import Message, Param

LEAST_FRESHNESS = timedelta(hours=24)
LONGEST_WAIT = timedelta(days=1)  # for rows that usually are late; then the bucket is taken as it is
_MISSED = 20.0  # rows that would have come while nothing came: chance does not do that
_WEEKS = 3  # like buckets, without which nobody knows what is usual
_READY = 0.9
_FILLED = 0.001  # a column, or a key, with fewer exceptions than that is one that has none
_BASE = 1000  # rows, below which such a share is not known
_NULLS, _LEAST_NULLS = 0.1, 10
_ALL, _EMPTY_RUN = 0.99, 3  # of the rows, for so many buckets: a column that usually is NULL now and then is lost
_NOW_AND_THEN, _SUDDEN = 0.1, 4  # the most that is "now and then"; times as much just before, and it grew slowly
_DUPLICATES, _LEAST_DUPLICATES = 0.01, 5
_KINDS = {
    "number": ("int", "serial", "numeric", "decimal", "number", "float", "double", "real", "money", "bit"),
    "time": ("timestamp", "datetime", "date", "time"),
    "text": ("char", "text", "string", "clob", "enum", "uuid"),
    "logical": ("bool",),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the data that a verdict should not be built on.

    blocks: no bucket from `since` on may be judged. waits: it is usual and passes by itself, so nobody need be told.
    """

    message: Message
    since: datetime
    blocks: bool = True
    waits: bool = False

    @property
    def key(self) -> str:
        return key_of(self.message)


def passes(message: Message) -> bool:
    """Whether what a dataset waits for is usual and comes by itself: rows that arrive late every day."""
    return message.code == "quality.arriving"


def key_of(message: Message) -> str:
    """What a finding is about, the same as long as it lasts: its code, and the column where there is one."""
    column = message.params.get("column")
    return f"{message.code}:{column}" if column else message.code


@dataclass(frozen=True, slots=True)
class Held:
    """One bucket as it was counted just now: rows, NULLs by column, rows with a key seen before."""

    start: datetime
    end: datetime
    rows: int
    nulls: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0


def silence(
    dataset: Dataset,
    buckets: Sequence[Held],
    newest: datetime,
    usual: Mapping[datetime, Sequence[Tally]],
    share: float = 1.0,
) -> Finding | None:
    """Nothing has come since `newest`, though many rows always came at this time of the week.

    buckets: oldest first, up to the last closed one, from the one that holds `newest` on. usual: of each start what the
    like buckets before held. share: of the rows, how many are usually there by now.
    """
    missed = 0.0
    for bucket in buckets:
        silent = bucket.end - max(newest, bucket.start)
        part = max(0.0, silent / (bucket.end - bucket.start))
        missed += part * share * _least(usual.get(bucket.start, ()))
        if missed >= _MISSED:
            said: dict[str, Param] = {
                "dataset": dataset.name,
                "newest_at": newest.isoformat(),
                "rows": sum(each.rows for each in buckets if each.end > newest),
                "missed": round(missed),
            }
            return Finding(Message("quality.silence", said), bucket.start)
    return None


def staleness(dataset: Dataset, now: datetime, newest: datetime, gap: timedelta, first: datetime) -> Finding | None:
    """The newest row is older than is declared, or than rows ever were (half as long again, and at least a day).

    gap: the longest stretch without rows in the past weeks. first: start of the first bucket that would be judged.
    """
    allowed = dataset.quality.freshness or max(LEAST_FRESHNESS, 1.5 * gap + dataset.lateness)
    if now - newest <= allowed:
        return None
    said: dict[str, Param] = {
        "dataset": dataset.name,
        "newest_at": newest.isoformat(),
        "age_s": (now - newest).total_seconds(),
        "allowed_s": allowed.total_seconds(),
    }
    return Finding(Message("quality.staleness", said), first)


def arriving(
    dataset: Dataset, bucket: Held, usual: Sequence[Tally], share: float | None, now: datetime
) -> Finding | None:
    """By now a good part of the rows is usually still to come, and of this bucket's they are."""
    if share is None or share >= _READY or now - bucket.end >= dataset.lateness + LONGEST_WAIT:
        return None
    if len(usual) < _WEEKS or bucket.rows >= _READY * _least(usual):
        return None
    said: dict[str, Param] = {"dataset": dataset.name, "share": round(share, 3), "start": bucket.start.isoformat()}
    return Finding(Message("quality.arriving", said), bucket.start, waits=True)


def _least(usual: Sequence[Tally]) -> float:
    """What always came: the second smallest of the like buckets, so that one outage is not taken for a habit."""
    rows = sorted(tally.rows for tally in usual)
    if len(rows) < _WEEKS:
        return 0.0
    return float(rows[1] if len(rows) > _WEEKS else rows[0])


def suspicious(bucket: Held) -> bool:
    """Whether it has so many NULLs or repeated keys that the past has to be asked."""
    nulls = any(_many(count, bucket.rows, _NULLS, _LEAST_NULLS) for count in bucket.nulls.values())
    return nulls or _many(bucket.duplicates, bucket.rows, _DUPLICATES, _LEAST_DUPLICATES)


def _many(count: int, rows: int, share: float, least: int) -> bool:
    return count >= least and count >= share * rows


def surges(dataset: Dataset, bucket: Held, past: Sequence[Tally]) -> list[Finding]:
    """Columns that always are filled and now are not, and a key that always was unique and now is not.

    A column that is NULL now and then (what was cancelled has no arrival time) is left alone: there NULL is business.
    """
    found: list[Finding] = []
    total = sum(tally.rows for tally in past)
    if total < _BASE or not bucket.rows:
        return found
    for column in sorted(bucket.nulls) if dataset.quality.nulls else ():
        usual = sum(tally.nulls.get(column, 0) for tally in past if column in tally.nulls) / total
        known = all(column in tally.nulls for tally in past if tally.rows)
        if known and usual <= _FILLED and _many(bucket.nulls[column], bucket.rows, _NULLS, _LEAST_NULLS):
            said = _shares(dataset, bucket.nulls[column] / bucket.rows, usual) | {"column": column}
            found.append(Finding(Message("quality.nulls", said), bucket.start))
    repeated = sum(tally.duplicates for tally in past) / total
    surge = repeated <= _FILLED and _many(bucket.duplicates, bucket.rows, _DUPLICATES, _LEAST_DUPLICATES)
    if dataset.quality.duplicates and dataset.key and surge:
        said = _shares(dataset, bucket.duplicates / bucket.rows, repeated) | {"column": ", ".join(dataset.key)}
        found.append(Finding(Message("quality.duplicates", said), bucket.start))
    return found


def emptied(dataset: Dataset, due: Sequence[Held], past: Sequence[Tally]) -> list[Finding]:
    """Columns that are NULL now and then, and from one bucket to the next in all rows, for several buckets.

    Only where the rows are as many as usual, it was never so, and it came at once: a storm grows, and cancels one
    flight after the other before it cancels all; a load that lost a column loses it at once. due, past: oldest first.
    The first buckets of such a run are judged before anybody can know.
    """
    if not dataset.quality.nulls or sum(tally.rows for tally in past) < _BASE:
        return []
    seen = [*(_held(dataset, tally) for tally in past), *due]
    found: list[Finding] = []
    for column in sorted({name for bucket in due for name in bucket.nulls}):
        for at in range(len(past), len(seen)):
            usual = _share_before(dataset, seen[: at + 1], column)
            if usual is not None:
                said = _shares(dataset, _share(seen[at], column), usual) | {"column": column}
                found.append(Finding(Message("quality.nulls", said), seen[at].start))
                break
    return found


def _share_before(dataset: Dataset, seen: Sequence[Held], column: str) -> float | None:
    """How much of a column was NULL before it was lost; None: it is not lost at the end of `seen`, or nobody knows."""
    begin = len(seen)
    while (
        begin and _empty(seen[begin - 1], column) and (begin == len(seen) or seen[begin - 1].end == seen[begin].start)
    ):
        begin -= 1
    run, before = seen[begin:], seen[:begin]
    if len(run) < _EMPTY_RUN or len(before) < _EMPTY_RUN or any(_empty(bucket, column) for bucket in before):
        return None
    rows = sum(bucket.rows for bucket in before)
    if rows < _BASE or any(bucket.rows and column not in bucket.nulls for bucket in before):
        return None
    usual = sum(bucket.nulls.get(column, 0) for bucket in before) / rows
    last, one = before[-2], before[-1]  # of the last one a part may be lost already
    sudden = last.end == one.start and one.end == run[0].start and last.rows >= _LEAST_NULLS
    sudden = sudden and _share(last, column) <= _SUDDEN * usual
    return usual if _FILLED < usual <= _NOW_AND_THEN and sudden and _as_many(dataset, run, before) else None


def _as_many(dataset: Dataset, run: Sequence[Held], before: Sequence[Held]) -> bool:
    """Whether at least half of the rows of like buckets are there, in each bucket that has like ones."""
    rows = {bucket.start: bucket.rows for bucket in before}
    like = [[rows[at] for at in kin(bucket.start, dataset, 2) if at in rows] for bucket in run]
    return all(like) and all(bucket.rows >= min(of) / 2 for bucket, of in zip(run, like, strict=True))


def _empty(bucket: Held, column: str) -> bool:
    return bucket.rows >= _LEAST_NULLS and _share(bucket, column) >= _ALL


def _share(bucket: Held, column: str) -> float:
    return bucket.nulls.get(column, 0) / bucket.rows


def _held(dataset: Dataset, tally: Tally) -> Held:
    end = after(tally.start, dataset.grain, dataset.timezone, dataset.week_start)
    return Held(tally.start, end, tally.rows, tally.nulls)


def _shares(dataset: Dataset, share: float, usual: float) -> dict[str, Param]:
    return {"dataset": dataset.name, "share": round(share, 4), "usual_share": round(usual, 4)}


def drifts(dataset: Dataset, before: Mapping[str, str], now: Mapping[str, str], at: datetime) -> list[Finding]:
    """Columns in use that are gone, or of another type. A number that became another number is only noted."""
    found: list[Finding] = []
    for column, kind in sorted(before.items()):
        if column not in now:
            gone: dict[str, Param] = {"dataset": dataset.name, "column": column, "type": kind}
            found.append(Finding(Message("quality.column_gone", gone), at))
        elif now[column] != kind:
            said: dict[str, Param] = {"dataset": dataset.name, "column": column, "before": kind, "after": now[column]}
            message = Message("quality.column_changed", said)
            found.append(Finding(message, at, blocks=_kind(now[column]) != _kind(kind)))
    return found


def _kind(type_: str) -> str:
    words = type_.lower()
    return next((kind for kind, names in _KINDS.items() if any(name in words for name in names)), words)


def first_block(findings: Iterable[Finding], accepted: Sequence[str]) -> Finding | None:
    """The finding that holds the dataset, the earliest first; what a person has accepted holds nothing."""
    blocking = [finding for finding in findings if finding.blocks and finding.key not in accepted]
    return min(blocking, key=lambda finding: (finding.since, finding.waits, finding.key), default=None)
