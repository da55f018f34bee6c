"""`metricloop explain`: a table of slices in, root causes and contributions that add up out."""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path

import duckdb
import pytest

from tests.cli.shell import metricloop

REGIONS, CARRIERS, CHANNELS = "ABCDEF", "KLMN", "XYZ"


def level(region: str, carrier: str, channel: str) -> float:
    return 37.25 + 7 * REGIONS.index(region) + 11.5 * CARRIERS.index(carrier) + 3 * CHANNELS.index(channel)


def write_sum(path: Path) -> Path:
    """Region B fell by half; all others moved by less than two percent."""
    lines = ["region,carrier,channel,actual,expected"]
    for number, leaf in enumerate(product(REGIONS, CARRIERS, CHANNELS)):
        usual = level(*leaf)
        actual = usual * (0.5 if leaf[0] == "B" else 1 + 0.01 * math.sin(number))
        lines.append(",".join([*leaf, f"{actual:.6f}", f"{usual:.6f}"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_history(path: Path) -> Path:
    """Ten quiet minutes, then carrier M fails one order in three."""
    lines = ["minute,region,carrier,num,den"]
    for minute, region, carrier in product(range(-10, 1), REGIONS, CARRIERS):
        bad = 100 if minute == 0 and carrier == "M" else 6 + (minute * 7 + ord(region)) % 3
        lines.append(f"{minute},{region},{carrier},{bad},300")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_csv_of_a_sum_names_the_slice_and_adds_up(tmp_path: Path) -> None:
    answer = metricloop("explain", str(write_sum(tmp_path / "sum.csv")), folder=tmp_path).data
    assert answer["verdict"] == "local" and answer["localisable"] is True
    assert [cause["slice"] for cause in answer["root_causes"]] == [{"region": "B"}]
    assert answer["contributions"][-1]["slice"] is None
    assert math.fsum(part["value"] for part in answer["contributions"]) == pytest.approx(answer["total"], abs=1e-9)
    assert answer["elapsed_ms"] > 0 and "region=B" in answer["text"]


def test_the_text_is_chinese_where_that_is_asked_for(tmp_path: Path) -> None:
    answer = metricloop("--language", "zh", "explain", str(write_sum(tmp_path / "sum.csv")), folder=tmp_path).data
    assert "来自 region=B" in answer["text"]


def test_a_parquet_file_answers_as_its_csv_does(tmp_path: Path) -> None:
    write_sum(tmp_path / "sum.csv")
    with duckdb.connect() as engine:
        engine.execute(f"COPY (FROM '{tmp_path}/sum.csv') TO '{tmp_path}/sum.parquet'")
    of_csv, of_parquet = metricloop("explain", "sum.csv", "sum.parquet", folder=tmp_path).data
    del of_csv["elapsed_ms"], of_parquet["elapsed_ms"]
    assert of_csv == of_parquet


def test_a_ratio_is_told_by_its_four_columns(tmp_path: Path) -> None:
    lines = ["region,carrier,actual_num,actual_den,expected_num,expected_den"]
    for region, carrier in product(REGIONS, CARRIERS):
        lines.append(f"{region},{carrier},{600 if carrier == 'L' else 900},1000,900,1000")
    (tmp_path / "ratio.csv").write_text("\n".join(lines), encoding="utf-8")
    answer = metricloop("explain", "ratio.csv", folder=tmp_path).data
    assert [cause["slice"] for cause in answer["root_causes"]] == [{"carrier": "L"}]
    assert answer["total"] == pytest.approx(-0.075)


def test_a_ratio_with_its_history_makes_its_own_expectation(tmp_path: Path) -> None:
    write_history(tmp_path / "history.csv")
    answer = metricloop("explain", "history.csv", folder=tmp_path).data
    assert [cause["slice"] for cause in answer["root_causes"]] == [{"carrier": "M"}]


def test_a_folder_is_done_in_one_go_and_what_is_no_table_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    (folder / "deep").mkdir(parents=True)
    write_sum(folder / "deep" / "sum.csv")
    write_history(folder / "history.csv")
    (folder / "truth.csv").write_text("case,kind\n1,local\n", encoding="utf-8")
    outcome = metricloop("explain", "--batch", "cases", "-o", "out.jsonl", folder=tmp_path)
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert outcome.code == 0 and outcome.out == ""
    assert [answer["file"] for answer in answers] == ["deep/sum.csv", "history.csv"]
    assert "truth.csv" in outcome.err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("region,value\nA,1\n", "neither a sum nor a ratio"),
        ("actual,expected\n1,2\n", "there is no dimension"),
        ("region,actual,expected\nA,,2\n", "column actual has empty cells"),
        ("region,actual,expected\nA,x,2\n", "Could not convert"),
        ("region,minute,num,den\nA,0,1,2\n", "needs rows of the incident"),
    ],
)
def test_a_file_that_cannot_be_explained_says_why(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    outcome = metricloop("explain", "bad.csv", folder=tmp_path)
    assert outcome.code == 2 and problem in outcome.err and "bad.csv" in outcome.err


def test_files_and_a_folder_are_not_asked_for_at_once(tmp_path: Path) -> None:
    assert metricloop("explain", folder=tmp_path).code == 2
    assert metricloop("explain", "--batch", ".", folder=tmp_path).code == 2
