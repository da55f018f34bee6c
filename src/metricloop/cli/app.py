"""The command tree and its global options."""

from __future__ import annotations

from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated

import typer

from metricloop.cli import (
    asking,
    detecting,
    explaining,
    importing,
    operations,
    projects,
    reconciling,
    replaying,
    serving,
    starting,
    users,
)
from metricloop.cli.flags import terminal_of
from metricloop.cli.words import Language

app = typer.Typer(
    name="metricloop",
    help="metricloop watches business metrics and closes the loop: detect, explain, assign, act, verify, learn.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command()(serving.demo)
app.command()(starting.init)
app.command()(projects.check)
app.command()(projects.plan)
app.command()(projects.apply)
app.command()(projects.export)
app.command("import")(importing.import_)
app.command()(asking.query)
app.command()(detecting.detect)
app.command("explain")(explaining.explain_)
app.command()(serving.serve)
app.command()(serving.worker)
app.command()(replaying.replay)
app.command()(reconciling.reconcile)
app.command()(operations.doctor)
app.command()(operations.backup)
app.command()(operations.restore)
app.add_typer(operations.audit, name="audit")
app.add_typer(users.user, name="user")


@app.command()
def version() -> None:
    """Print the version."""
    print(version_of("metricloop"))


def print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Settings file instead of metricloop.toml.")] = None,
    language: Annotated[str | None, typer.Option(metavar="en|zh", help="Language of sentences for people.")] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log everything; show where in the code errors arise.")
    ] = False,
    show_version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    terminal = terminal_of(context)
    terminal.config = config
    terminal.debug = debug
    if language is not None:
        terminal.language = known_language(language)


def known_language(text: str) -> Language:
    """en or zh, however it is written: zh_CN.UTF-8, zh-Hans."""
    match text.lower()[:2]:
        case "zh":
            return "zh"
        case "en":
            return "en"
    raise typer.BadParameter(f"{text} is neither en nor zh", param_hint="--language")
