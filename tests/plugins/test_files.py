from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from metricloop.plugins.files import FilesOptions, FilesSource
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_source
from tests.plugins.context import context

CSV = "at,carrier,delay\n2013-01-01T10:00:00Z,AA,5\n2013-01-01T11:00:00Z,NA,\n"


def files(folder: Path, tables: Mapping[str, Any], **options: Any) -> FilesSource:
    place = {} if "package" in options else {"folder": "."}
    given = {**place, "tables": tables, **options}
    return FilesSource(FilesOptions.model_validate(given), context(folder))


def write(folder: Path, name: str = "flights.csv", text: str = CSV) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_files_source_keeps_what_the_kit_promises(tmp_path: Path) -> None:
    write(tmp_path)
    assert check_source(files(tmp_path, {"flights": "flights.csv"}), table="flights", time_column="at") == []


def test_types_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    write(tmp_path)
    source = files(tmp_path, {"flights": {"path": "flights.csv", "null_values": ["NA", ""]}})
    assert source.columns("flights") == {"at": "TIMESTAMP WITH TIME ZONE", "carrier": "VARCHAR", "delay": "BIGINT"}
    assert source.read("SELECT count(carrier), count(delay) FROM flights") == [(1, 1)]
    source.close()


def test_csv_parquet_and_json_give_the_same_rows(tmp_path: Path) -> None:
    write(tmp_path)
    duckdb.sql(f"COPY (FROM read_csv('{tmp_path}/flights.csv')) TO '{tmp_path}/flights.parquet'")
    duckdb.sql(f"COPY (FROM read_csv('{tmp_path}/flights.csv')) TO '{tmp_path}/flights.jsonl' (FORMAT json)")
    json = {"path": "flights.jsonl", "types": {"at": "TIMESTAMPTZ"}}
    source = files(tmp_path, {"a": "flights.csv", "b": "flights.parquet", "c": json})
    asked = 'SELECT CAST("at" AS TIMESTAMP), carrier, delay FROM {} ORDER BY 1'
    first, *others = [source.read(asked.format(name)) for name in "abc"]
    assert len(first) == 2
    assert others == [first, first]
    source.close()


def test_a_pattern_takes_all_files_that_match(tmp_path: Path) -> None:
    for day in ("01", "02"):
        write(tmp_path, f"days/orders-{day}.csv")
    source = files(tmp_path, {"orders": "days/orders-*.csv"})
    assert source.read("SELECT count(*) FROM orders") == [(4,)]
    source.close()


def test_a_zip_is_unpacked_elsewhere_and_nothing_of_it_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    with zipfile.ZipFile(project / "flights.csv.zip", "w") as archive:
        archive.writestr("flights.csv", CSV)
        archive.writestr("__MACOSX/._flights.csv", "noise")
    source = files(project, {"flights": "flights.csv.zip"})
    assert source.read("SELECT count(*) FROM flights") == [(2,)]
    assert [path.name for path in project.iterdir()] == ["flights.csv.zip"]
    assert [path for path in elsewhere.rglob("*") if path.is_file()] == []
    source.close()


def test_a_zip_of_several_files_wants_to_know_which(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("flights.csv", CSV)
        archive.writestr("../../evil.csv", CSV)
    failing(files(tmp_path, {"flights": "all.zip"}), "member", retryable=False)
    source = files(tmp_path, {"flights": {"path": "all.zip", "member": "../../evil.csv"}})
    assert source.read("SELECT count(*) FROM flights") == [(2,)]
    assert not (tmp_path.parent.parent / "evil.csv").exists()
    source.close()


def failing(source: FilesSource, says: str, *, retryable: bool = False, sql: str = "SELECT 1") -> SourceFailed:
    with pytest.raises(SourceFailed) as caught:
        source.read(sql)
    assert says in str(caught.value)
    assert caught.value.retryable is retryable
    assert caught.value.fix
    source.close()
    return caught.value


def test_a_missing_file_is_named_with_its_folder(tmp_path: Path) -> None:
    error = failing(files(tmp_path, {"flights": "flihgts.csv"}), "flihgts.csv")
    assert str(tmp_path) in error.where


def test_a_package_that_is_not_installed_says_what_to_install() -> None:
    source = files(Path("."), {"a": "a.csv"}, package="no_such_package", install="metricloop[demo]")
    assert failing(source, "not installed").fix == 'pip install "metricloop[demo]"'


def test_a_package_is_looked_up_without_running_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "loud_package/__init__.py", "raise RuntimeError('imported')")
    write(tmp_path, "loud_package/data/flights.csv")
    monkeypatch.syspath_prepend(str(tmp_path))
    source = files(Path("."), {"flights": "data/flights.csv"}, package="loud_package")
    assert source.read("SELECT count(*) FROM flights") == [(2,)]
    assert "loud_package" not in sys.modules
    source.close()


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "sub/../../secret.csv", "link.csv"])
def test_files_outside_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, "secret.csv")
    project = tmp_path / "project"
    (project / "sub").mkdir(parents=True)
    (project / "link.csv").symlink_to(tmp_path / "secret.csv")
    failing(files(project, {"flights": name}), "leads out of")


def test_a_declared_type_that_the_file_does_not_hold_names_the_table(tmp_path: Path) -> None:
    write(tmp_path)
    table = {"path": "flights.csv", "types": {"carrier": "INTEGER"}}
    assert "table flights" in failing(files(tmp_path, {"flights": table}), "cannot be read").where


@pytest.mark.parametrize("kind", ["INTEGER); DROP TABLE x; --", "'x'", "a;b"])
def test_a_type_is_a_plain_name(tmp_path: Path, kind: str) -> None:
    write(tmp_path)
    failing(files(tmp_path, {"flights": {"path": "flights.csv", "types": {"carrier": kind}}}), "is not a type")


@pytest.mark.parametrize("name", ["flights.xyz", "flights"])
def test_an_unknown_kind_of_file_asks_for_its_format(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    failing(files(tmp_path, {"flights": name}), "format")
    source = files(tmp_path, {"flights": {"path": name, "format": "csv"}})
    assert source.read("SELECT count(*) FROM flights") == [(2,)]
    source.close()


def test_a_broken_zip_and_a_broken_parquet_are_said_to_be_broken(tmp_path: Path) -> None:
    write(tmp_path, "broken.zip")
    write(tmp_path, "broken.parquet")
    failing(files(tmp_path, {"flights": "broken.zip"}), "cannot be unpacked")
    failing(files(tmp_path, {"flights": "broken.parquet"}), "cannot be read as parquet")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{}/secret.csv')",
        "SELECT * FROM '{}/secret.csv'",
        "SELECT * FROM glob('{}/*')",
        "COPY flights TO '{}/out.csv'",
        "ATTACH '{}/new.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "CREATE TABLE x AS SELECT 1",
        "SELECT 1; DROP TABLE flights",
    ],
)
def test_no_sql_reaches_files_settings_or_writes(tmp_path: Path, sql: str) -> None:
    write(tmp_path, "secret.csv")
    project = tmp_path / "project"
    project.mkdir()
    write(project)
    source = files(project, {"flights": "flights.csv"})
    with pytest.raises(SourceFailed):
        source.read(sql.format(tmp_path))
    assert source.read("SELECT count(*) FROM flights") == [(2,)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "secret.csv"]
    source.close()


def test_a_query_that_takes_too_long_is_stopped_and_the_source_lives_on(tmp_path: Path) -> None:
    write(tmp_path)
    source = files(tmp_path, {"flights": "flights.csv"}, timeout_s=0.3)
    with pytest.raises(SourceFailed, match=r"within 0\.3 s") as caught:
        source.read("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b")
    assert caught.value.retryable
    assert source.read("SELECT count(*) FROM flights") == [(2,)]
    source.close()


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = write(tmp_path)
    source = files(tmp_path, {"flights": "flights.csv"})
    assert source.read("SELECT count(*) FROM flights") == [(2,)]
    path.write_text(CSV + "2013-01-01T12:00:00Z,UA,3\n")
    assert source.read("SELECT count(*) FROM flights") == [(3,)]
    path.unlink()
    failing(source, "there is no file")


@pytest.mark.parametrize(
    "options",
    [
        {"tables": {"a": "a.csv"}},
        {"folder": ".", "package": "p", "tables": {"a": "a.csv"}},
        {"folder": ".", "tables": {}},
        {"folder": ".", "tables": {"a": "a.csv"}, "timeout": 3},
        {"folder": ".", "tables": {"a": {"path": "a.csv", "separator": ";"}}},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FilesOptions.model_validate(options)
