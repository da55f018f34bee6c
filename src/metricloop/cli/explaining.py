"""explain: a table of slices in, root causes out; no project needed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from metricloop.attribute.explain import Explanation, explain
from metricloop.attribute.tables import measures_in, table_of
from metricloop.cli.explain_words import sentences
from metricloop.cli.flags import terminal_of
from metricloop.cli.terminal import Terminal
from metricloop.cli.words import Language
from metricloop.kernel.errors import InvalidInput, NotFound

_READERS = {".csv": "read_csv(?, header = true)", ".parquet": "read_parquet(?)"}


def explain_(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="CSV or Parquet files, one change each.")] = None,
    batch: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Every CSV and Parquet file below a folder, in one process.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where --batch writes: one line of JSON each.")
    ] = None,
) -> None:
    """Say which slices moved a total, from a table of actual and expected values. No project is needed."""
    terminal = terminal_of(context)
    if (batch is None) == (not files) or (batch is None) != (output is None):
        raise InvalidInput("explain takes either FILE... or --batch DIR -o FILE.jsonl", fix="give one of the two")
    if batch is not None and output is not None:
        explain_folder(terminal, batch, output)
        return
    answers = [explain_file(path, terminal.language) for path in files or ()]
    terminal.put_json(answers[0] if len(answers) == 1 else answers)


def explain_folder(terminal: Terminal, folder: Path, output: Path) -> None:
    """One line for each file that has the columns; the others are named and left out."""
    if not folder.is_dir():
        raise NotFound("there is no such folder", where=str(folder), fix="check the path after --batch")
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _READERS and path != output)
    done = 0
    with output.open("w", encoding="utf-8") as lines:
        for path in paths:
            try:
                answer = explain_file(path, terminal.language)
            except InvalidInput as error:
                terminal.say("explain.skipped", file=path, problem=error.problem)
                continue
            answer = {"file": path.relative_to(folder).as_posix(), **answer}
            lines.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")
            done += 1
    terminal.say("explain.done", count=done, file=output)


def explain_file(path: Path, language: Language) -> dict[str, Any]:
    """The answer for one file as JSON; the keys are stable. `elapsed_ms` is CPU time without the reading."""
    columns = read_columns(path)
    began = time.thread_time()
    try:
        found = explain(table_of(columns))
    except InvalidInput as error:
        raise InvalidInput(error.problem, where=str(path), fix=error.fix) from error
    except ValueError as error:
        raise InvalidInput(str(error), where=str(path), fix="give every side of the ratio a denominator") from error
    return as_data(found, (time.thread_time() - began) * 1000, language)


def read_columns(path: Path) -> Mapping[str, Any]:
    """The columns of a file: text for dimensions (an empty cell is an empty text), numbers for the rest."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InvalidInput("is neither .csv nor .parquet", where=str(path), fix="save the table as CSV or Parquet")
    if not path.is_file():
        raise NotFound("there is no such file", where=str(path), fix="check the path")
    with duckdb.connect() as engine:
        try:
            names = [row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {reader}", [str(path)]).fetchall()]
            shape = measures_in(names)
            chosen = ", ".join(_column(name, name in shape) for name in names)
            found = engine.execute(f"SELECT {chosen} FROM {reader}", [str(path)]).fetchnumpy()
        except duckdb.Error as error:
            problem = str(error).splitlines()[0]
            raise InvalidInput(problem, where=str(path), fix="check that the file is a table with a header") from error
        except InvalidInput as error:
            raise InvalidInput(error.problem, where=str(path), fix=error.fix) from error
    return found


def _column(name: str, number: bool) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if number:
        return f"coalesce(CAST({quoted} AS DOUBLE), 'nan') AS {quoted}"
    return f"coalesce(CAST({quoted} AS VARCHAR), '') AS {quoted}"


def as_data(found: Explanation, elapsed_ms: float, language: Language) -> dict[str, Any]:
    """An explanation as JSON."""
    return {
        "localisable": found.localisable,
        "verdict": found.verdict.value,
        "root_causes": list(_causes(found)),
        "contributions": [
            {"slice": None if part.slice is None else part.slice.as_dict(), "value": part.value} for part in found.parts
        ],
        "total": found.total,
        "elapsed_ms": round(elapsed_ms, 3),
        "text": sentences(found, language),
    }


def _causes(found: Explanation) -> Iterator[dict[str, Any]]:
    for cause in found.causes:
        yield {
            "slice": cause.slice.as_dict(),
            "contribution": cause.contribution,
            "share": cause.share,
            "confidence": cause.confidence,
        }
