"""check, plan, apply, export: project folders and the definitions in the store."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from metricloop.cli.flags import As, AsJson, Database, Folder, make_home, terminal_of
from metricloop.cli.importing import finding_data
from metricloop.cli.plan_words import in_words
from metricloop.cli.terminal import Terminal
from metricloop.cli.wiring import bootstrap
from metricloop.define.use_cases import Plan
from metricloop.define.versions import Change, ChangeKind
from metricloop.kernel.message import Message


def check(
    context: typer.Context,
    folder: Folder = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the sources about their columns.")] = False,
    data: Annotated[bool, typer.Option("--data", help="Ask the data, too, whether metric trees add up.")] = False,
    as_json: AsJson = False,
) -> None:
    """List everything that is wrong with a project: where, what, how to fix it. Exit 1 if there is something."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=folder)
    issues = bootstrap().check(settings.project, ask_sources=not offline)
    if data and not issues:
        issues = bootstrap().check_trees(settings.project)
    terminal.put_issues(issues, as_json=as_json)
    for notice in bootstrap().notices_of(settings.project):
        terminal.note(in_words(notice, terminal.language))
    if issues:
        raise typer.Exit(1)
    terminal.say("check.fine", folder=settings.project)


def plan(
    context: typer.Context,
    folder: Folder = None,
    database: Database = None,
    as_person: As = None,
    as_json: AsJson = False,
) -> None:
    """Show what `apply` would change in the store, and what that means; changes nothing."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=folder, database=database, person=as_person)
    found = bootstrap().plan(settings.project, make_home(settings.database), person=settings.person or None)
    put_plan(terminal, found, as_json=as_json)


def apply(
    context: typer.Context,
    folder: Folder = None,
    database: Database = None,
    as_person: As = None,
    as_json: AsJson = False,
) -> None:
    """Make the store's definitions those of the files. Refuses where the store has learnt something since."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=folder, database=database, person=as_person)
    home = make_home(settings.database)
    done = bootstrap().apply(settings.project, home, by=account(), person=settings.person or None)
    put_plan(terminal, done, as_json=as_json)
    terminal.say("apply.done", count=len(effective(done.changes)))


class Elsewhere(StrEnum):
    """Formats of other systems that definitions can be written in."""

    OSSIE = "ossie"


def export(
    context: typer.Context,
    folder: Folder = None,
    database: Database = None,
    to: Annotated[Elsewhere | None, typer.Option(help="Write datasets and metrics in this format instead.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the store's definitions back into the files; comments and order stay.

    With --to, FOLDER is the file to write; without it the text is printed.
    """
    terminal = terminal_of(context)
    if to is not None:
        export_elsewhere(terminal, folder, terminal.settings(database=database).database, as_json=as_json)
        return
    settings = terminal.settings(project=folder, database=database)
    written = [str(path) for path in bootstrap().export(settings.project, make_home(settings.database))]
    if as_json:
        terminal.put_json(written)
    else:
        for path in written:
            terminal.put(path)
    terminal.say("export.done", count=len(written))


def export_elsewhere(terminal: Terminal, target: Path | None, database: str, *, as_json: bool) -> None:
    """The store's datasets and metrics in a format of others; what that cannot say is told."""
    text, findings = bootstrap().export_ossie(make_home(database), target)
    if as_json:
        file = str(target) if target is not None else None
        terminal.put_json({"written": file, "findings": [finding_data(one) for one in findings]})
    elif target is None:
        terminal.put(text.rstrip("\n"))
    else:
        terminal.put(str(target))
    for finding in findings:
        terminal.note(str(finding))


def effective(changes: Sequence[Change]) -> list[Change]:
    """Those that change something in the store."""
    return [change for change in changes if change.change not in (ChangeKind.UNCHANGED, ChangeKind.KEPT)]


def put_plan(terminal: Terminal, plan: Plan, *, as_json: bool) -> None:
    """Each change with what it means; and who may publish it, where the person that was named may not."""
    refused = {(each.change.kind, each.change.name): each.said for each in plan.refusals}
    meant = {(each.change.kind, each.change.name): each.means for each in plan.meanings}
    if as_json:
        terminal.put_json(
            [
                {
                    **as_data(change),
                    "means": [_message(said) for said in meant.get((change.kind, change.name), ())],
                    "not_permitted": _message(refused.get((change.kind, change.name))),
                }
                for change in plan.changes
            ]
        )
        return
    for change in effective(plan.changes):
        terminal.put(f"{change.change.value:8} {change.kind.value} {change.name}  ({change.where})")
        for difference in change.differences:
            terminal.put(f"           {difference}")
        why = refused.get((change.kind, change.name))
        for said in (*meant.get((change.kind, change.name), ()), *([why] if why else [])):
            terminal.put(f"           {in_words(said, terminal.language)}")
    if not effective(plan.changes):
        terminal.say("plan.nothing")


def _message(said: Message | None) -> dict[str, object] | None:
    return {"code": said.code, "params": dict(said.params)} if said else None


def as_data(change: Change) -> dict[str, object]:
    """One change as JSON; the keys are a stable interface."""
    return {
        "change": change.change.value,
        "kind": change.kind.value,
        "name": change.name,
        "where": change.where,
        "refused": change.unseen is not None,
        "differences": [{"path": d.path, "before": d.before, "after": d.after} for d in change.differences],
    }


def account() -> str:
    """Who is at the command line, for the audit trail: the system's user, who need not be a person of the project."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"
