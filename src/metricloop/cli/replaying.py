"""replay: the whole loop over history, by a simulated clock."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from metricloop.cli.flags import AsJson, terminal_of
from metricloop.cli.terminal import Terminal
from metricloop.cli.wiring import bootstrap

DAY = ["%Y-%m-%d"]


def replay(
    context: typer.Context,
    start: Annotated[datetime, typer.Option("--from", formats=DAY, help="The first day.")],
    end: Annotated[datetime, typer.Option("--to", formats=DAY, help="The last day.")],
    project: Annotated[Path | None, typer.Option(help="Folder of the project.")] = None,
    into: Annotated[str | None, typer.Option(help="Keep the outcome in this new database.")] = None,
    responders: Annotated[bool, typer.Option(help="Let scripted responders play the people.")] = True,
    as_json: AsJson = False,
) -> None:
    """Run the loop over history as it was known then; the same input gives the same output."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=project)
    terminal.log_at("warning")
    began = time.monotonic()
    with terminal.progress("replay.progress") as tell:
        summary = bootstrap().replay(
            settings.project, start.date(), end.date(), into=into, responders=responders, progress=tell
        )
    put_summary(terminal, summary, as_json=as_json)
    terminal.say("replay.done", incidents=len(summary["incidents"]), seconds=time.monotonic() - began)


def put_summary(terminal: Terminal, summary: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        terminal.put_json(summary)
        return
    for incident in summary["incidents"]:
        causes = ", ".join(slice_text(cause["slice"]) for cause in incident["root_causes"])
        terminal.put(
            f"#{incident['id']:<4} {incident['started_at'][:16]}  {incident['severity']:3} {incident['metric']:16} "
            f"{slice_text(incident['slice']):12} {incident['state']:12} {incident['owner'] or '-':14} "
            f"{causes or incident['verdict'] or '-'}"
        )
    terminal.put("  ".join(f"{stage} {count}" for stage, count in summary["counts"].items()))


def slice_text(values: dict[str, str]) -> str:
    """carrier=AA, or "total"."""
    return " ".join(f"{dimension}={value}" for dimension, value in values.items()) or "total"
