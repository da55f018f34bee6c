"""How one table of the source `files` gets from disk into DuckDB."""

from __future__ import annotations

import glob
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import Field

from metricloop.sdk import Options, SourceFailed

_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
_MOST_UNPACKED = 8 * 1024**3  # bytes; a zip that grows beyond this is refused


class FileTable(Options):
    """One file, one member of a zip file, or all files that a pattern (`orders-*.csv`) matches."""

    path: str = Field(description="relative to the folder or package; may hold * and ?")
    member: str | None = Field(None, description="which file inside a zip; not needed where it holds one")
    format: Literal["csv", "parquet", "json"] | None = Field(None, description="by the file's ending, if not said")
    null_values: tuple[str, ...] = Field(("",), description="texts that stand for no value")
    delimiter: str | None = Field(None, min_length=1, max_length=4)
    types: dict[str, str] = Field(default_factory=dict, description="column: SQL type, where guessing goes wrong")


Stamp = tuple[tuple[str, int, int], ...]


def stamp(root: Path, tables: Mapping[str, FileTable]) -> Stamp:
    """The files, with time and size; another stamp means load again. Raises SourceFailed on a missing one."""
    files = [path for table in tables.values() for path in _files(root, table)]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def load(connection: duckdb.DuckDBPyConnection, root: Path, name: str, table: FileTable) -> None:
    """Make the table `name`. What a zip holds is unpacked to a temporary folder for the time of loading only.

    Raises SourceFailed with the file and the reason.
    """
    with tempfile.TemporaryDirectory(prefix="metricloop-") as folder:
        files = [_unpacked(path, table, Path(folder)) for path in _files(root, table)]
        query, parameters = _query(_format(files[0], table), table)
        try:
            connection.execute(
                f"CREATE TABLE {_quoted(name)} AS {query}", {"files": [str(path) for path in files], **parameters}
            )
        except duckdb.Error as error:
            reason = " ".join(line.strip() for line in str(error).splitlines()[:3])
            raise SourceFailed(
                f"cannot be read as {_format(files[0], table)}: {reason.replace(folder, '')}",
                retryable=False,
                where=f"table {name}, {table.path}",
                fix="set delimiter, null_values or types of this table to what the file holds",
            ) from error


def _query(kind: str, table: FileTable) -> tuple[str, dict[str, object]]:
    types = {name: _type(text) for name, text in table.types.items()}
    if kind == "csv":
        # The whole file is looked at before types are chosen: the first odd value may stand in the last line.
        options: dict[str, object] = {"nullstr": list(table.null_values), "delim": table.delimiter, "types": types}
        given = {name: value for name, value in options.items() if value}
        text = "".join(f", {name} = ${name}" for name in given)
        return f"SELECT * FROM read_csv($files, header = true, sample_size = -1{text})", given
    # Parquet has its types; JSON has none for times, which come as guessed unless `types` says otherwise.
    casts = ", ".join(f"CAST({_quoted(name)} AS {text}) AS {_quoted(name)}" for name, text in types.items())
    columns = f"* REPLACE ({casts})" if casts else "*"
    return f"SELECT {columns} FROM {'read_parquet' if kind == 'parquet' else 'read_json'}($files)", {}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _type(name: str) -> str:
    """A plain type name, so that no SQL hides in it."""
    if not all(character.isalnum() or character in " (),_" for character in name):
        raise SourceFailed(f"{name!r} is not a type", retryable=False, fix="write a type such as TIMESTAMP or DOUBLE")
    return name


def _files(root: Path, table: FileTable) -> list[Path]:
    """The files that the path names, sorted; all inside `root`."""
    pattern = table.path if any(c in table.path for c in "*?[") else glob.escape(table.path)
    found = sorted(path for path in (root / name for name in glob.glob(pattern, root_dir=root)) if path.is_file())
    outside = [path for path in found if not path.resolve().is_relative_to(root)]
    if outside:
        raise SourceFailed(
            f"{table.path} leads out of the source's folder",
            retryable=False,
            where=str(root),
            fix="put the file into the folder",
        )
    if not found:
        raise SourceFailed(
            f"there is no file {table.path}", retryable=False, where=str(root), fix="put it there, or correct the path"
        )
    return found


def _unpacked(path: Path, table: FileTable, folder: Path) -> Path:
    if path.suffix.lower() != ".zip":
        return path
    try:
        with zipfile.ZipFile(path) as archive:
            member = _member(archive, path, table.member)
            target = folder / f"{path.stem}-{Path(member.filename).name}"
            with archive.open(member) as packed, target.open("wb") as out:
                while block := packed.read(1 << 20):
                    out.write(block)
            return target
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceFailed(
            f"cannot be unpacked: {error}",
            retryable=isinstance(error, OSError),
            where=str(path),
            fix="check the file, and that the temporary folder has room",
        ) from error


def _member(archive: zipfile.ZipFile, path: Path, wanted: str | None) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
    fits = [m for m in members if wanted in (None, m.filename)]
    if len(fits) != 1:
        names = ", ".join(m.filename for m in members[:10]) or "nothing"
        raise SourceFailed(
            f"holds {names}", retryable=False, where=str(path), fix="name one of them as `member` of this table"
        )
    if fits[0].file_size > _MOST_UNPACKED:
        raise SourceFailed(
            f"{fits[0].filename} has {fits[0].file_size} bytes",
            retryable=False,
            where=str(path),
            fix="unpack it yourself",
        )
    return fits[0]


def _format(path: Path, table: FileTable) -> str:
    kind = table.format or _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise SourceFailed(
            f"{path.name}: unknown kind of file",
            retryable=False,
            where=table.path,
            fix="set format: csv, parquet, json",
        )
    return kind
