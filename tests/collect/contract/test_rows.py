"""How many rows, which changed, how new: the same from every engine. Digests are each engine's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from metricloop.collect.model import Reading
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.plugins.sources import Sources
from tests.collect.contract.definitions import ASKED, DATASETS, DIMENSIONS, instant
from tests.collect.contract.fixture import ORDERS, Record
from tests.collect.contract.loading import rows_in
from tests.collect.contract.reference import HOUR

Opened = tuple[str, Source, Sources]
START, END = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 13, tzinfo=UTC)
MEASURES = ("orders", "revenue")
NAMES = ["utc", "zoned", "naive new york", "naive shanghai"]


def dataset_of(name: str) -> Dataset:
    found = DATASETS[name]
    return replace(found, key=("customer_id", "qty"), updated_column=found.time_column)


def reading(name: str, source: Source) -> Reading:
    return Reading(source, dataset_of(name), MEASURES, (), START, END)


def by_hour(name: str, engine: str) -> dict[datetime, list[Record]]:
    """Rows of the window by the hour that they stand in."""
    found: dict[datetime, list[Record]] = {}
    for row in rows_in(engine, ORDERS):
        at = instant(dataset_of(name), row)
        if at is not None and START <= at < END:
            found.setdefault(at.replace(minute=0, second=0), []).append(row)
    return dict(sorted(found.items()))


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_counts_what_is_there(engine: Opened, name: str) -> None:
    kind, source, sources = engine
    found = sources.profile(reading(name, source))
    for profile, (hour, rows) in zip(found, by_hour(name, kind).items(), strict=True):
        keys = Counter((row["customer_id"], row["qty"]) for row in rows)
        assert (profile.bucket, profile.rows, profile.duplicates) == (hour, len(rows), len(rows) - len(keys))
        values = {one: value for one, (_, value) in DIMENSIONS.items()} | {
            one: ASKED[measure].value for one, measure in (("amount", "revenue"), ("qty", "pieces"))
        }
        for one, count in profile.nulls.items():
            value = values.get(one) or (lambda row: row["customer_id"])
            assert count == sum(value(row) is None for row in rows), one


@pytest.mark.parametrize("name", NAMES)
def test_digests_are_of_the_same_hours_and_do_not_change_by_themselves(engine: Opened, name: str) -> None:
    kind, source, sources = engine
    asked = reading(name, source)
    found = sources.digest(asked)
    assert {one.bucket: one.rows for one in found} == {hour: len(rows) for hour, rows in by_hour(name, kind).items()}
    assert len({one.digest for one in found}) == len(found)
    assert sources.digest(asked) == found
    fewer = {one.bucket: one.digest for one in sources.digest(replace(asked, where="order_id <> 231"))}
    assert sum(fewer.get(one.bucket) != one.digest for one in found) == 1


@pytest.mark.parametrize("name", NAMES)
def test_changed_hours_and_the_newest_row(engine: Opened, name: str) -> None:
    kind, source, sources = engine
    dataset = dataset_of(name)
    since = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
    times = {at for row in rows_in(kind, ORDERS) if (at := instant(dataset, row)) is not None}
    found = sources.changed(source, dataset, since)
    assert found == sorted({at.replace(minute=0, second=0) for at in times if at >= since})
    for now in (since, END, START - timedelta(days=300)):
        assert sources.newest(source, dataset, now) == max((at for at in times if at <= now), default=None)


def test_hours_that_repeat_are_told_once(engine: Opened) -> None:
    _, source, sources = engine
    found = sources.changed(source, dataset_of("naive new york"), datetime(2026, 11, 1, 4, tzinfo=UTC))
    assert found is not None and len(found) == len(set(found))
    assert datetime(2026, 11, 1, 5, tzinfo=UTC) in found and datetime(2026, 11, 1, 5, tzinfo=UTC) + HOUR not in found
