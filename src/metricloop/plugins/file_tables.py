"""How one table of the source `files` is written down, and how its files get into DuckDB."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import Field

from metricloop.plugins.file_places import File, Place
from metricloop.plugins.file_texts import as_texts, as_utf8, quoted, understood
from metricloop.plugins.sheets import Sheet, as_csv
from metricloop.plugins.unpacking import unpacked
from metricloop.sdk import Options, SourceFailed

Format = Literal["csv", "parquet", "json", "excel"]
_FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "excel",
    ".xlsm": "excel",
}
_READERS = {"csv": "read_csv", "parquet": "read_parquet", "json": "read_json"}


class FileTable(Options):
    """One file, one member of a zip file, or all files that a pattern (`orders-*.csv`) matches."""

    path: str = Field(description="relative to the folder or package; may hold *, ? and **")
    member: str | None = Field(None, description="which file inside a zip; not needed where it holds one")
    format: Format | None = Field(None, description="by the file's ending, if not said")
    null_values: tuple[str, ...] = Field(("",), description="texts that stand for no value")
    delimiter: str | None = Field(None, min_length=1, max_length=4)
    thousands: str | None = Field(None, min_length=1, max_length=1, description="what stands between thousands: 1,234")
    sheet: str | None = Field(None, description="of a workbook; its first one, if not said")
    header_row: int = Field(1, ge=1, le=10_000, description="of a sheet: the row that holds the names of the columns")
    types: dict[str, str] = Field(default_factory=dict, description="column: SQL type, where guessing goes wrong")
    times: dict[str, str] = Field(default_factory=dict, description="column: its format, such as '%b %d %Y'")
    numbers: tuple[str, ...] = Field((), description="columns whose numbers carry signs: ￥1,234 or 12%")
    names: dict[str, str] = Field(default_factory=dict, description="column: what it is called here")
    encoding: str | None = Field(None, description="of a text file, such as gb18030; also mends mixed line ends")


def files_of(place: Place, table: FileTable) -> tuple[File, ...]:
    """The files of a table, in order of their names. Raises SourceFailed when there is none."""
    found = tuple(place.files(table.path))
    if not found:
        raise SourceFailed(
            f"there is no file {table.path}",
            retryable=any(character in table.path for character in "*?["),  # one may still be dropped there
            where=str(place),
            fix="put it there, or correct the path",
        )
    return found


def load(
    connection: duckdb.DuckDBPyConnection, place: Place, name: str, table: FileTable, files: Sequence[File]
) -> None:
    """Make the table `name` of these files. Copies and unpacked files exist for the time of loading only.

    Raises SourceFailed with the file and the reason.
    """
    where = f"table {name}, {table.path}"
    types = {**{column: _type(text) for column, text in table.types.items()}, **as_texts(table.times, table.numbers)}
    with tempfile.TemporaryDirectory(prefix="metricloop-") as folder:
        fetched = [_local(place, file, table.member, Path(folder) / str(i)) for i, file in enumerate(files)]
        kind = table.format or _format(fetched[0], table.path)
        if kind == "excel":
            sheets = Sheet(table.sheet, table.header_row, table.thousands, types)
            query, parameters = _of_sheets(as_csv(fetched, sheets, Path(folder), where), table)
        else:
            query, parameters = _query(kind, table, types, len(fetched))
            plain = table.encoding is None or kind == "parquet"
            texts = fetched if plain else [as_utf8(path, table.encoding, Path(folder)) for path in fetched]
            parameters["files"] = [str(path) for path in texts]
        query, more = understood(query, table.times, table.numbers, table.names)
        parameters.update(more)
        try:
            connection.execute(f"CREATE TABLE {quoted(name)} AS {query}", parameters)
        except duckdb.Error as error:
            reason = " ".join(line.strip() for line in str(error).splitlines()[:3])
            raise SourceFailed(
                f"cannot be read as {kind}: {reason.replace(folder, '')}",
                retryable=False,
                where=where,
                fix="set delimiter, null_values, thousands, types, times or encoding of this table to what it holds",
            ) from error


def _local(place: Place, file: File, member: str | None, folder: Path) -> Path:
    """A path that DuckDB takes for one file. Each file has a folder of its own, so that equal names stay apart."""
    folder.mkdir()
    path = unpacked(place.fetch(file, folder), member, folder)
    if any(character in path.name for character in "*?["):
        path = Path(shutil.copyfile(path, folder / f"plain{''.join(path.suffixes[-2:])}"))
    return path


def _query(kind: str, table: FileTable, types: dict[str, str], count: int) -> tuple[str, dict[str, object]]:
    # Columns go by name, so that a column that newer files have more is no value in the older ones.
    together = ", union_by_name = true" if count > 1 else ""
    if kind == "csv":
        # The whole file is looked at before types are chosen: the first odd value may stand in the last line.
        options: dict[str, object] = {
            "nullstr": list(table.null_values),
            "delim": table.delimiter,
            "thousands": table.thousands,
            "types": types,
        }
        given = {name: value for name, value in options.items() if value}
        text = "".join(f", {name} = ${name}" for name in given)
        return f"SELECT * FROM read_csv($files, header = true, sample_size = -1{together}{text})", given
    # Parquet has its types; JSON has none for times, which come as guessed unless `types` says otherwise.
    casts = ", ".join(f"CAST({quoted(name)} AS {text}) AS {quoted(name)}" for name, text in types.items())
    columns = f"* REPLACE ({casts})" if casts else "*"
    return f"SELECT {columns} FROM {_READERS[kind]}($files{together})", {}


def _of_sheets(found: tuple[list[Path], dict[str, str]], table: FileTable) -> tuple[str, dict[str, object]]:
    """Rows that hold nothing are left out; the others keep the numbers of the sheet in what DuckDB says of them."""
    paths, columns = found
    options = "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', skip = $skip"
    given: dict[str, object] = {
        "files": [str(path) for path in paths],
        "skip": table.header_row,
        "columns": columns,
        "nullstr": list({"", *table.null_values}),
    }
    if table.thousands:
        options += ", decimal_separator = '.', thousands = $thousands"
        given["thousands"] = table.thousands
    some = " OR ".join(f"{quoted(name)} IS NOT NULL" for name in columns)
    return f"SELECT * FROM read_csv($files, {options}, columns = $columns, nullstr = $nullstr) WHERE {some}", given


def _type(name: str) -> str:
    """A plain type name, so that no SQL hides in it."""
    if not all(character.isalnum() or character in " (),_" for character in name):
        raise SourceFailed(f"{name!r} is not a type", retryable=False, fix="write a type such as TIMESTAMP or DOUBLE")
    return name


def _format(path: Path, where: str) -> Format:
    endings = [ending.lower() for ending in path.suffixes]
    kind = _FORMATS.get(endings[-2] if endings[-1:] == [".gz"] and len(endings) > 1 else (endings or [""])[-1])
    if kind is None:
        raise SourceFailed(
            f"{path.name}: unknown kind of file",
            retryable=False,
            where=where,
            fix="set format: csv, parquet, json, excel",
        )
    return kind
