"""Folders into which files are dropped, JSON with its types, and object stores."""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pytest
from pydantic import ValidationError

from metricloop.plugins.files import FilesOptions, FilesSource
from metricloop.sdk import SourceFailed
from tests.plugins.context import context

ROWS = "at,n\n2013-01-01T10:00:00Z,{}\n"


def files(project: Path, tables: dict[str, Any], **options: Any) -> FilesSource:
    return FilesSource(FilesOptions.model_validate({"folder": ".", "tables": tables, **options}), context(project))


def drop(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def total(source: FilesSource, table: str = "orders") -> object:
    return source.read(f"SELECT sum(n) FROM {table}")[0][0]


def test_a_dropped_file_is_found_on_the_next_reading(tmp_path: Path) -> None:
    source = files(tmp_path, {"orders": "in/*.csv"})
    with pytest.raises(SourceFailed, match=r"there is no file in/\*\.csv") as caught:
        total(source)
    assert caught.value.retryable
    drop(tmp_path, "in/01.csv", ROWS.format(1))
    assert total(source) == 1
    drop(tmp_path, "in/02.csv", ROWS.format(20))
    drop(tmp_path, "in/.03.csv.part", "half a li")
    assert total(source) == 21
    source.close()


def test_files_that_did_not_change_are_not_read_again(tmp_path: Path) -> None:
    first = drop(tmp_path, "in/01.csv", ROWS.format(1))
    source = files(tmp_path, {"orders": "in/*.csv"})
    assert total(source) == 1
    was = first.stat()
    first.write_text(ROWS.format(7))  # as long as before, and as old: as good as unchanged
    os.utime(first, ns=(was.st_atime_ns, was.st_mtime_ns))
    drop(tmp_path, "in/02.csv", ROWS.format(20))
    assert total(source) == 21
    os.utime(first)
    assert total(source) == 27
    source.close()


def test_a_file_of_other_types_makes_the_table_anew_and_nothing_is_rounded(tmp_path: Path) -> None:
    drop(tmp_path, "in/01.csv", ROWS.format(1))
    source = files(tmp_path, {"orders": "in/*.csv"})
    assert source.columns("orders")["n"] == "BIGINT"
    drop(tmp_path, "in/02.csv", ROWS.format("2.5"))
    assert total(source) == 3.5
    drop(tmp_path, "in/03.csv", "at,n,city\n2013-01-01T10:00:00Z,4,Bern\n")
    assert total(source) == 7.5
    assert list(source.columns("orders")) == ["at", "n", "city"]
    source.close()


def test_names_with_signs_of_patterns_and_equal_names_in_folders_are_files_of_their_own(tmp_path: Path) -> None:
    drop(tmp_path, "in/orders [1].csv", ROWS.format(1))
    drop(tmp_path, "in/orders 1.csv", ROWS.format(20))
    for i, folder in enumerate(("a", "b")):
        (tmp_path / folder).mkdir()
        with zipfile.ZipFile(tmp_path / folder / "orders.zip", "w") as archive:
            archive.writestr("orders.csv", ROWS.format(10**i))
    source = files(tmp_path, {"orders": "in/*.csv", "one": "in/orders ?1?.csv", "zipped": "*/orders.zip"})
    assert (total(source), total(source, "one"), total(source, "zipped")) == (21, 1, 11)
    source.close()


def test_a_file_that_went_away_takes_its_rows_along_and_one_before_the_others_is_taken(tmp_path: Path) -> None:
    drop(tmp_path, "in/02.csv", ROWS.format(20))
    gone = drop(tmp_path, "in/03.csv", ROWS.format(300))
    source = files(tmp_path, {"orders": "in/*.csv", "all": "in/**/*.csv"})
    assert (total(source), total(source, '"all"')) == (320, 320)
    gone.unlink()
    drop(tmp_path, "in/01.csv", ROWS.format(1))
    drop(tmp_path, "in/old/00.csv", ROWS.format(4000))
    assert (total(source), total(source, '"all"')) == (21, 4021)
    source.close()


def test_a_broken_file_fails_the_reading_until_it_is_mended(tmp_path: Path) -> None:
    drop(tmp_path, "in/01.csv", ROWS.format(1))
    source = files(tmp_path, {"orders": {"path": "in/*.csv", "types": {"n": "BIGINT"}}})
    assert total(source) == 1
    broken = drop(tmp_path, "in/02.csv", ROWS.format("many"))
    for _ in range(2):
        with pytest.raises(SourceFailed, match="many"):
            total(source)
    broken.write_text(ROWS.format(20))
    assert total(source) == 21
    source.close()


def test_after_a_reload_the_engine_is_as_locked_as_before(tmp_path: Path) -> None:
    drop(tmp_path, "in/01.csv", ROWS.format(1))
    drop(tmp_path, "secret.csv", "a\n1\n")
    source = files(tmp_path, {"orders": "in/*.csv"})
    assert total(source) == 1
    drop(tmp_path, "in/02.csv", ROWS.format(20))
    assert total(source) == 21
    for sql in (f"SELECT * FROM read_csv('{tmp_path}/secret.csv')", f"SELECT * FROM glob('{tmp_path}/*')"):
        with pytest.raises(SourceFailed):
            source.read(sql)
    attached = "SELECT database_name FROM duckdb_databases() WHERE NOT internal ORDER BY 1"
    assert source.read(attached) == [("held",), ("memory",)]
    source.close()


def test_tables_are_kept_compressed_also_after_a_reload(tmp_path: Path) -> None:
    source = files(tmp_path, {"orders": "in/*.csv"})
    head, row = ROWS.format(1).split("\n", 1)
    kinds = "SELECT DISTINCT compression FROM pragma_storage_info('orders') WHERE segment_type <> 'VALIDITY' ORDER BY 1"
    for name in ("01", "02"):
        drop(tmp_path, f"in/{name}.csv", f"{head}\n{row * 5_000}")
        total(source)
        assert source.read(kinds) == [("Constant",)]  # one value, once for all rows
    source.close()


def test_readers_beside_each_other_see_whole_tables(tmp_path: Path) -> None:
    drop(tmp_path, "in/01.csv", ROWS.format(1))
    source = files(tmp_path, {"orders": "in/*.csv"}, connections=3)
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(
            lambda i: (drop(tmp_path, f"in/{i:02}.csv", ROWS.format(1)), total(source))[1], range(2, 14)
        )
        assert all(isinstance(n, int) and n >= 1 for n in found)
    assert total(source) == 13
    source.close()


def test_times_of_json_are_as_declared(tmp_path: Path) -> None:
    lines = '{"at": "2013-01-01 10:00:00", "n": 1}\n{"at": "2013-01-01T10:00:00+02:00", "n": 2.5}\n'
    drop(tmp_path, "orders.jsonl", lines)
    drop(tmp_path, "orders.json", f"[{','.join(lines.splitlines())}]")
    declared = {"types": {"at": "TIMESTAMPTZ", "n": "DOUBLE"}}
    for name in ("orders.jsonl", "orders.json"):
        source = files(tmp_path, {"guessed": name, "declared": {"path": name, **declared}})
        assert source.columns("guessed")["at"] == "VARCHAR"
        assert source.columns("declared") == {"at": "TIMESTAMP WITH TIME ZONE", "n": "DOUBLE"}
        asked = 'SELECT CAST("at" AS TIMESTAMP), n FROM declared ORDER BY n DESC'
        assert [(str(at), n) for at, n in source.read(asked)] == [
            ("2013-01-01 08:00:00", 2.5),
            ("2013-01-01 10:00:00", 1),
        ]
        source.close()


def test_numbers_with_thousands_and_packed_files_are_read(tmp_path: Path) -> None:
    drop(tmp_path, "orders.csv", 'at,n\n2013-01-01,"1,234"\n2013-01-02,5\n')
    source = files(tmp_path, {"orders": {"path": "orders.csv", "thousands": ","}})
    assert total(source) == 1239
    source.close()
    duckdb.sql(f"COPY (SELECT 7 AS n) TO '{tmp_path}/orders.csv.gz' (COMPRESSION gzip)")
    source = files(tmp_path, {"orders": "orders.csv.gz"})
    assert total(source) == 7
    source.close()


def test_tables_and_the_columns_of_a_select_are_told(tmp_path: Path) -> None:
    drop(tmp_path, "orders.csv", ROWS.format(1))
    source = files(tmp_path, {"b": "orders.csv", "a": "orders.csv"})
    assert source.tables() == ["a", "b"]
    told = source.describe('WITH x AS (SELECT * FROM a) SELECT "at", SUM(n) AS total FROM x GROUP BY 1')
    assert told == {"at": "TIMESTAMP WITH TIME ZONE", "total": "HUGEINT"}
    for wrong in ("SELECT nope FROM a", "DELETE FROM a"):
        with pytest.raises(SourceFailed):
            source.describe(wrong)
    source.close()


@pytest.fixture
def bucket() -> Iterator[str]:
    """A prefix of its own in fsspec's memory store, which is one for the whole process."""
    name = f"/bucket-{secrets.token_hex(6)}"
    yield name
    store = fsspec.filesystem("memory")
    if store.exists(name):
        store.rm(name, recursive=True)


def test_objects_of_a_store_are_read_as_files_are(tmp_path: Path, bucket: str) -> None:
    store = fsspec.filesystem("memory")
    store.pipe(f"{bucket}/orders/01.csv", ROWS.format(1).encode())
    store.pipe(f"{bucket}/others/01.csv", ROWS.format(9).encode())
    duckdb.sql(f"COPY (SELECT 7 AS n) TO '{tmp_path}/p.parquet'")
    store.put(str(tmp_path / "p.parquet"), f"{bucket}/p.parquet")
    tables = {"orders": "orders/*.csv", "packed": "p.parquet"}
    source = files(tmp_path, tables, folder=f"memory:/{bucket}", refresh_s=0)
    assert (total(source), total(source, "packed")) == (1, 7)
    store.pipe(f"{bucket}/orders/02.csv", ROWS.format(20).encode())
    assert total(source) == 21
    store.pipe(f"{bucket}/orders/01.csv", ROWS.format(2).encode())
    assert total(source) == 22
    source.close()


def test_a_store_is_not_listed_for_every_reading(tmp_path: Path, bucket: str) -> None:
    store = fsspec.filesystem("memory")
    store.pipe(f"{bucket}/01.csv", ROWS.format(1).encode())
    source = files(tmp_path, {"orders": "*.csv"}, folder=f"memory:/{bucket}")
    assert total(source) == 1
    store.pipe(f"{bucket}/02.csv", ROWS.format(20).encode())
    assert total(source) == 1
    source.close()


def test_what_a_store_lacks_or_refuses_is_told_without_secrets(
    tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "hunter2")
    for folder, says in ((f"memory:/{bucket}", "there is no file"), ("nosuch://bucket", "cannot be opened")):
        source = files(tmp_path, {"orders": "01.csv"}, folder=folder, credentials={"secret": "env:CANARY"})
        with pytest.raises(SourceFailed, match=says) as caught:
            total(source)
        assert "hunter2" not in str(caught.value)
        assert caught.value.fix
    leaving = files(tmp_path, {"orders": "../x.csv"}, folder=f"memory:/{bucket}")
    with pytest.raises(SourceFailed, match="leads out"):
        total(leaving)


@pytest.mark.parametrize("options", [{"storage": {"a": 1}}, {"folder": "s3://b", "credentials": {"key": "plain"}}])
def test_options_of_stores_that_make_no_sense_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        files(tmp_path, {"orders": "a.csv"}, **options)
