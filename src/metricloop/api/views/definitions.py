"""Definitions, their versions, and what a change of them means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metricloop.api.schemas import definitions as shapes
from metricloop.api.schemas.shared import PersonRef
from metricloop.api.views.words import Viewpoint
from metricloop.define.impact import said
from metricloop.define.model import Kind, Version
from metricloop.define.publishing import Publisher, may_publish, publishers
from metricloop.define.use_cases import Edit, Plan
from metricloop.define.versions import Change, Difference, differences
from metricloop.store.yaml_edit import dump


def publisher_of(view: Viewpoint) -> Publisher:
    """The caller with the roles that they have here: a token's may be fewer."""
    return Publisher(view.caller.person, view.caller.roles)


def row(version: Version, view: Viewpoint) -> shapes.DefinitionRow:
    return shapes.DefinitionRow(
        kind=version.kind.value,
        name=version.name,
        version=version.number,
        hash=version.hash,
        origin=version.origin.value,
        by=view.actor(version.by),
        at=version.at,
    )


def page(version: Version, view: Viewpoint) -> shapes.DefinitionPage:
    """A definition for an editor; the YAML is that of an export."""
    return shapes.DefinitionPage(
        **dict(row(version, view)),
        body=dict(version.body),
        yaml=dump(dict(version.body)),
        may_publish=may_publish(view.project, version.kind, version.name, publisher_of(view)),
        publishers=people(publishers(view.project, version.kind, version.name), view),
    )


def written(edits: Iterable[Edit]) -> list[shapes.WrittenRow]:
    """What was sent, as body and as YAML; a removal has neither."""
    return [
        shapes.WrittenRow(kind=edit.kind.value, name=edit.name, body=dict(edit.body), yaml=dump(dict(edit.body)))
        for edit in edits
        if edit.body is not None
    ]


def people(ids: Iterable[str], view: Viewpoint) -> list[PersonRef]:
    return [view.somebody(id) for id in ids]


def version_pages(versions: Sequence[Version], view: Viewpoint) -> list[shapes.VersionPage]:
    """Newest first, each beside the one before it. A first version differs from nothing, which says nothing."""
    before = [*versions[1:], None]
    found = []
    for version, older in zip(versions, before, strict=True):
        changed = tuple(differences(older.body, version.body)) if older else ()
        found.append(
            shapes.VersionPage(
                **dict(row(version, view)),
                says=[view.message(said(each)) for each in changed],
                differences=difference_rows(changed),
            )
        )
    return found


def difference_rows(found: Sequence[Difference]) -> list[shapes.DifferenceRow]:
    return [shapes.DifferenceRow(path=each.path, before=each.before, after=each.after) for each in found]


def change_rows(plan: Plan, moved: Sequence[Change], view: Viewpoint) -> list[shapes.ChangeRow]:
    """What a plan would do. moved: definitions that went on without the edit having seen it."""
    refused = {(each.change.kind, each.change.name): each for each in plan.refusals}
    ahead = {(each.kind, each.name): each for each in moved}
    return [
        shapes.ChangeRow.model_validate(
            {
                "change": told.change.change.value,
                "kind": told.change.kind.value,
                "name": told.change.name,
                "says": [view.message(each) for each in told.says],
                "means": [view.message(each) for each in told.means],
                "recomputed": list(told.recomputed),
                "differences": difference_rows(told.change.differences),
                "refused": view.message(found.said) if (found := refused.get(_key(told.change))) else None,
                "publishers": people(found.people, view) if found else [],
                "moved": _moved(ahead[_key(told.change)], view) if _key(told.change) in ahead else None,
            }
        )
        for told in plan.meanings
    ]


def _key(change: Change) -> tuple[Kind, str]:
    return change.kind, change.name


def _moved(change: Change, view: Viewpoint) -> shapes.MovedRow | None:
    seen = change.unseen
    if seen is None:
        return None
    return shapes.MovedRow(
        version=seen.number,
        hash=seen.hash,
        by=view.actor(seen.by),
        at=seen.at,
        origin=seen.origin.value,
        differences=difference_rows(change.differences),
    )
