"""Definitions as an editor sends them, and what was found wrong, what they would mean, who may publish them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from metricloop.api.schemas.shared import Actor, Line, Message, PersonRef, Shape

KindWord = Literal[
    "project", "source", "dataset", "metric", "monitor", "playbook", "person", "team", "assignment", "channel"
]
OriginWord = Literal["file", "ui", "proposal", "import"]
Yaml = Annotated[str, StringConstraints(max_length=200_000)]


class EditBody(Shape):
    """One definition as it is to be: `body`, or its YAML, or `remove`. `parent`: the hash it was made from."""

    kind: KindWord
    name: Line | None = None  # needed with remove; else it stands in the body
    body: dict[str, Any] | None = None
    yaml: Yaml | None = None
    parent: Line | None = None  # None: there was none
    remove: bool = False


class EditsBody(Shape):
    edits: Annotated[list[EditBody], Field(min_length=1, max_length=500)]


class IssueRow(Shape):
    """In English, as the command line says it. `path` is that of the key in the body: governance.owner."""

    kind: KindWord | None
    name: str
    path: str
    line: int | None  # where the YAML was sent
    problem: str
    fix: str


class WrittenRow(Shape):
    """A definition that was sent, both ways of writing it: what is edited as one shows as the other."""

    kind: KindWord
    name: str
    body: dict[str, Any]
    yaml: str  # as an export writes it


class CheckAnswer(Shape):
    """definitions: those that could be read, wrong or not."""

    issues: list[IssueRow]
    definitions: list[WrittenRow]


class DifferenceRow(Shape):
    """One value that differs, as JSON text; None: it is not there."""

    path: str
    before: str | None
    after: str | None


class MovedRow(Shape):
    """The newest version, which the edit has not seen, and what it changed."""

    version: int
    hash: str
    by: Actor
    at: datetime
    origin: OriginWord
    differences: list[DifferenceRow]


class ChangeRow(Shape):
    change: Literal["added", "changed", "removed"]
    kind: KindWord
    name: str
    says: list[Message]  # what is otherwise in the definition
    means: list[Message]  # what follows: what is read again, what learns again, what stands on it
    recomputed: list[str]  # metrics
    differences: list[DifferenceRow]
    refused: Message | None  # why the caller may not publish it
    publishers: list[PersonRef]  # who may, where the caller may not
    moved: MovedRow | None  # in the way until it was seen


class PlanAnswer(Shape):
    """With issues nothing is planned."""

    issues: list[IssueRow]
    changes: list[ChangeRow]


class PublishedRow(Shape):
    kind: KindWord
    name: str
    version: int | None  # None: it was removed
    hash: str | None


class PublishAnswer(Shape):
    published: list[PublishedRow]
    changes: list[ChangeRow]


class DefinitionRow(Shape):
    kind: KindWord
    name: str
    version: int
    hash: str
    origin: OriginWord
    by: Actor
    at: datetime


class DefinitionPage(DefinitionRow):
    """`hash` is what the next edit sends as its parent. may_publish: the caller, a change that is not a special one."""

    body: dict[str, Any]
    yaml: str
    may_publish: bool
    publishers: list[PersonRef]


class VersionPage(DefinitionRow):
    """One version, and how it differs from the one before."""

    says: list[Message]
    differences: list[DifferenceRow]
