"""Definitions from other systems into a folder or onto the page, and ours out to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from metricloop.define.imports.model import Finding, Format, Imported
from metricloop.define.imports.ossie_export import export_ossie as ossie_of
from metricloop.define.imports.reading import import_files
from metricloop.define.model import Document, Kind
from metricloop.define.rules import read_project
from metricloop.define.use_cases import export_documents
from metricloop.define.versions import canonical_json
from metricloop.store.database import open_store
from metricloop.store.foreign import read_foreign
from metricloop.store.project import read_folder
from metricloop.store.project_writer import write_folder, write_text
from metricloop.store.yaml_edit import dump_file

_SECTIONS = {Kind.DATASET: "datasets", Kind.METRIC: "metrics"}


def import_definitions(form: Format, path: Path, *, source: str | None = None) -> Imported:
    """What a file, or all files of a folder, define in our words. Raises InvalidInput; writes nothing."""
    return import_files(form, read_foreign(path), source=source)


def imported_text(documents: Sequence[Document]) -> str:
    """Definitions as the YAML of one file."""
    sections: dict[str, list[dict[str, object]]] = {}
    for one in documents:
        sections.setdefault(_SECTIONS[one.kind], []).append(dict(one.body))
    return dump_file(sections) if sections else ""


def write_imported(
    folder: Path, documents: Sequence[Document], *, replace: bool = False
) -> tuple[list[Path], list[Document]]:
    """Add definitions to a project's folder, made if need be; gives back the files written and what was not.

    A definition that is there already, with another content, is kept unless `replace`. Raises InvalidProject when the
    folder's files cannot be read: nothing is written over what is not understood.
    """
    present = read_folder(folder).documents if folder.exists() else ()
    there = {(one.kind, one.name): one for one in present}
    new = {(one.kind, one.name): one for one in documents}
    in_the_way = [
        one for key, one in new.items() if key in there and canonical_json(there[key].body) != canonical_json(one.body)
    ]
    kept = [] if replace else in_the_way
    wanted = {**new, **there} if not replace else {**there, **new}
    ordered = [wanted[key] for key in {**there, **new}]
    return write_folder(folder, ordered), kept


def export_ossie(database: str, target: Path | None) -> tuple[str, tuple[Finding, ...]]:
    """The store's datasets and metrics as an Ossie file, written to `target` if given, and what it cannot say."""
    store = open_store(database)
    try:
        store.migrate()
        documents = export_documents(store.unit)
    finally:
        store.close()
    content, findings = ossie_of(read_project(documents), documents)
    text = dump_file(content)
    if target is not None:
        write_text(target, text)
    return text, findings
