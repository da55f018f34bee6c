"""detect: a CSV in, bands and anomalies out; no project needed."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from metricloop.cli.flags import terminal_of
from metricloop.cli.wiring import bootstrap
from metricloop.detect.engine.asked import HEADER, Columns, Detecting
from metricloop.detect.engine.settings import Alarming, Direction
from metricloop.kernel.errors import InvalidInput


def detect(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="CSV files with a header.")] = None,
    batch: Annotated[Path | None, typer.Option(help="A folder: all its CSV files.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder for one result per file.")] = None,
    time: Annotated[str, typer.Option(help="Column of the time.")] = "timestamp",
    value: Annotated[str, typer.Option(help="Column of the value; empty is missing.")] = "value",
    numerator: Annotated[str | None, typer.Option(help="Column of a rate's numerator, instead of --value.")] = None,
    denominator: Annotated[str | None, typer.Option(help="Column of a rate's denominator.")] = None,
    labels: Annotated[
        Path | None, typer.Option(help="JSON of verdicts that are known from a time on; those spans are not learnt.")
    ] = None,
    calendar: Annotated[str | None, typer.Option(metavar="CC", help="Country of public holidays: CN, DE, ...")] = None,
    timezone: Annotated[str | None, typer.Option(metavar="ZONE", help="Clock for times that carry an offset.")] = None,
    direction: Annotated[str, typer.Option(metavar="up|down|both", help="The side that counts.")] = "both",
    coverage: Annotated[float | None, typer.Option(help="Of the drawn band, 0 to 1; by default the verdict's.")] = None,
    budget: Annotated[float, typer.Option(help="False alarms per series and week.")] = 1.0,
) -> None:
    """Bands and anomalies for series in CSV files. Each row is judged from the rows before it."""
    terminal = terminal_of(context)
    asked = Detecting(
        columns_of(time, value, numerator, denominator),
        alarming_of(direction, coverage, budget),
        labels,
        calendar,
        timezone,
    )
    paths = paths_of(files or [], batch, output)
    detected = bootstrap().detect_files(paths, asked)
    for path in detected.skipped:
        terminal.say("detect.skipped", path=path, columns=", ".join(asked.columns.wanted()))
    if not detected.found and batch is None:
        raise InvalidInput(
            f"lacks one of the columns {', '.join(asked.columns.wanted())}",
            where=str(paths[0]),
            fix="name them with --time and --value, or --numerator and --denominator",
        )
    if output is not None:
        detected.write(output)
        terminal.say("detect.done", count=len(detected.found), folder=output)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADER)
    for _, lines in detected.lines():
        writer.writerows(lines)


def columns_of(time: str, value: str, numerator: str | None, denominator: str | None) -> Columns:
    if (numerator is None) != (denominator is None):
        raise InvalidInput("a rate has a numerator and a denominator", fix="give both --numerator and --denominator")
    return Columns(time, value, numerator, denominator)


def alarming_of(direction: str, coverage: float | None, budget: float) -> Alarming:
    sides: dict[str, Direction] = {"up": "up", "down": "down", "both": "both"}
    if direction not in sides:
        raise InvalidInput(f"--direction cannot be {direction!r}", fix="up, down or both")
    if not 0 < budget < float("inf"):
        raise InvalidInput(f"--budget cannot be {budget:g}", fix="false alarms per series and week: a number above 0")
    if coverage is not None and not 0 < coverage < 1:
        raise InvalidInput(f"--coverage cannot be {coverage:g}", fix="a share between 0 and 1, such as 0.99")
    return Alarming(budget=budget, direction=sides[direction], coverage=coverage)


def paths_of(files: list[Path], batch: Path | None, output: Path | None) -> list[Path]:
    """The files to read. Raises InvalidInput where it is not clear what goes where."""
    if (batch is None) == (not files):
        raise InvalidInput("there is nothing to read, or twice", fix="name files, or a folder with --batch")
    if batch is None:
        if len(files) > 1 and output is None:
            raise InvalidInput("several files need a folder for their results", fix="add -o FOLDER")
        return files
    if output is None:
        raise InvalidInput("--batch needs a folder for the results", fix="add -o FOLDER")
    if not batch.is_dir():
        raise InvalidInput("there is no such folder", where=str(batch), fix="give a folder of CSV files to --batch")
    return sorted(batch.glob("*.csv"))
