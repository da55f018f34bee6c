"""The first hour on tables of others: public data sets in packages that are not this project's."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import yaml

from tests.cli.shell import metricloop, refused
from tests.missing import missing

pytestmark = pytest.mark.deep


def data(package: str, file: str) -> Path:
    """A file of a package, which is not imported."""
    found = importlib.util.find_spec(package)
    if found is None or found.submodule_search_locations is None:
        missing(f"the package {package} is not installed", "Run: python run.py setup")
    return Path(next(iter(found.submodule_search_locations))) / file


@pytest.mark.parametrize(
    ("package", "file", "dataset", "metrics"),
    [
        (
            "vega_datasets",
            "_data/seattle-weather.csv",
            {"time_column": "date", "grain": "day", "dimensions": ["weather"]},
            {"precipitation", "temp_max_average", "temp_min_average", "wind_average"},
        ),
        ("vega_datasets", "_data/sf-temps.csv", {"time_column": "date", "grain": "hour"}, {"temp_average"}),
        (
            "vega_datasets",
            "_data/stocks.csv",
            {"time_column": "date", "grain": "month", "dimensions": ["symbol"]},
            {"price_average"},
        ),
        (
            "river",
            "datasets/water-flow.csv",
            {"time_column": "Time", "grain": "hour", "dimensions": []},
            {"water_flow_l_s_average"},
        ),
    ],
    ids=["weather", "temperatures", "stocks", "water"],
)
def test_a_public_table_becomes_a_sound_project_that_replays(
    tmp_path: Path, package: str, file: str, dataset: dict[str, object], metrics: set[str]
) -> None:
    flags = ["--from", str(data(package, file)), "--timezone", "UTC", "--owner", "Li Hua", "--yes"]
    made = metricloop("init", "first", *flags, folder=tmp_path)
    assert made.code == 0, made.err
    project = tmp_path / "first"
    [written] = yaml.safe_load((project / "datasets.yml").read_text())["datasets"]
    assert {key: written[key] for key in dataset} == dataset
    assert {one["name"] for one in yaml.safe_load((project / "metrics.yml").read_text())["metrics"]} == metrics
    assert all(line.split()[-1] not in ("–", "nan") for line in made.out.splitlines()), made.out
    assert metricloop("check", "first", folder=tmp_path).code == 0
    [command] = [line for line in made.err.splitlines() if "metricloop replay" in line]
    replayed = metricloop("replay", *command.partition("metricloop replay")[2].split(), "--json", folder=tmp_path)
    assert replayed.code == 0, replayed.err


def test_a_public_table_without_a_time_is_refused_by_name(tmp_path: Path) -> None:
    flags = ["--from", str(data("vega_datasets", "_data/iris.json")), "--yes"]
    refused(metricloop("init", "first", *flags, folder=tmp_path), "no column tells a time", "petalLength")
