"""A project between shape and meaning: every document with its shape, where it has one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from typing import TypeVar

from metricloop.define.model import Document, Kind
from metricloop.define.suggest import did_you_mean
from metricloop.define.written import Shape
from metricloop.kernel.errors import Issue

S = TypeVar("S", bound=Shape)

PLURALS = {
    Kind.SOURCE: "sources",
    Kind.DATASET: "datasets",
    Kind.METRIC: "metrics",
    Kind.MONITOR: "monitors",
    Kind.PLAYBOOK: "playbooks",
    Kind.PERSON: "people",
    Kind.TEAM: "teams",
    Kind.CHANNEL: "channels",
}


class Draft:
    """`shaped` holds (document, shape) of those that fit their shape; the others are known by name only.

    incomplete: some file could not be read, so that a name nobody knows may stand there; unknown names are then no
    issue. plugins: installed plugin names by group ("sources", "detectors", "channels", "actions"); a group that is
    not given is not checked.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        shaped: Sequence[tuple[Document, Shape]],
        *,
        incomplete: bool = False,
        plugins: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.documents = documents
        self.shaped = shaped
        self.incomplete = incomplete
        self.plugins = plugins or {}
        self._names: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        for document in documents:
            self._names[document.kind].add(document.name)
        self._first: dict[tuple[type[Shape], str], Shape] = {}
        for document, shape in shaped:
            self._first.setdefault((type(shape), document.name), shape)

    def names(self, kind: Kind) -> Set[str]:
        return self._names[kind]

    def all(self, shape_type: type[S]) -> Iterator[tuple[Document, S]]:
        for document, shape in self.shaped:
            if isinstance(shape, shape_type):
                yield document, shape

    def one(self, shape_type: type[S], name: str) -> S | None:
        found = self._first.get((shape_type, name))
        return found if isinstance(found, shape_type) else None


def issue(document: Document, path: str, problem: str, fix: str) -> Issue:
    """An issue with a part of a definition."""
    return Issue(document.at(path), f"{document.kind} {document.name}: {problem}", fix)


def check_name(draft: Draft, document: Document, path: str, kind: Kind, name: str) -> Iterator[Issue]:
    """An issue unless the project has a definition of that kind and name."""
    if not draft.incomplete and name not in draft.names(kind):
        fix = did_you_mean(name, draft.names(kind), PLURALS[kind])
        yield issue(document, path, f"{path} names the {kind} {name}, which does not exist", fix)


def check_plugin(draft: Draft, document: Document, path: str, group: str, name: str) -> Iterator[Issue]:
    """An issue unless a plugin of that name is installed; nothing where the caller does not know the plugins."""
    installed = draft.plugins.get(group)
    if installed is not None and name not in installed:
        fix = did_you_mean(name, installed, group) + " (metricloop doctor lists the plugins)"
        yield issue(document, path, f"{path} names the plugin {name}, which is not installed", fix)


def repeated(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Position and name of every second and later use of a name."""
    seen: set[str] = set()
    for position, name in enumerate(names):
        if name in seen:
            yield position, name
        seen.add(name)
