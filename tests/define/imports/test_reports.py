"""What each format loses on the way is told, with where it stands, why, and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from metricloop.define.imports.governance import OWNER
from metricloop.define.imports.model import Effect, ForeignFile, Format, Imported
from metricloop.define.imports.reading import import_files
from metricloop.define.imports.tables import SOURCE, TIME_COLUMN
from metricloop.define.model import Kind
from metricloop.define.rules import read_project
from metricloop.kernel.errors import InvalidInput, InvalidProject
from tests.define.imports import shop

LEFT_OUT = {
    Format.DBT: {
        "measure stock": "semi-additive",
        "metric amount_ever": "since ever",
        "metric conversion": "conversion metrics",
        "metric by_variable": "{{ var('country') }}",
        "metric needs_conversion": "needs the metric conversion",
    },
    Format.CUBE: {
        "segment paid": "filters of a query",
        "join orders to lines": "one_to_many",
        "dimension orders.is_bulk": "condition, not a value",
        "measure orders.amount_ever": "since ever",
        "measure orders.searched": "FILTER_PARAMS",
        "measure orders.rank_of_amount": "several stages",
        "measure stores.stores": "has no time",
    },
    Format.LIGHTDASH: {
        "join orders to visits": "many-to-many",
        "metric orders.running": "rows of a result",
        "metric orders.lately": "moves with today's date",
    },
    Format.OSSIE: {
        "metric newest_amount": "outside of an aggregate",
        "metric best_hour": "a query of its own",
        "metric ranked": "window function",
        "metric in_dax": "DAX",
    },
}


CONTENTS: list[Any] = [None, [], "text", 7, {}, {"cubes": []}, {"models": 3}]


def found(form: Format, content: Any, source: str | None = "shop") -> Imported:
    return import_files(form, [ForeignFile("file", content)], source=source)


def told(imported: Imported, effect: Effect) -> dict[str, str]:
    return {one.about: one.problem for one in imported.findings if one.effect is effect}


@pytest.mark.parametrize("form", list(Format))
def test_what_cannot_be_mapped_is_told_with_its_reason(form: Format, tmp_path: Path) -> None:
    left_out = told(shop.imported(form, tmp_path), Effect.LEFT_OUT)
    assert set(left_out) == set(LEFT_OUT[form])
    for about, reason in LEFT_OUT[form].items():
        assert reason in left_out[about]


@pytest.mark.parametrize("form", [Format.CUBE, Format.LIGHTDASH, Format.OSSIE])
def test_findings_name_the_line_of_a_yaml_file(form: Format, tmp_path: Path) -> None:
    findings = shop.imported(form, tmp_path).findings
    assert all(one.where.startswith(f"{shop.FILES[form]}:") for one in findings if one.effect is Effect.LEFT_OUT)


@pytest.mark.parametrize("form", list(Format))
def test_a_metric_without_an_owner_gets_one_that_check_points_at(form: Format, tmp_path: Path) -> None:
    imported = shop.imported(form, tmp_path)
    nameless = [one for one in imported.documents if one.body.get("governance", {}).get("owner") == OWNER]
    if form is not Format.LIGHTDASH:  # there the model's owner stands for its metrics
        assert nameless
        assert "governance.owner" in told(imported, Effect.ASSUMED)
    with pytest.raises(InvalidProject) as wrong:
        read_project(imported.documents)
    named = [one for one in wrong.value.issues if OWNER in one.problem]
    assert len(named) == len(nameless)


def test_governance_in_metadata_is_carried(tmp_path: Path) -> None:
    dbt = shop.bodies(shop.imported(Format.DBT, tmp_path), Kind.METRIC)
    assert dbt["fulfilment_rate"]["governance"] == {
        "owner": "ann", "level": "L1", "unit": "ratio", "good_direction": "up", "status": "certified",
    }  # fmt: skip
    assert dbt["amount"]["description"] == "What was paid"
    cube = shop.bodies(shop.imported(Format.CUBE, tmp_path), Kind.METRIC)
    assert cube["fulfilment_rate"]["governance"] == {
        "owner": "ann", "level": "L1", "unit": "ratio", "good_direction": "up", "minimum_denominator": 30,
    }  # fmt: skip
    lightdash = shop.bodies(shop.imported(Format.LIGHTDASH, tmp_path), Kind.METRIC)
    owners = {dict(body["governance"])["owner"] for body in lightdash.values() if isinstance(body["governance"], dict)}
    assert owners == {"ann"}
    ossie = shop.bodies(shop.imported(Format.OSSIE, tmp_path), Kind.METRIC)
    governance = ossie["fulfilment_rate"]["governance"]
    assert isinstance(governance, dict)
    assert governance["synonyms"] == {"en": ["on-time delivery"], "zh": ["履约率"]}


def test_governance_that_is_not_as_we_write_it_is_left_out_and_told() -> None:
    cube = {
        "cubes": [
            {
                "name": "orders",
                "sql_table": "orders",
                "dimensions": [{"name": "at", "sql": "at", "type": "time"}],
                "measures": [{"name": "n", "type": "count", "meta": {"level": "gold", "owner": "Li Hua <li@x>"}}],
            }
        ]
    }
    imported = found(Format.CUBE, cube)
    governance = shop.bodies(imported, Kind.METRIC)["n"]["governance"]
    assert governance == {"owner": "Li_Hua__li", "level": "L3", "unit": "count", "good_direction": "none"}
    assert any("level" in one.problem for one in imported.findings if one.effect is Effect.LEFT_OUT)
    assert any("Li Hua" in one.problem for one in imported.findings if one.effect is Effect.ASSUMED)


def test_without_a_source_or_a_time_there_is_a_name_that_check_points_at() -> None:
    model = {"name": "orders", "columns": [{"name": "id", "meta": {"metrics": {"orders": {"type": "count"}}}}]}
    imported = found(Format.LIGHTDASH, {"models": [model]}, source=None)
    dataset = shop.bodies(imported, Kind.DATASET)["orders"]
    assert (dataset["source"], dataset["time_column"]) == (SOURCE, TIME_COLUMN)
    assert "dataset.source" in told(imported, Effect.ASSUMED)


def test_an_unknown_key_is_told_once_however_often_it_stands_there() -> None:
    measures = [{"name": f"m{at}", "type": "count", "sparkle": True} for at in range(3)]
    time = {"name": "at", "sql": "at", "type": "time"}
    cube = {"name": "orders", "sql_table": "orders", "dimensions": [time], "measures": measures}
    ignored = told(found(Format.CUBE, {"cubes": [cube]}), Effect.IGNORED)
    assert ignored == {"measure.sparkle": "this key has no meaning here (3 times, here first)"}


@pytest.mark.parametrize(
    ("form", "content"),
    [(form, content) for form in Format for content in CONTENTS],
)
def test_what_is_no_file_of_the_format_is_refused(form: Format, content: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        found(form, content)
    assert refused.value.fix


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize(("first", "odd"), list(enumerate([None, 7, "text", [], {}, [None], {"a": None}, [[1]], True])))
def test_no_value_of_a_wrong_type_ends_an_import(form: Format, first: int, odd: Any) -> None:
    """One value after the other is replaced by something odd."""
    content: Any = shop.content(form)
    for path in list(paths(content))[first::90]:
        damaged = json.loads(json.dumps(content, default=str))
        holder = damaged
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = odd
        try:
            found(form, damaged)
        except InvalidInput:
            assert len(path) == 1, path


def paths(value: Any, prefix: tuple[Any, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*prefix, key)
        yield from paths(inner, (*prefix, key))
