from __future__ import annotations

from pathlib import Path

from tests.cli.shell import metricloop, process, refused

STORY = ("replay", "--from", "2025-03-20", "--to", "2025-04-20")


def test_the_template_has_a_story_and_the_same_replay_tells_it_twice(project: Path) -> None:
    first = metricloop(*STORY, "--json", folder=project)
    second = process(*STORY, "--json", folder=project)
    assert first.code == 0
    assert first.out == second.out
    (incident,) = first.data["incidents"]
    assert incident["metric"] == "paid_rate"
    assert incident["root_causes"][0]["slice"] == {"channel": "app"}
    assert incident["started_at"].startswith("2025-04-09")


def test_without_responders_nobody_labels_what_was_found(project: Path) -> None:
    with_people = metricloop(*STORY, "--json", folder=project).data
    alone = metricloop(*STORY, "--no-responders", "--json", folder=project).data
    assert with_people["counts"]["label"] >= 1
    assert alone["counts"]["label"] == 0
    assert len(alone["incidents"]) == 1


def test_people_read_a_table_and_the_progress_goes_to_stderr(project: Path) -> None:
    outcome = metricloop(*STORY, "--project", str(project), folder=project.parent)
    assert "paid_rate" in outcome.out
    assert "channel=app" in outcome.out
    assert "100 %" in outcome.err


def test_the_outcome_may_be_kept(project: Path) -> None:
    assert metricloop(*STORY, "--into", "kept.db", folder=project).code == 0
    assert (project / "kept.db").stat().st_size > 0
    assert not (project / ".metricloop").exists()


def test_days_in_the_wrong_order_are_refused(project: Path) -> None:
    refused(metricloop("replay", "--from", "2025-04-02", "--to", "2025-04-01", folder=project), "swap them")


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    outcome = metricloop(*STORY, folder=tmp_path)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
