"""Collect what has closed; read leaves for attribution; check a dataset against its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from metricloop.collect.arrival import closed_until, kin, read_again, whole_buckets
from metricloop.collect.checks import dataset_issues
from metricloop.collect.examine import NOTHING, Examined, columns_after_failure, examine, judge, tallies_of
from metricloop.collect.model import Cause, Collection, Reading, Row
from metricloop.collect.ports import CollectUnit, Examiner, SourceReader
from metricloop.collect.progress import failure_of, keep_failure, keep_success
from metricloop.collect.quality import key_of
from metricloop.collect.restate import measures_of, read_cubes, restate
from metricloop.collect.rules import BACKFILL, Cube, Window, panel_of, part_of, window_due, without_lead
from metricloop.define.dataset import Dataset
from metricloop.define.model import Metric, Source
from metricloop.kernel.errors import Conflict, InvalidInput, Issue, SourceFailed
from metricloop.kernel.events import Event
from metricloop.kernel.grain import HOUR, floor
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice

# A database's clock and ours differ, and a row is updated before its transaction commits.
_SLACK = HOUR


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to read now, and the watermark and axis that it was decided on.

    first: start of the stored points. again: the overlap before the window. usual_rows: how many rows the last bucket
    held a week before; 0 where that is not known.
    """

    dataset: Dataset
    source: Source
    metrics: tuple[Metric, ...]
    now: datetime
    window: Window
    state: Collection
    known: tuple[Slice, ...]
    first: datetime | None = None
    again: Window | None = None
    usual_rows: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the source gave for `due`, or why it gave nothing. again, changed: of history, to be compared."""

    due: Due
    cubes: tuple[Cube, ...] = ()
    again: tuple[Cube, ...] = ()
    changed: tuple[Cube, ...] = ()
    seen: Examined = NOTHING
    failure: Message | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What one call did. window: what was due (None: nothing had closed). failure: why none of it could be read. held:
    why not all of it was taken."""

    dataset: str
    window: Window | None = None
    failure: Message | None = None
    held: Message | None = None


def collect_due(
    unit: CollectUnit,
    reader: SourceReader,
    dataset: Dataset,
    source: Source,
    metrics: Sequence[Metric],
    now: datetime,
    since: datetime | None = None,
    examiner: Examiner | None = None,
) -> Collected:
    """`look_for_due`, `fetch` and `keep` in one unit of work: for a store that nobody else waits for.

    A live server calls the three itself, so that a slow source holds no transaction open.
    """
    due = look_for_due(unit, dataset, source, metrics, now, since)
    return keep(unit, fetch(reader, due, examiner)) if due else Collected(dataset.name)


def look_for_due(
    unit: CollectUnit,
    dataset: Dataset,
    source: Source,
    metrics: Sequence[Metric],
    now: datetime,
    since: datetime | None = None,
) -> Due | None:
    """The buckets that closed since the watermark; None when there are none. Writes nothing.

    `metrics`: those of this dataset whose hours are kept; others are ignored. None at all: the watermark moves alone.
    `since`: where to begin when nothing was collected yet (default: BACKFILL before now).
    """
    state = unit.collections.get(dataset.name) or Collection(dataset.name, None)
    closed = closed_until(now, dataset)
    first = floor(since or closed - BACKFILL, dataset.grain, dataset.timezone, dataset.week_start)
    window = window_due(state.until, closed, first)
    wanted = tuple(metric for metric in metrics if metric.dataset == dataset.name)
    if window is None or (metrics and not wanted):
        return None
    due = Due(dataset, source, wanted, now, window, state, unit.points.axis(wanted[0].name) if wanted else ())
    if state.until is None:
        return due
    if wanted and (dataset.overlap or dataset.updated_column):
        span = unit.points.span(wanted[0].name)
        begun = floor(span[0], dataset.grain, dataset.timezone, dataset.week_start) if span else None
        again = read_again(state.until, dataset, begun) if begun else None
        due = replace(due, first=begun, again=again)
    (week_before,) = kin(closed - HOUR, dataset, 1)
    like = unit.collections.tallies_at(
        dataset.name, [floor(week_before, dataset.grain, dataset.timezone, dataset.week_start)]
    )
    return replace(due, usual_rows=sum(tally.rows for tally in like.values()))


def fetch(reader: SourceReader, due: Due, examiner: Examiner | None = None) -> Fetched:
    """Read the window, what overlaps it, and what changed before it. Needs no unit of work.

    A source that fails is not raised: the failure is in the result. Without an examiner nothing is known of the rows
    but their numbers: nothing is held, and changed rows are not asked for.
    """
    whole = Window(due.again.start if due.again else due.window.start, due.window.end)
    try:
        seen = _examined(reader, examiner, due, whole)
        cubes = _read(reader, due, whole, since=due.window.start)
        changed = [cube for window in _changed(examiner, due, whole) for cube in _read(reader, due, window, since=None)]
    except (SourceFailed, InvalidInput) as error:
        columns = columns_after_failure(reader, due.source, due.dataset) if due.dataset.quality.drift else None
        return Fetched(due, seen=Examined(columns=columns), failure=failure_of(due.source, error))
    if due.state.until is None:
        return Fetched(due, tuple(without_lead(cubes)), seen=seen)
    fresh = [part_of(cube, due.window) for cube in cubes]
    again = [part_of(cube, due.again) for cube in cubes] if due.again else []
    return Fetched(due, tuple(fresh), tuple(again), tuple(changed), seen)


def _read(reader: SourceReader, due: Due, window: Window, since: datetime | None) -> list[Cube]:
    return read_cubes(reader, due.dataset, due.source, due.metrics, window, due.known, since or window.end)


def _examined(reader: SourceReader, examiner: Examiner | None, due: Due, whole: Window) -> Examined:
    if examiner is None:
        return Examined()
    measures = measures_of(due.metrics)
    return examine(
        reader, examiner, due.dataset, due.source, measures, whole, due.state, due.now, usual_rows=due.usual_rows
    )


def _changed(examiner: Examiner | None, due: Due, whole: Window) -> list[Window]:
    """The buckets before what is read anyway whose rows were touched since the last run."""
    last = due.state.last_run_at
    if examiner is None or not due.dataset.updated_column or last is None or due.first is None:
        return []
    touched = examiner.changed(due.source, due.dataset, last - _SLACK) or ()
    return whole_buckets((at for at in touched if due.first <= at < whole.start), due.dataset)


def keep(unit: CollectUnit, fetched: Fetched) -> Collected:
    """Keep the points, move the watermark, tell `points.collected`: as far as the data are ready, or nothing of it.

    Stored history that turns out otherwise is put right and told as `points.restated`. A failure is kept in the
    collection, `source.failed` is told once per outage, `data.held` once per finding; the same buckets stay due. What
    was fetched is dropped when somebody else has collected meanwhile.
    """
    due = fetched.due
    unit.collections.hold(due.dataset.name)
    state = unit.collections.get(due.dataset.name) or Collection(due.dataset.name, None)
    if state.until != due.state.until:
        return Collected(due.dataset.name)
    verdict = judge(unit.collections, due.dataset, state, due.window, fetched.seen, due.now)
    if fetched.failure is not None:
        if verdict.held is None:
            keep_failure(unit, state, due.source, fetched.failure, due.now)
            return Collected(due.dataset.name, due.window, fetched.failure)
        verdict = replace(verdict, ready=due.window.start)
    taken = Window(due.window.start, verdict.ready)
    for cube in fetched.cubes if taken.start < taken.end else ():
        part = part_of(cube, taken)
        for metric in due.metrics:
            unit.points.put(metric.name, panel_of(part, metric, due.now))
    restated = [
        restate(unit, due.dataset, due.metrics, cubes, cause, due.now)
        for cause, cubes in ((Cause.OVERLAP, fetched.again), (Cause.UPDATE, fetched.changed))
    ]
    _keep_tallies(unit, due, fetched.seen, verdict.ready)
    state = replace(state, restated=state.restated + sum(restated))
    keep_success(unit, state, due.source, taken, fetched.seen, verdict, due.now)
    return Collected(due.dataset.name, due.window, held=verdict.held.message if verdict.held else None)


def _keep_tallies(unit: CollectUnit, due: Due, seen: Examined, ready: datetime) -> None:
    counted = [bucket for bucket in seen.buckets if bucket.end <= ready]
    if not counted:
        return
    old = {}
    if counted[0].start < due.window.start:
        old = dict(unit.collections.tallies(due.dataset.name, counted[0].start, due.window.start))
    unit.collections.put_tallies(tallies_of(due.dataset.name, counted, old, due.now))


def accept_data(unit: CollectUnit, dataset: str, *, person: str, reason: str, at: datetime) -> Message:
    """Take the data as they are: the finding that holds the dataset holds it no longer, until it ends by itself.

    A changed column is taken as the new one. Gives the finding. Raises Conflict when nothing is held. Who may is the
    caller's question.
    """
    if not reason.strip():
        raise InvalidInput("accepting data needs a reason", fix="write one sentence that says why they are right")
    unit.collections.hold(dataset)
    state = unit.collections.get(dataset)
    if state is None or state.held is None:
        raise Conflict(f"nothing of {dataset} is held back", fix="reload it to see where it stands")
    accepted = tuple(dict.fromkeys([*state.accepted, key_of(state.held)]))
    unit.collections.put(replace(state, accepted=accepted, held=None, held_since=None))
    unit.audit.record(
        at=at, actor=person, action="data.accept", subject_kind="dataset", subject_id=dataset,
        before=key_of(state.held), after=reason[:500],
    )  # fmt: skip
    key = f"data.released:{dataset}:{at.isoformat()}"
    unit.events.tell(Event(key, "data.released", dataset, at, {"accepted": True, "person": person}))
    return state.held


def read_leaves(
    reader: SourceReader,
    dataset: Dataset,
    source: Source,
    measures: Sequence[str],
    start: datetime,
    end: datetime,
    dimensions: Sequence[str] | None = None,
) -> Sequence[Row]:
    """Hourly rows of [start, end) by all dimensions at once (or by `dimensions`), which attribution searches.

    `Row.values` are in the order of the dimensions. Combinations without rows are absent. The caller keeps `end` at
    or before the watermark, so that nothing is seen that was not known. Raises SourceFailed, also on too many rows.
    """
    by = tuple(dataset.dimensions if dimensions is None else dimensions)
    return reader.read(Reading(source, dataset, tuple(measures), by, start, end))


def check_dataset(reader: SourceReader, source: Source, dataset: Dataset) -> list[Issue]:
    """Everything about the dataset that its source contradicts; a source that does not answer is one issue."""
    try:
        checked = reader.check(source, dataset)
    except SourceFailed as error:
        return [Issue(error.where or f"source {source.name}", error.problem, error.fix or "check the source")]
    return dataset_issues(dataset, checked.columns, checked.joined)
