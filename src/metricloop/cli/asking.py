"""query: a governed metric, now, from its sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from unicodedata import east_asian_width

import typer

from metricloop.api.views.answers import MISSING, as_csv, header, lines, metric_answer
from metricloop.cli.flags import AsJson, Database, terminal_of
from metricloop.cli.terminal import Terminal
from metricloop.cli.wiring import bootstrap
from metricloop.collect.evaluate import Answer
from metricloop.collect.query import Sent
from metricloop.collect.query_defaults import Written
from metricloop.kernel.errors import InvalidInput


def query(
    context: typer.Context,
    metric: Annotated[str, typer.Argument(help="Name of the metric.")],
    by: Annotated[list[str] | None, typer.Option(metavar="DIM", help="Split by a dimension; may be repeated.")] = None,
    where: Annotated[
        str | None, typer.Option(metavar="EXPR", help="Only rows for which this holds: region = 'East'.")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="T", help="Date or time, in the metric's zone; default: 14 days ago."),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="T", help="Date or time, not included; default: the running bucket.")
    ] = None,
    grain: Annotated[str | None, typer.Option(help="hour, day, week, month, quarter or year.")] = None,
    as_csv_: Annotated[bool, typer.Option("--csv", help="Write the result as CSV.")] = False,
    as_json: AsJson = False,
    sql: Annotated[
        bool, typer.Option("--sql", help="Show what would be sent to each source, and send nothing.")
    ] = False,
    project: Annotated[
        Path | None, typer.Option(help="Folder of a project, whose files define the metric; not those in the store.")
    ] = None,
    database: Database = None,
) -> None:
    """Ask a metric, now, from its sources: a table, CSV or JSON."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=project, database=database)
    if as_csv_ + as_json > 1 or (as_csv_ and sql):
        raise InvalidInput("--csv goes neither with --json nor with --sql", fix="choose one of them")
    wired = bootstrap()
    live = project is None and (database is not None or wired.has_state(settings.database))
    written = Written(metric, tuple(by or ()), where, start, end, grain)
    state = settings.database if live else None
    if sql:
        put_sql(terminal, wired.show_sql(settings.project, state, written), as_json=as_json)
        return
    asked = wired.ask_metric(settings.project, state, written)
    if as_json:
        terminal.put_json(metric_answer(asked.answer, asked.metric).model_dump(mode="json"))
    elif as_csv_:
        terminal.put(as_csv(asked.answer).rstrip("\n"))
    else:
        put_table(terminal, asked.answer)


def put_sql(terminal: Terminal, sent: list[Sent], *, as_json: bool) -> None:
    """Statements that can be pasted into the source's own client; which source is a comment."""
    if as_json:
        terminal.put_json([{"source": one.source, "dialect": one.dialect, "sql": one.sql} for one in sent])
        return
    for one in sent:
        terminal.put(f"-- source {one.source} ({one.dialect})\n{one.sql};")


def put_table(terminal: Terminal, answer: Answer) -> None:
    """Columns as wide as their widest cell; numbers to the right, and no longer than one reads."""
    head, words = header(answer), 1 + len(answer.by)
    rows = [[*row[:words], *map(_short, row[words:])] for row in lines(answer, MISSING)]
    widths = [max(_width(row[at]) for row in [head, *rows]) for at in range(len(head))]
    for row in [head, *rows]:
        cells = [_padded(cell, widths[at], right=at >= words) for at, cell in enumerate(row)]
        terminal.put("  ".join(cells).rstrip())


def _short(number: str) -> str:
    """At most six digits of a fraction, which is what a person reads; --csv and --json have them all."""
    return f"{float(number):.6g}" if "." in number else number


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
