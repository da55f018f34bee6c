"""Source `prometheus` against a server that answers as Prometheus documents it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.kernel.errors import SourceFailed
from metricloop.sdk import PullSource
from tests.plugins.landing import DATASET, DAY, HOUR, Desk, desk
from tests.plugins.web_api import Api, Asked, Says, api

FIRST = int(DAY.timestamp())
QUERY = "sum by (store) (increase(orders_total[1h]))"
POINTS: Dataset = replace(
    DATASET, measures=(Measure("orders", Agg.COUNT), Measure("amount", Agg.SUM, "value")), dimensions=("store",)
)


def matrix(*series: tuple[dict[str, str], dict[int, str]]) -> Any:
    found = [{"metric": labels, "values": [[at, text] for at, text in values.items()]} for labels, values in series]
    return {"status": "success", "data": {"resultType": "matrix", "result": found}}


def increasing(asked: Asked) -> Says:
    """A store with one order in the first hour of the day, two in the second and so on, for five hours."""
    start, end = int(asked.query["start"]), int(asked.query["end"])
    values = {FIRST + 3600 * n: str(n) for n in range(1, 6)}
    inside = {at: text for at, text in values.items() if start <= at <= end}
    return Says(matrix(({"store": "north"}, inside)) if inside else matrix())


@contextmanager
def prometheus(folder: Path, answer: Any, **options: Any) -> Iterator[tuple[Desk, Api]]:
    with api(answer) as found:
        tables = {"orders": {"query": QUERY, "dimensions": ["store"]}}
        given = {"url": found.url, "retries": 0, "history_days": 3650, "tables": tables, **options}
        with desk(folder, "prometheus", given) as place:
            yield place, found


def test_a_value_belongs_to_the_step_that_ends_at_its_time(tmp_path: Path) -> None:
    with prometheus(tmp_path, increasing) as (place, _):
        rows = [(row.bucket, row.values, row.measures[1]) for row in place.read(by=("store",), dataset=POINTS)]
    assert rows == [(DAY + n * HOUR, ("north",), float(n + 1)) for n in range(5)]


def test_years_of_history_are_asked_for_in_answers_that_the_server_allows(tmp_path: Path) -> None:
    with prometheus(tmp_path, increasing) as (place, found):
        place.read(dataset=POINTS)
    assert len(found.asked) > 1
    for one in found.asked:
        start, end, step = (int(one.query[name]) for name in ("start", "end", "step"))
        assert (end - start) / step <= 11_000 and start % step == end % step == 0
        assert one.path == "/api/v1/query_range" and one.query["query"] == QUERY


def test_the_next_pull_asks_again_for_the_overlap_alone(tmp_path: Path) -> None:
    with prometheus(tmp_path, increasing, overlap_s=7200) as (place, found):
        place.read(dataset=POINTS)
        with place.store.unit(write=False) as unit:
            landing = unit.landed.landing("desk")
        last = int(found.asked[-1].query["end"])
        found.asked.clear()
        source = place.made()
        assert isinstance(source, PullSource)
        list(source.pull(landing.cursor, DAY))
        assert int(found.asked[0].query["start"]) == last - 7200


def test_a_value_that_was_corrected_replaces_the_old_one(tmp_path: Path) -> None:
    said = {"value": "1"}

    def answer(asked: Asked) -> Says:
        start, end = int(asked.query["start"]), int(asked.query["end"])
        return (
            Says(matrix(({"store": "n"}, {FIRST + 3600: said["value"]}))) if start <= FIRST <= end else Says(matrix())
        )

    with prometheus(tmp_path, answer) as (place, _):
        assert place.read(dataset=POINTS)[0].measures == (1.0, 1.0)
        said["value"] = "5"
        source = place.made()
        assert isinstance(source, PullSource)
        for batch in source.pull(None, DAY - HOUR):
            place.keep(batch)
        assert place.read(dataset=POINTS)[0].measures == (1.0, 5.0)


def test_labels_that_are_no_columns_still_tell_rows_apart(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Says:
        series = [({"store": "north", "till": till}, {FIRST + 3600: "2"}) for till in ("1", "2")]
        inside = int(asked.query["start"]) <= FIRST <= int(asked.query["end"])
        return Says(matrix(*series) if inside else matrix())

    with prometheus(tmp_path, answer) as (place, _):
        assert place.read(dataset=POINTS)[0].measures == (2.0, 4.0)


def test_nan_is_no_value_and_not_zero(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Says:
        inside = int(asked.query["start"]) <= FIRST <= int(asked.query["end"])
        return Says(matrix(({"store": "n"}, {FIRST + 3600: "NaN", FIRST + 7200: "3"})) if inside else matrix())

    with prometheus(tmp_path, answer) as (place, _):
        place.read(dataset=POINTS)
        assert '"value":null' in place.bodies("orders by at, store")[0]


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        (Says({"status": "error", "errorType": "bad_data", "error": "parse error"}, status=400), "parse error"),
        (Says({"status": "error", "error": "timed out"}), "timed out"),
        (Says({**matrix(), "warnings": ["store 2 is not there"]}), "may be partial"),
        (Says({"status": "success", "data": {"resultType": "vector", "result": []}}), "no matrix"),
        (Says({"status": "success", "data": {"resultType": "matrix", "result": [{"values": []}]}}), "no labels"),
        (Says([]), "failed"),
        (Says(b"<html>"), "not JSON"),
        (Says(status=502), "502"),
    ],
)
def test_what_is_wrong_with_an_answer_fails_the_reading(tmp_path: Path, says: Says, problem: str) -> None:
    with prometheus(tmp_path, lambda asked: says) as (place, _):
        with pytest.raises(SourceFailed, match=problem) as caught:
            place.read(dataset=POINTS)
        assert caught.value.fix
