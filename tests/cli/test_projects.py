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


def test_plan_says_what_a_change_means_in_the_reader_s_language(project: Path) -> None:
    metricloop("apply", ".", folder=project)
    metrics = project / "metrics.yml"
    metrics.write_text(
        metrics.read_text().replace("denominator: orders", "denominator: orders\n    filter: channel = 'web'")
    )
    english = metricloop("plan", ".", folder=project)
    assert "These monitors learn again, without alarms meanwhile: paid_rate_daily." in english.out
    chinese = metricloop("--language", "zh", "plan", ".", folder=project)
    assert "以下监控规则将重新学习，期间不报警：paid_rate_daily。" in chinese.out
    (change,) = [one for one in metricloop("plan", ".", "--json", folder=project).data if one["change"] == "changed"]
    assert [one["code"] for one in change["means"]] == ["plan.history_to_come", "plan.monitors_relearn"]


def team(project: Path) -> None:
    """Somebody beside the one whom the template knows: an owner, who has the orders."""
    people = project / "people.yml"
    person = "  - {id: olga, name: Olga, roles: [owner], contacts: [{channel: outbox, address: olga}]}\n\nchannels:"
    people.write_text(people.read_text().replace("\nchannels:", person, 1))
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("owner: you", "owner: olga", 1))
    assert metricloop("apply", ".", folder=project).code == 0


def test_with_several_people_it_has_to_be_said_who_publishes(project: Path) -> None:
    team(project)
    assert metricloop("apply", ".", folder=project).code == 0, "nothing to publish"
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("en: Orders", "en: Orders made"))
    refused(metricloop("apply", ".", folder=project), "who publishes", "--as", "you")
    refused(metricloop("apply", ".", "--as", "nobody", folder=project), "nobody", "olga")
    assert metricloop("apply", ".", "--as", "olga", folder=project).code == 0


def test_the_setting_says_who_publishes_too(project: Path) -> None:
    team(project)
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("en: Orders", "en: Orders made"))
    assert metricloop("apply", ".", folder=project, env={"METRICLOOP_PERSON": "olga"}).code == 0


def test_what_is_not_theirs_is_refused_and_it_is_said_who_may(project: Path) -> None:
    team(project)
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("minimum_denominator: 20", "minimum_denominator: 30"))
    outcome = metricloop("apply", ".", "--as", "olga", folder=project)
    refused(outcome, "metric paid_rate", "Your name")
    planned = metricloop("plan", ".", "--as", "olga", "--json", folder=project).data
    (change,) = [one for one in planned if one["change"] == "changed"]
    assert change["not_permitted"]["code"] == "publish.not_yours"
    assert metricloop("apply", ".", "--as", "you", folder=project).code == 0


def test_check_notes_who_uses_what_is_deprecated_and_finds_nothing_wrong(project: Path) -> None:
    metrics = project / "metrics.yml"
    metrics.write_text(
        metrics.read_text().replace("minimum_denominator: 20}", "status: deprecated, successor: orders}")
    )
    outcome = metricloop("check", ".", folder=project)
    assert (outcome.code, outcome.out) == (0, "")
    assert "The monitor paid_rate_daily watches paid_rate, which is deprecated. Successor: orders." in outcome.err


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
