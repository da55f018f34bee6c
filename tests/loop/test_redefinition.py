"""A metric that is defined otherwise: its history is read again, and nobody is called for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from metricloop.bootstrap.projects import apply_folder
from metricloop.collect.model import Checked, Reading, Row
from metricloop.collect.ports import SourceReader
from metricloop.define.dataset import Dataset
from metricloop.define.model import Kind, Source
from metricloop.kernel.errors import SourceFailed
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Panel
from metricloop.loop.redefinition import waits
from metricloop.store import open_store
from tests.loop.conftest import MakeShop
from tests.loop.world import AFTERNOON, BEFORE, HISTORY_FROM, HOUR, Shop, make_shop

OLD, NEW = "{name: paid, agg: sum, expr: paid}", "{name: paid, agg: sum, expr: paid * 0.5}"


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of business without a drop, judged up to the middle of March: made once, to be copied."""
    folder = make_shop(tmp_path_factory.mktemp("calm") / "shop", drop=False)
    store = open_store(folder.parent / "state.db", scratch=True)
    store.migrate()
    made = Shop(store, folder, BEFORE)
    made.run_until(BEFORE)
    made.close()
    store.close()
    return folder.parent


@pytest.fixture
def shop(calm: Path, tmp_path: Path) -> Iterator[Shop]:
    shutil.copytree(calm, tmp_path / "calm")
    store = open_store(tmp_path / "calm" / "state.db", scratch=True)
    opened = Shop(store, tmp_path / "calm" / "shop", BEFORE)
    yield opened
    opened.close()
    store.close()


def publish(shop: Shop, old: str = OLD, new: str = NEW) -> None:
    file = shop.folder / "metricloop.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    apply_folder(shop.store, shop.folder, by="test", at=shop.now)


def points(shop: Shop, metric: str = "paid_rate") -> Panel:
    with shop.store.unit(write=False) as unit:
        return unit.points.read(metric, HISTORY_FROM, BEFORE)


def incidents(shop: Shop) -> int:
    with shop.store.unit(write=False) as unit:
        return unit.incidents.find(limit=100)[1]


def test_the_history_is_that_of_the_new_definition(shop: Shop) -> None:
    before = points(shop)
    publish(shop)
    shop.run_until(shop.now)
    after = points(shop)
    assert after.starts == before.starts
    assert after.numerator.tolist() == (before.numerator * 0.5).tolist()
    assert after.denominator.tolist() == before.denominator.tolist()


def test_whoever_publishes_does_not_wait_for_the_source(shop: Shop) -> None:
    before = points(shop)
    publish(shop)
    shop.pump()
    with shop.store.unit(write=False) as unit:
        assert waits(unit, shop.loop.site.project) == {"paid_rate"}
    assert points(shop).numerator.tolist() == before.numerator.tolist(), "the worker reads, at once"
    assert shop.loop.next_due() == shop.now


def test_what_was_known_before_can_still_be_read(shop: Shop) -> None:
    before, then = points(shop), shop.now
    shop.run_until(BEFORE + HOUR / 2)
    publish(shop)
    shop.run_until(shop.now)
    with shop.store.unit(write=False) as unit:
        known = unit.points.read("paid_rate", HISTORY_FROM, BEFORE, known_at=then)
    assert known.numerator.tolist() == before.numerator.tolist()


def test_half_as_much_by_definition_is_no_incident(shop: Shop) -> None:
    publish(shop)
    shop.run_until(AFTERNOON)
    assert incidents(shop) == 0
    with shop.store.unit(write=False) as unit:
        monitors = [m.name for m in shop.loop.site.project.monitors.values() if m.metric == "paid_rate"]
        assert monitors
        assert all((unit.bands.judged_until(name) or HISTORY_FROM) > BEFORE for name in monitors), "judged again since"


def test_it_stands_in_the_audit_trail(shop: Shop) -> None:
    publish(shop)
    shop.run_until(shop.now)
    with shop.store.unit(write=False) as unit:
        lines = [line for line in unit.audit.newest(0, 50) if line.action == "points.redefine"]
    assert {line.subject_id for line in lines} == {"paid_rate"}
    assert "version 1" in str(lines[0].after), "the metric itself is as it was: its dataset's measure is another"


def test_another_label_reads_nothing_again(shop: Shop) -> None:
    publish(shop, "severity: S2", "severity: S1")
    shop.run_until(shop.now)
    with shop.store.unit(write=False) as unit:
        assert not [line for line in unit.audit.newest(0, 50) if line.action == "points.redefine"]


def test_a_new_metric_has_the_history_of_its_dataset(shop: Shop) -> None:
    other = """metrics:
  - name: unpaid
    type: simple
    dataset: orders
    agg: sum
    expr: orders - paid
    label: Unpaid
    governance: {owner: ana, level: L2, unit: count, good_direction: down}
"""
    publish(shop, "metrics:\n", other)
    shop.run_until(shop.now)
    rates, fresh = points(shop), points(shop, "unpaid")
    assert fresh.starts == rates.starts
    assert fresh.numerator[:, 0].tolist() == (rates.denominator - rates.numerator)[:, 0].tolist()


def test_what_does_not_add_up_is_read_again_too(shop: Shop) -> None:
    kinds = """metrics:
  - name: kinds
    type: simple
    dataset: orders
    agg: count_distinct
    expr: channel
    label: Kinds
    grains: [day]
    governance: {owner: ana, level: L2, unit: count, good_direction: up}
"""
    publish(shop, "metrics:\n", kinds)
    shop.run_until(BEFORE + 26 * HOUR)
    before = points(shop, "kinds@day")
    assert before.starts and set(before.numerator[:, 0].tolist()) == {2.0}
    publish(shop, "    expr: channel\n", "    expr: city\n")
    shop.run_until(shop.now)
    after = points(shop, "kinds@day")
    assert after.starts == before.starts and set(after.numerator[:, 0].tolist()) == {4.0}


def test_while_the_source_is_away_nothing_of_it_is_judged(shop: Shop) -> None:
    with shop.store.unit(write=False) as unit:
        judged = unit.bands.judged_until(hourly(shop))
    publish(shop)
    site = shop.loop.site
    away = _Away(site.reader)
    site.reader = away
    shop.run_until(BEFORE + 3 * HOUR)
    with shop.store.unit(write=False) as unit:
        assert waits(unit, site.project) == {"paid_rate"}
    away.mode = "only the newest"
    shop.run_until(BEFORE + 6 * HOUR)
    with shop.store.unit(write=False) as unit:
        assert unit.bands.judged_until(hourly(shop)) == judged, "fresh hours of the new definition, old history"
    away.mode = "back"
    shop.run_until(AFTERNOON)
    with shop.store.unit(write=False) as unit:
        assert not waits(unit, site.project)
        assert (unit.bands.judged_until(hourly(shop)) or BEFORE) > BEFORE + 6 * HOUR
    assert incidents(shop) == 0


def hourly(shop: Shop) -> str:
    return next(m.name for m in shop.loop.site.project.monitors.values() if m.grain is Grain.HOUR)


class _Away:
    """A source that does not answer, or answers only for short windows, until it is back."""

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader
        self.mode = "away"

    def read(self, reading: Reading) -> Sequence[Row]:
        long = reading.end - reading.start > 24 * HOUR
        if self.mode == "away" or (self.mode == "only the newest" and long):
            raise SourceFailed("no answer", retryable=True)
        return self._reader.read(reading)

    def check(self, source: Source, dataset: Dataset) -> Checked:
        return self._reader.check(source, dataset)


def test_an_open_incident_is_told_of_it_and_keeps_its_version(new_shop: MakeShop, tmp_path: Path) -> None:
    shop = new_shop(folder=make_shop(tmp_path / "ill"))
    shop.run_until(AFTERNOON)
    publish(shop)
    shop.run_until(shop.now)
    with shop.store.unit(write=False) as unit:
        (found,) = [each for each in unit.incidents.live() if "paid_rate" in each.metrics]
        told = [entry.message for entry in unit.incidents.timeline(found.number)]
    assert found.metric_version == shop.loop.site.project.version(Kind.METRIC, "paid_rate")
    assert [said.params["metric"] for said in told if said.code == "timeline.redefined"] == ["paid_rate"]
