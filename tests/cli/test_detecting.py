from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.shell import metricloop

HEADER = ["timestamp", "value", "expected", "lower", "upper", "score", "anomaly"]


def series(rows: int = 500, spike: int | None = 450) -> list[tuple[str, str]]:
    values = 100 + np.random.default_rng(5).normal(0, 3, rows)
    if spike is not None:
        values[spike] = 190.0
    start = np.datetime64("2026-01-05T00:00:00")
    return [(str(start + np.timedelta64(i, "h")).replace("T", " "), f"{v:.3f}") for i, v in enumerate(values)]


def write(path: Path, rows: list[tuple[str, str]], header: str = "timestamp,value") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(header + "\n" + "".join(",".join(row) + "\n" for row in rows))
    return path


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_file_gives_one_row_per_row_as_csv(tmp_path: Path) -> None:
    rows = series()
    rows[300] = (rows[300][0], "")
    outcome = metricloop("detect", str(write(tmp_path / "sales.csv", rows)), folder=tmp_path)
    assert outcome.code == 0, outcome.err
    found = read(outcome.out)
    assert outcome.out.splitlines()[0].split(",") == HEADER
    assert [(row["timestamp"], row["value"]) for row in found] == rows
    assert next(i for i, row in enumerate(found) if row["anomaly"] == "1") == 450
    assert 0 < float(found[450]["score"]) <= 1 and float(found[450]["upper"]) < 190
    for silent in (found[0], found[300]):
        assert [silent[name] for name in HEADER[2:]] == ["", "", "", "0.000000", "0"]


def test_a_folder_goes_through_at_once_and_files_without_the_columns_are_skipped(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.csv", series())
    write(tmp_path / "in" / "b.csv", series(40, None))
    write(tmp_path / "in" / "other.csv", series(), header="day,amount")
    outcome = metricloop("detect", "--batch", "in", "-o", "out", folder=tmp_path)
    assert outcome.code == 0 and outcome.out == ""
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.csv", "b.csv"]
    assert "other.csv: skipped" in outcome.err
    alone = metricloop("detect", "in/a.csv", folder=tmp_path)
    assert (tmp_path / "out" / "a.csv").read_text() == alone.out


def test_columns_can_be_named_and_a_rate_is_divided_here(tmp_path: Path) -> None:
    rows = [(time, "3,100" if i != 60 else "60,100") for i, (time, _) in enumerate(series(80, None))]
    path = write(tmp_path / "rate.csv", rows, header="at,bad,all")
    outcome = metricloop(
        "detect", str(path), "--time", "at", "--numerator", "bad", "--denominator", "all", folder=tmp_path
    )
    found = read(outcome.out)
    assert found[0]["value"] == "0.03" and found[60]["anomaly"] == "1"


def test_labels_change_nothing_before_their_split(tmp_path: Path) -> None:
    rows = series()
    path = write(tmp_path / "sales.csv", [(t, str(float(v) + 60 * (200 <= i < 230))) for i, (t, v) in enumerate(rows)])
    labels = {"sales": {"windows": [[rows[200][0], rows[229][0]]], "split_at": rows[300][0]}}
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    plain = metricloop("detect", str(path), folder=tmp_path).out.splitlines()
    told = metricloop("detect", str(path), "--labels", "labels.json", folder=tmp_path).out.splitlines()
    assert told[:301] == plain[:301] and told[301:] != plain[301:]


def test_a_day_by_day_file_takes_a_calendar_and_offsets_a_zone(tmp_path: Path) -> None:
    start = np.datetime64("2025-11-01")
    rows = [(f"{start + i}T16:00:00+00:00", str(100 + i % 7)) for i in range(150)]
    path = write(tmp_path / "days.csv", rows)
    outcome = metricloop("detect", str(path), "--calendar", "CN", "--timezone", "Asia/Shanghai", folder=tmp_path)
    assert outcome.code == 0 and [row["timestamp"] for row in read(outcome.out)] == [time for time, _ in rows]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "nothing to read"),
        (("sales.csv", "--budget", "0"), "--budget"),
        (("sales.csv", "--direction", "left"), "--direction"),
        (("sales.csv", "--coverage", "2"), "--coverage"),
        (("sales.csv", "--calendar", "XX"), "no calendar"),
        (("sales.csv", "--timezone", "Mars"), "no time zone"),
        (("sales.csv", "--value", "amount"), "lacks one of the columns"),
        (("sales.csv", "--numerator", "value"), "--denominator"),
        (("sales.csv", "bad.csv"), "-o FOLDER"),
        (("bad.csv",), "bad.csv:2"),
        (("sales.csv", "--labels", "bad.csv"), "labels cannot be read"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    write(tmp_path / "sales.csv", series(30, None))
    write(tmp_path / "bad.csv", [("yesterday", "1")])
    outcome = metricloop("detect", *arguments, folder=tmp_path)
    assert outcome.code == 2 and says in outcome.err
    assert outcome.out == ""
