from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.shell import metricloop, refused


def test_a_new_project_is_sound(tmp_path: Path) -> None:
    assert metricloop("init", "new", folder=tmp_path).code == 0
    outcome = metricloop("check", "new", folder=tmp_path)
    assert (outcome.code, outcome.out) == (0, "")


def test_init_never_writes_into_a_folder_that_is_in_use(project: Path) -> None:
    before = sorted(project.rglob("*"))
    refused(metricloop("init", str(project), folder=project), "not empty")
    assert sorted(project.rglob("*")) == before


def test_init_says_where_it_may_not_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(metricloop("init", "file/new", folder=tmp_path), "file/new", "may write to")


def test_check_lists_every_problem_with_its_fix_and_ends_with_1(project: Path) -> None:
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("numerator: paid", "numerator: payed").replace("type: simple", ""))
    outcome = metricloop("check", ".", folder=project)
    assert outcome.code == 1
    lines = outcome.out.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("metrics.yml:") and "Fix: " in line for line in lines)
    as_json = metricloop("check", ".", "--json", folder=project)
    assert as_json.code == 1
    assert [f"{i['where']}: {i['problem']}. Fix: {i['fix']}" for i in as_json.data] == lines


@pytest.mark.parametrize("text", ["metrics: [\n", "metrics:\n\t- name: x\n", "\x00\xff"])
def test_a_broken_file_is_a_problem_of_the_project_and_no_crash(project: Path, text: str) -> None:
    (project / "metrics.yml").write_bytes(text.encode("latin-1"))
    outcome = metricloop("check", ".", folder=project)
    assert outcome.code == 1
    assert "metrics.yml" in outcome.out
    assert "Traceback" not in outcome.err


def test_check_asks_the_source_for_its_columns_unless_it_is_offline(project: Path) -> None:
    data = project / "data.yml"
    data.write_text(data.read_text().replace("dimensions: [channel]", "dimensions: [chanel]"))
    online = metricloop("check", ".", folder=project)
    assert online.code == 1
    assert "chanel" in online.out
    offline = metricloop("check", ".", "--offline", folder=project)
    assert "no column" not in offline.out


def test_plan_shows_what_apply_does_and_then_nothing_is_left(project: Path) -> None:
    planned = metricloop("plan", ".", "--json", folder=project)
    assert planned.code == 0
    assert {change["change"] for change in planned.data} == {"added"}
    applied = metricloop("apply", ".", "--json", folder=project)
    assert applied.data == planned.data
    after = metricloop("plan", ".", folder=project)
    assert (after.code, after.out) == (0, "")


def test_plan_shows_the_difference(project: Path) -> None:
    metricloop("apply", ".", folder=project)
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("minimum_denominator: 20", "minimum_denominator: 30"))
    outcome = metricloop("plan", ".", folder=project)
    assert outcome.code == 0
    assert "changed  metric paid_rate" in outcome.out
    assert "20 -> 30" in outcome.out


def test_a_broken_project_is_not_applied(project: Path) -> None:
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("numerator: paid", "numerator: payed"))
    outcome = metricloop("apply", ".", folder=project)
    refused(outcome, "payed")


def test_export_of_what_was_applied_changes_no_file(project: Path) -> None:
    metricloop("apply", ".", folder=project)
    before = {path: path.read_bytes() for path in project.glob("*.yml")}
    assert metricloop("export", ".", folder=project).out == ""
    assert {path: path.read_bytes() for path in project.glob("*.yml")} == before


def test_a_lost_definition_comes_back_by_export(project: Path) -> None:
    metricloop("apply", ".", folder=project)
    (project / "metrics.yml").unlink()
    outcome = metricloop("export", ".", "--json", folder=project)
    assert outcome.code == 0
    assert outcome.data
    assert metricloop("check", ".", folder=project).code == 0


@pytest.mark.parametrize(
    ("database", "text"),
    [
        ("mysql://root@127.0.0.1/test", "mysql"),
        ("nowhere/state.db", "nowhere"),
        ("postgresql://nobody@127.0.0.1:1/none", "127.0.0.1:1"),
        ("metrics.yml", "metrics.yml"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_error_with_its_fix(project: Path, database: str, text: str) -> None:
    refused(metricloop("plan", ".", "--database", database, folder=project), text)


def test_a_place_that_may_not_be_written_is_one_error_with_its_fix(project: Path) -> None:
    (project / ".metricloop").touch()  # where the folder of the state would be
    refused(metricloop("plan", ".", folder=project), ".metricloop")


def test_the_state_stands_beside_where_metricloop_was_called(project: Path) -> None:
    metricloop("apply", ".", folder=project)
    assert (project / ".metricloop" / "state.db").is_file()
    assert os.listdir(project / ".metricloop")
