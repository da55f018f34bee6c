"""doctor, backup, restore, audit verify: is everything well, and does it stay so?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from metricloop.cli.flags import AsJson, Database, Folder, make_home, terminal_of
from metricloop.cli.wiring import bootstrap
from metricloop.kernel.errors import Issue

audit = typer.Typer(help="The append-only record of who did what.", no_args_is_help=True)


def doctor(context: typer.Context, folder: Folder = None, database: Database = None, as_json: AsJson = False) -> None:
    """Look for what is missing or broken around metricloop. Exit 1 if there is something."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=folder, database=database)
    make_home(settings.database)
    issues = [*bootstrap().doctor(settings), *pages_missing()]
    terminal.put_issues(issues, as_json=as_json)
    if issues:
        raise typer.Exit(1)
    terminal.say("doctor.fine")


def pages_missing() -> Iterator[Issue]:
    """A checkout whose web UI was never built serves the API alone."""
    from metricloop.web import STATIC

    if not (STATIC / "index.html").is_file():
        yield Issue("web UI", "it is not built, so there are no pages", "in a checkout: python run.py setup")


def backup(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(help="A new file.")],
    database: Database = None,
) -> None:
    """Copy all state into one file while everything runs on."""
    terminal = terminal_of(context)
    bootstrap().backup(terminal.settings(database=database).database, target)
    terminal.say("backup.done", target=target)


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A file that backup has written.")],
    database: Database = None,
) -> None:
    """Make a new database from a back-up. Never overwrites one."""
    terminal = terminal_of(context)
    settings = terminal.settings(database=database)
    bootstrap().restore(source, make_home(settings.database))
    terminal.say("restore.done", database=settings.database, source=source)


@audit.command("verify")
def audit_verify(context: typer.Context, database: Database = None, as_json: AsJson = False) -> None:
    """Recompute the chain of hashes. Exit 1 where it is broken."""
    terminal = terminal_of(context)
    broken = bootstrap().audit_verify(terminal.settings(database=database).database)
    if as_json:
        terminal.put_json({"sound": broken is None, "broken_at": broken})
    if broken is None:
        terminal.say("audit.sound")
        return
    terminal.say("audit.broken", sequence=broken)
    raise typer.Exit(1)
