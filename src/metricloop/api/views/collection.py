"""Whether data arrive in time, by source and dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from metricloop.api.schemas.loop import SourceRow
from metricloop.api.schemas.sources import ColumnRow, DatasetRow, SourcePage
from metricloop.api.views.waiting import COLLECT_GRACE
from metricloop.api.views.words import Viewpoint, local, seconds
from metricloop.collect.model import Collection
from metricloop.collect.quality import passes
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.store.yaml_edit import dump

# At most so long: days of 25 hours, months of 31 days.
_LENGTH = {
    Grain.HOUR: timedelta(hours=1),
    Grain.DAY: timedelta(hours=25),
    Grain.WEEK: timedelta(days=7, hours=1),
    Grain.MONTH: timedelta(days=31, hours=1),
    Grain.QUARTER: timedelta(days=92),
    Grain.YEAR: timedelta(days=366),
}


@dataclass(frozen=True, slots=True)
class DatasetState:
    """How far one dataset's data reach. `age`: from there to now; nothing collected yet counts as late from the start.

    target: the lateness it promises, the length of a bucket, and two hours of grace.
    """

    dataset: Dataset
    until: datetime | None
    last_run_at: datetime | None
    failure: Message | None
    failed_since: datetime | None
    age: timedelta
    target: timedelta
    collection: Collection | None = None

    @property
    def held(self) -> bool:
        """Somebody should look; rows that always arrive late do not count."""
        found = self.collection.held if self.collection else None
        return found is not None and not passes(found)

    @property
    def on_time(self) -> bool:
        return self.failed_since is None and not self.held and self.until is not None and self.age <= self.target


@dataclass(frozen=True, slots=True)
class SourceState:
    source: Source
    datasets: Sequence[DatasetState]

    @property
    def on_time(self) -> bool:
        return all(each.on_time for each in self.datasets)

    @property
    def target(self) -> timedelta:
        return max((each.target for each in self.datasets), default=COLLECT_GRACE)


def dataset_state(dataset: Dataset, collection: Collection | None, now: datetime) -> DatasetState:
    target = dataset.lateness + _LENGTH[dataset.grain] + COLLECT_GRACE
    until = collection.until if collection else None
    return DatasetState(
        dataset=dataset,
        until=until,
        last_run_at=collection.last_run_at if collection else None,
        failure=collection.failure if collection else None,
        failed_since=collection.failed_since if collection else None,
        age=now - until if until else target + COLLECT_GRACE,
        target=target,
        collection=collection,
    )


def source_row(state: SourceState, view: Viewpoint) -> SourceRow:
    """A source as its worst dataset stands."""
    failed = [each for each in state.datasets if each.failed_since is not None]
    held = any(each.held for each in state.datasets)
    ends = [each.until for each in state.datasets if each.until is not None]
    runs = [each.last_run_at for each in state.datasets if each.last_run_at is not None]
    return SourceRow(
        name=state.source.name,
        label=local(state.source.label),
        kind=state.source.plugin,
        state="failed" if failed else "held" if held else "on_time" if state.on_time else "late",
        collected_until=min(ends) if len(ends) == len(state.datasets) and ends else None,
        lateness_s=seconds(max((each.dataset.lateness for each in state.datasets), default=timedelta())),
        last_run_at=max(runs, default=None),
        last_error=view.optional(failed[0].failure) if failed else None,
        datasets=[each.dataset.name for each in state.datasets],
    )


def source_page(state: SourceState, body: Mapping[str, Any], view: Viewpoint) -> SourcePage:
    """A source with its datasets. `body`: as it is written."""
    return SourcePage(
        **dict(source_row(state, view)),
        definition=dump(dict(body)) if body else "",
        dataset_rows=[_dataset(each, view) for each in state.datasets],
    )


def _dataset(state: DatasetState, view: Viewpoint) -> DatasetRow:
    dataset, kept = state.dataset, state.collection or Collection(state.dataset.name, None)
    return DatasetRow(
        name=dataset.name,
        label=local(dataset.label),
        owner=view.person(dataset.owner),
        table=dataset.table or None,
        sql=dataset.sql,
        time_column=dataset.time_column,
        grain=dataset.grain.value,
        timezone=dataset.timezone.key,
        lateness_s=seconds(dataset.lateness),
        dimensions=list(dataset.dimensions),
        metrics=sorted(m.name for m in view.project.metrics.values() if m.dataset == dataset.name),
        on_time=state.on_time,
        collected_until=state.until,
        last_run_at=state.last_run_at,
        failed_since=state.failed_since,
        last_error=view.optional(state.failure),
        held=view.optional(kept.held),
        held_since=kept.held_since,
        notes=[view.message(each) for each in (kept.reconcile_failure, *kept.notes) if each is not None],
        columns=[ColumnRow(name=column, type=type_) for column, type_ in kept.columns.items()],
        newest_at=kept.newest_at,
        restated=kept.restated,
        reconciled_at=kept.reconciled_at,
    )
