"""import: definitions that were written for other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from metricloop.cli.flags import AsJson, terminal_of
from metricloop.cli.terminal import Terminal
from metricloop.cli.wiring import bootstrap
from metricloop.define.imports.model import Effect, Finding, Format, Imported
from metricloop.define.model import Document, Kind


def import_(
    context: typer.Context,
    format: Annotated[Format, typer.Argument(help="What the file is: dbt, cube, ossie or lightdash.")],
    file: Annotated[Path, typer.Argument(help="A file, or a folder of YAML files.")],
    source: Annotated[str | None, typer.Option(help="The source of yours that holds the tables.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of a project to add the definitions to.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace definitions that are there already.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make definitions of ours from those of dbt, Cube, Ossie or Lightdash, and tell what could not be mapped.

    Without --output the definitions are printed, and the report goes to standard error.
    """
    terminal = terminal_of(context)
    imported = bootstrap().import_definitions(format, file, source=source)
    written: list[Path] = []
    kept: list[Document] = []
    if output is not None:
        written, kept = bootstrap().write_imported(output, imported.documents, replace=replace)
    if as_json:
        terminal.put_json(as_data(imported, written, kept))
    else:
        put_report(terminal, imported, output)
    for path in written:
        terminal.say("import.written", path=path)
    for document in kept:
        terminal.say("import.kept", kind=document.kind.value, name=document.name)
    counts = {effect.value: sum(one.effect is effect for one in imported.findings) for effect in Effect}
    kinds = [document.kind for document in imported.documents]
    terminal.say("import.done", datasets=kinds.count(Kind.DATASET), metrics=kinds.count(Kind.METRIC), **counts)


def put_report(terminal: Terminal, imported: Imported, output: Path | None) -> None:
    """The definitions where nothing is written to a folder; the findings where they are the result."""
    if output is None and imported.documents:
        terminal.put(bootstrap().imported_text(imported.documents).rstrip("\n"))
    for finding in imported.findings:
        (terminal.note if output is None else terminal.put)(str(finding))


def as_data(imported: Imported, written: list[Path], kept: list[Document]) -> dict[str, object]:
    """An import as JSON; the keys are a stable interface."""
    return {
        "datasets": [dict(one.body) for one in imported.documents if one.kind is Kind.DATASET],
        "metrics": [dict(one.body) for one in imported.documents if one.kind is Kind.METRIC],
        "written": [str(path) for path in written],
        "kept": [f"{one.kind.value} {one.name}" for one in kept],
        "findings": [finding_data(one) for one in imported.findings],
    }


def finding_data(finding: Finding) -> dict[str, str]:
    """One finding as JSON; the keys are a stable interface."""
    return {
        "effect": finding.effect.value,
        "where": finding.where,
        "about": finding.about,
        "problem": finding.problem,
        "fix": finding.fix,
    }
