from __future__ import annotations

from pathlib import Path

import pytest

from metricloop.define.imports.model import Format
from tests.cli.shell import metricloop, refused
from tests.define.imports.shop import FILES, FORMATS

CUBE = """\
cubes:
  - name: orders
    title: Orders of the shop
    sql_table: orders
    dimensions:
      - {name: ordered_at, sql: ordered_at, type: time}
      - {name: channel, sql: channel, type: string}
    measures:
      - {name: orders, type: count}
      - {name: imported_rate, type: number, sql: "{paid} / {orders}", meta: {owner: you, level: L2}}
      - {name: paid, type: count, public: false, filters: [{sql: "{CUBE}.paid = 1"}]}
      - {name: ever, type: count, rolling_window: {trailing: unbounded}}
"""


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    path = tmp_path / "cube.yml"
    path.write_text(CUBE)
    return path


def test_an_import_prints_definitions_and_reports_beside_them(cube: Path) -> None:
    outcome = metricloop("import", "cube", str(cube), "--source", "shop", folder=cube.parent)
    assert outcome.code == 0
    assert outcome.out.startswith("datasets:\n")
    assert "numerator: paid" in outcome.out
    assert "left_out cube.yml:12: measure orders.ever" in outcome.err
    assert "1 dataset(s), 2 metric(s)" in outcome.err


def test_an_import_into_a_new_folder_writes_files_and_prints_the_report(cube: Path) -> None:
    outcome = metricloop("import", "cube", str(cube), "-o", "new", folder=cube.parent)
    assert outcome.code == 0
    assert sorted(path.name for path in (cube.parent / "new").iterdir()) == ["datasets.yml", "metrics.yml"]
    assert outcome.out.startswith("left_out cube.yml:12")


def test_imported_definitions_work_in_a_project(project: Path, cube: Path) -> None:
    text = cube.read_text().replace("- name: orders\n", "- name: sales\n").replace("{name: orders,", "{name: sold,")
    cube.write_text(text.replace("{orders}", "{sold}"))
    assert metricloop("import", "cube", str(cube), "--source", "shop", "-o", ".", folder=project).code == 0
    checked = metricloop("check", ".", folder=project)
    assert checked.code == 1
    lines = checked.out.splitlines()
    assert all("OWNER_TO_BE_NAMED" in line for line in lines)
    metrics = project / "metrics.yml"
    metrics.write_text(metrics.read_text().replace("OWNER_TO_BE_NAMED", "you"))
    assert metricloop("check", ".", folder=project).code == 0
    assert metricloop("apply", ".", folder=project).code == 0


def test_what_is_there_is_kept_and_told_unless_replace_says_otherwise(project: Path, cube: Path) -> None:
    before = (project / "metrics.yml").read_text()
    outcome = metricloop("import", "cube", str(cube), "--source", "shop", "-o", ".", "--json", folder=project)
    assert outcome.data["kept"] == ["dataset orders", "metric orders"]
    assert "metric orders is there already and is kept" in outcome.err
    assert before.split("monitors:")[0].partition("# A monitor")[0].strip() in (project / "metrics.yml").read_text()
    assert "imported_rate" in (project / "metrics.yml").read_text()
    again = metricloop("import", "cube", str(cube), "-o", ".", "--replace", "--json", folder=project)
    assert again.data["kept"] == []
    assert "SOURCE_TO_BE_NAMED" in (project / "data.yml").read_text()
    assert "paid_rate" in (project / "metrics.yml").read_text()


def test_the_report_as_json_has_every_finding(cube: Path) -> None:
    outcome = metricloop("import", "cube", str(cube), "--json", folder=cube.parent)
    assert outcome.code == 0
    assert set(outcome.data) == {"datasets", "metrics", "written", "kept", "findings"}
    assert [one["name"] for one in outcome.data["metrics"]] == ["orders", "imported_rate"]
    first = outcome.data["findings"][0]
    assert set(first) == {"effect", "where", "about", "problem", "fix"}
    assert first["effect"] == "left_out"


@pytest.mark.parametrize("form", list(Format))
def test_every_format_is_imported(form: Format, tmp_path: Path) -> None:
    outcome = metricloop("import", form.value, str(FORMATS / FILES[form]), "--json", folder=tmp_path)
    assert outcome.code == 0
    assert len(outcome.data["metrics"]) > 10


def test_a_folder_of_files_is_one_import(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "orders.yml").write_text(CUBE)
    (tmp_path / "model" / "stores.yml").write_text("cubes:\n  - {name: stores, sql_table: stores}\n")
    outcome = metricloop("import", "cube", "model", "--json", folder=tmp_path)
    assert [one["name"] for one in outcome.data["datasets"]] == ["orders"]


def test_what_cannot_be_imported_is_one_error_with_its_fix(cube: Path) -> None:
    folder = cube.parent
    refused(metricloop("import", "dbt", str(cube), folder=folder), "semantic_models")
    refused(metricloop("import", "cube", "none.yml", folder=folder), "none.yml")
    (folder / "bad.yml").write_text("a: [\n")
    refused(metricloop("import", "cube", "bad.yml", folder=folder), "bad.yml:2")
    assert metricloop("import", "tableau", str(cube), folder=folder).code == 2


def test_an_import_never_writes_over_files_that_it_cannot_read(cube: Path) -> None:
    (cube.parent / "there").mkdir()
    (cube.parent / "there" / "metrics.yml").write_text("metrics: [\n")
    refused(metricloop("import", "cube", str(cube), "-o", "there", folder=cube.parent))
    assert (cube.parent / "there" / "metrics.yml").read_text() == "metrics: [\n"


def test_what_goes_out_to_ossie_comes_back_the_same(project: Path) -> None:
    metricloop("apply", ".", folder=project)
    outcome = metricloop("export", "--to", "ossie", "out.ossie", folder=project)
    assert (outcome.code, outcome.out) == (0, "out.ossie\n")
    printed = metricloop("export", "--to", "ossie", folder=project)
    assert printed.out == (project / "out.ossie").read_text()
    before = {path: path.read_bytes() for path in project.glob("*.yml")}
    again = metricloop("import", "ossie", "out.ossie", "-o", ".", "--json", folder=project)
    assert (again.data["written"], again.data["kept"], again.data["findings"]) == ([], [], [])
    assert {path: path.read_bytes() for path in project.glob("*.yml")} == before
