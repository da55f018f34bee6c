"""An imported metric gives the same numbers as the native one, cell by cell, on every engine that is here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from metricloop.collect.query import answer
from metricloop.collect.query_plan import Query
from metricloop.define.imports.model import ForeignFile, Format
from metricloop.define.imports.ossie_export import export_ossie
from metricloop.define.imports.reading import import_files
from metricloop.define.project import Project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.grain import Grain
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from tests.define.imports import shop

ANYWHERE = (
    "orders", "fulfilled", "fulfilment_rate", "amount", "spent", "north_amount", "refunds", "bulk_refund_share",
    "buyers", "order_value", "largest", "p90_amount", "other_amount",
)  # fmt: skip
OVER_TIME = ("growth", "amount_mtd", "amount_7d")
EXPECTED = {
    Format.DBT: (*ANYWHERE, *OVER_TIME),
    Format.CUBE: (*ANYWHERE, *OVER_TIME),
    Format.LIGHTDASH: ANYWHERE,
    Format.OSSIE: ANYWHERE,
}
FROM, TO = shop.START + timedelta(days=1), shop.START + timedelta(days=8)


@dataclass(frozen=True)
class Engine:
    sources: Sources
    native: Project
    imported: dict[Format, Project]
    source: str
    prefix: str


@pytest.fixture(scope="module", params=shop.ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(str(request.param))
    with shop.ENGINES[request.param](folder) as (source, prefix):
        native = shop.project_of(shop.native(folder, prefix), source, folder)
        imported = {
            form: shop.project_of(shop.imported(form, folder, prefix).documents, source, folder) for form in Format
        }
        sources = Sources(load_registry(), Context(folder, SystemClock()))
        yield Engine(sources, native, imported, source, prefix)
        sources.close()


@pytest.mark.parametrize("form", list(Format))
def test_every_metric_that_can_be_said_is_imported(form: Format, engine: Engine) -> None:
    assert set(EXPECTED[form]) <= set(engine.imported[form].metrics)


@pytest.mark.parametrize("by", [(), ("carrier",), ("region",)], ids=["total", "by carrier", "by region"])
@pytest.mark.parametrize("form", list(Format))
def test_imported_metrics_give_the_numbers_of_native_ones(form: Format, by: tuple[str, ...], engine: Engine) -> None:
    for name in EXPECTED[form]:
        for grain in (Grain.DAY, Grain.WEEK) if name not in OVER_TIME else (Grain.DAY,):
            query = Query(name, FROM, TO, grain, by)
            native = answer(engine.sources, engine.native, query)
            found = answer(engine.sources, engine.imported[form], query)
            assert (found.spans, found.slices) == (native.spans, native.slices), name
            np.testing.assert_array_equal(found.values, native.values, err_msg=f"{name} by {grain}")
            assert np.isfinite(native.values).any(), f"{name} says nothing, so that nothing is compared"


@pytest.mark.parametrize("form", list(Format))
def test_hours_without_a_denominator_are_no_value_in_either(form: Format, engine: Engine) -> None:
    query = Query("bulk_refund_share", FROM, TO, Grain.HOUR)
    native = answer(engine.sources, engine.native, query)
    found = answer(engine.sources, engine.imported[form], query)
    assert np.isnan(native.values).any()
    np.testing.assert_array_equal(found.values, native.values)


def test_the_sql_that_goes_out_to_ossie_gives_the_same_numbers(engine: Engine, tmp_path: Path) -> None:
    """Without our definitions beside it: what another system would read."""
    content, _ = export_ossie(engine.native, shop.native(tmp_path, engine.prefix))
    plain = json.loads(json.dumps(content), object_hook=lambda one: {**one, "custom_extensions": []})
    found = import_files(Format.OSSIE, [ForeignFile("shop.yml", plain)], source="shop")
    project = shop.project_of(found.documents, engine.source, tmp_path)
    for name in ANYWHERE:
        query = Query(name, FROM, TO, Grain.DAY, ("region",))
        native, again = (answer(engine.sources, one, query) for one in (engine.native, project))
        np.testing.assert_array_equal(again.values, native.values, err_msg=name)
