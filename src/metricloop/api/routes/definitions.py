"""Definitions: read, check, plan, publish. Files and pages write the same versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path

from metricloop.api.auth import Editor, Reader, Running
from metricloop.api.commands import do
from metricloop.api.edits import Sent, sent
from metricloop.api.ports import System
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.definitions import (
    CheckAnswer,
    DefinitionPage,
    DefinitionRow,
    EditsBody,
    KindWord,
    PlanAnswer,
    PublishAnswer,
    PublishedRow,
    VersionPage,
)
from metricloop.api.views import definitions as views
from metricloop.define import use_cases as define
from metricloop.define.model import Document, Kind, Version
from metricloop.define.publishing import Publisher
from metricloop.define.use_cases import Plan, check_documents
from metricloop.kernel.errors import InvalidProject, Issue, NotFound
from metricloop.loop.ports import LoopUnit
from metricloop.loop.standing import standing_of

router = APIRouter(prefix="/definitions", tags=["definitions"])

KindPath = Annotated[KindWord, Path()]
Name = Annotated[str, Path(max_length=200)]


@router.get("")
def definitions(caller: Reader, system: Running, kind: KindWord | None = None) -> list[DefinitionRow]:
    """The live versions, by kind and name."""
    with look(system, caller) as (unit, view):
        live = [each for each in unit.definitions.live() if kind in (None, each.kind.value)]
        return [views.row(each, view) for each in live]


@router.post("/check")
def check_definitions(body: EditsBody, caller: Reader, system: Running) -> CheckAnswer:
    """What is wrong with these definitions among the live ones, every issue at once. Asks no source."""
    found = sent(body.edits)
    with look(system, caller) as (unit, _):
        issues = [] if found.issues else _issues(unit, found, system)
    rows = [*found.issues, *(found.row(each) for each in issues)]
    return CheckAnswer(issues=rows, definitions=views.written(found.edits))


@router.post("/plan")
def plan_definitions(body: EditsBody, caller: Reader, system: Running) -> PlanAnswer:
    """What publishing these would mean, in words, and whether the caller may. Changes nothing."""
    found = sent(body.edits)
    with look(system, caller) as (unit, view):
        issues = [] if found.issues else _issues(unit, found, system)
        if found.issues or issues:
            return PlanAnswer(issues=[*found.issues, *(found.row(each) for each in issues)], changes=[])
        plan = define.plan_edits(
            unit,
            found.edits,
            publisher=views.publisher_of(view),
            plugins=system.workshop.plugins(),
            standing=standing_of(unit, view.project),
        )
        return PlanAnswer(issues=[], changes=views.change_rows(plan, define.moved_past(unit, found.edits), view))


@router.post("/publish")
def publish_definitions(body: EditsBody, caller: Editor, system: Running) -> PublishAnswer:
    """Make these live, all or none; a conflict, with what was changed, where a `parent` is not the newest version."""
    found = sent(body.edits)
    if found.issues:
        raise InvalidProject([Issue(each.name or str(each.kind), each.problem, each.fix) for each in found.issues])
    publisher = Publisher(caller.person, caller.roles)
    plugins = system.workshop.plugins()

    def command(unit: LoopUnit, at: datetime) -> Plan:
        wrong = _issues(unit, found, system)
        if wrong:
            raise InvalidProject([_plain(found, each) for each in wrong])
        return define.publish_edits(unit, found.edits, publisher=publisher, at=at, plugins=plugins)

    plan = do(system, command)
    with look(system, caller) as (unit, view):
        live = {(each.kind, each.name): each for each in unit.definitions.live()}
        rows = views.change_rows(plan, (), view)
    named = [(edit.kind, edit.name) for edit in found.edits]
    return PublishAnswer(published=[_published(*key, live.get(key)) for key in named], changes=rows)


def _issues(unit: LoopUnit, found: Sent, system: System) -> Sequence[Issue]:
    documents = define.with_edits(unit, found.edits)
    told = check_documents(documents, plugins=system.workshop.plugins()).issues
    edited: list[Document] = [each for each in documents if (each.kind.value, each.name) in found.lines]
    return [*told, *system.workshop.option_issues(edited, told)]


def _plain(found: Sent, issue: Issue) -> Issue:
    row = found.row(issue)
    return Issue(f"{row.kind} {row.name}" + (f", {row.path}" if row.path else ""), issue.problem, issue.fix)


def _published(kind: Kind, name: str, version: Version | None) -> PublishedRow:
    return PublishedRow(
        kind=kind.value,
        name=name,
        version=version.number if version else None,
        hash=version.hash if version else None,
    )


@router.get("/{kind}/{name}")
def definition(kind: KindPath, name: Name, caller: Reader, system: Running) -> DefinitionPage:
    """One definition: its body, the same as YAML, and the hash that an edit of it names as its parent."""
    with look(system, caller) as (unit, view):
        found = next((v for v in unit.definitions.live() if v.kind.value == kind and v.name == name), None)
        if found is None:
            raise NotFound(f"there is no {kind} {name!r}", fix="look at the list of definitions")
        return views.page(found, view)


@router.get("/{kind}/{name}/versions")
def versions(kind: KindPath, name: Name, caller: Reader, system: Running) -> list[VersionPage]:
    """Who changed what, when: every version with how it differs from the one before, newest first."""
    with look(system, caller) as (unit, view):
        found = unit.definitions.history(Kind(kind), name)
        if not found:
            raise NotFound(f"there is no {kind} {name!r}", fix="look at the list of definitions")
        return views.version_pages(found, view)
