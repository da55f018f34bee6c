"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from metricloop.cli.terminal import Terminal
from metricloop.kernel.errors import InvalidInput

Folder = Annotated[Path | None, typer.Argument(help="Folder of the project; by default the setting `project`.")]
Database = Annotated[str | None, typer.Option(help="State: a file, sqlite:///FILE or postgresql://...")]
As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="By whose right: a person of the project.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]
Host = Annotated[str | None, typer.Option(help="Address to serve.")]
Port = Annotated[int | None, typer.Option(help="Port to serve.")]
Url = Annotated[str | None, typer.Option(help="How people reach the server, for links in notifications.")]


def terminal_of(context: typer.Context) -> Terminal:
    """The run's terminal, as `main` made it."""
    terminal = context.obj
    assert isinstance(terminal, Terminal)
    return terminal


def make_home(database: str) -> str:
    """The database's address, its default folder made. A folder that somebody named must be there: it may be a typo."""
    folder = Path(database).parent
    if "://" not in database and folder.name == ".metricloop":
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(
                f"the folder cannot be made: {error.strerror or error}",
                where=str(folder.resolve()),
                fix="go to a folder that you may write to, or name a file with --database",
            ) from error
    return database
