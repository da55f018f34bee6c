"""user add, password, link, list: who gets in. People and their roles are the project's definitions, not made here."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from metricloop.access.model import Person as Known
from metricloop.cli.flags import AsJson, Database, Url, make_home, terminal_of
from metricloop.cli.terminal import Terminal
from metricloop.cli.wiring import bootstrap
from metricloop.cli.words import words
from metricloop.kernel.errors import InvalidInput

user = typer.Typer(help="Who can log in.", no_args_is_help=True)

Person = Annotated[str, typer.Argument(help="The person's id in the project.")]
FromStdin = Annotated[bool, typer.Option("--stdin", help="Read the password from stdin, one line.")]


@user.command("add")
def add(context: typer.Context, person: Person, stdin: FromStdin = False, database: Database = None) -> None:
    """Give a person of the project a password."""
    terminal = terminal_of(context)
    state = make_home(terminal.settings(database=database).database)
    bootstrap().add_user(state, person, new_password(terminal, person, stdin))
    terminal.say("user.added", person=person)


@user.command("password")
def password(context: typer.Context, person: Person, stdin: FromStdin = False, database: Database = None) -> None:
    """Set a new password; the person's sessions end."""
    terminal = terminal_of(context)
    state = make_home(terminal.settings(database=database).database)
    bootstrap().set_password(state, person, new_password(terminal, person, stdin))
    terminal.say("user.changed", person=person)


@user.command("link")
def link(context: typer.Context, person: Person, url: Url = None, database: Database = None) -> None:
    """Make a link that logs the person in once, from this computer only."""
    terminal = terminal_of(context)
    settings = terminal.settings(database=database, url=url)
    made = bootstrap().make_link(make_home(settings.database), person, url=settings.base_url)
    terminal.say("user.link")
    terminal.put(made)


@user.command("list")
def list_users(context: typer.Context, database: Database = None, as_json: AsJson = False) -> None:
    """All people: id, name, roles, and whether they have a password."""
    terminal = terminal_of(context)
    people = bootstrap().list_users(make_home(terminal.settings(database=database).database))
    if as_json:
        terminal.put_json([as_data(person, able) for person, able in people])
        return
    for person, able in people:
        roles = ",".join(role.value for role in person.roles)
        terminal.put(f"{person.id:20} {'password' if able else '-':9} {roles:24} {person.name}")


def as_data(person: Known, able: bool) -> dict[str, object]:
    """One person as JSON; the keys are a stable interface."""
    roles = [role.value for role in person.roles]
    return {"id": person.id, "name": person.name, "roles": roles, "log_in": able, "scripted": person.scripted}


def new_password(terminal: Terminal, person: str, stdin: bool) -> str:
    """Asked twice and never shown. It is no argument: arguments are seen by everybody on the computer."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InvalidInput("there is no terminal to ask for the password", fix="give --stdin and write it there")
    text = words("user.password", terminal.language, person=person)
    again = words("user.again", terminal.language)
    return str(typer.prompt(text, hide_input=True, confirmation_prompt=again, err=True))
