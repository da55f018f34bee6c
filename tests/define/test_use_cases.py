"""Check, plan, apply and export, on a real store and real files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metricloop.define.model import Document, Kind, Origin
from metricloop.define.use_cases import (
    apply_documents,
    check_documents,
    current_project,
    export_documents,
    plan_changes,
)
from metricloop.define.versions import Change, ChangeKind, StoreMovedOn, next_version
from metricloop.kernel.errors import Conflict, InvalidProject
from metricloop.store.database import Store, open_store
from metricloop.store.project import read_folder
from metricloop.store.project_writer import write_folder
from tests.define.projects import SHOP

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "state.db")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.yml").write_text(SHOP, encoding="utf-8")
    return tmp_path / "shop"


def apply(store: Store, folder: Path) -> tuple[Change, ...]:
    found = read_folder(folder)
    return apply_documents(store.unit, found.documents, issues=found.issues, by="ann", at=AT)


def rewrite(folder: Path, old: str, new: str) -> None:
    text = (folder / "shop.yml").read_text(encoding="utf-8")
    assert old in text
    (folder / "shop.yml").write_text(text.replace(old, new), encoding="utf-8")


def learn(store: Store, budget: float) -> str:
    """An accepted proposal gives the monitor another budget."""
    with store.unit() as unit:
        live = unit.definitions.newest(Kind.MONITOR, "paid_daily")
        assert live is not None
        body = {**live.body, "options": {"budget": budget}}
        new = next_version(live, live.kind, live.name, body, origin=Origin.PROPOSAL, by="tuner", at=AT)
        unit.definitions.add(new)
    return new.hash


def kinds(changes: tuple[Change, ...]) -> set[ChangeKind]:
    return {change.change for change in changes}


def budget_of(store: Store) -> float:
    with store.unit(write=False) as unit:
        return float(current_project(unit).monitor("paid_daily").options["budget"])


def test_applying_twice_changes_nothing(store: Store, folder: Path) -> None:
    assert kinds(apply(store, folder)) == {ChangeKind.ADDED}
    assert kinds(apply(store, folder)) == {ChangeKind.UNCHANGED}
    with store.unit(write=False) as unit:
        assert {version.number for version in unit.definitions.live()} == {1}


def test_applying_tells_the_audit_trail_who_changed_what(store: Store, folder: Path) -> None:
    apply(store, folder)
    rewrite(folder, "severity: S2", "severity: S1")
    (change,) = [one for one in apply(store, folder) if one.change is ChangeKind.CHANGED]
    with store.unit(write=False) as unit:
        line = unit.audit.lines(limit=1000)[-1]
    assert (line.actor, line.action, line.subject_kind, line.subject_id) == (
        "ann", "definition.changed", "monitor", "paid_daily",
    )  # fmt: skip
    assert change.live is not None
    assert line.before == change.live.hash != line.after


def test_planning_shows_the_same_and_writes_nothing(store: Store, folder: Path) -> None:
    planned = plan_changes(store.unit, read_folder(folder).documents)
    assert planned == plan_changes(store.unit, read_folder(folder).documents) == apply(store, folder)


def test_a_broken_file_is_not_planned_as_a_removal(store: Store, folder: Path) -> None:
    apply(store, folder)
    (folder / "shop.yml").write_text("metrics: [", encoding="utf-8")
    found = read_folder(folder)
    with pytest.raises(InvalidProject):
        plan_changes(store.unit, found.documents, issues=found.issues)


def test_a_wrong_project_changes_nothing(store: Store, folder: Path) -> None:
    rewrite(folder, "fallback: li_hua", "fallback: nobody")
    with pytest.raises(InvalidProject):
        apply(store, folder)
    with store.unit(write=False) as unit:
        assert list(unit.definitions.live()) == []


def test_a_broken_file_changes_nothing(store: Store, folder: Path) -> None:
    apply(store, folder)
    (folder / "more.yml").write_text("metrics: [", encoding="utf-8")
    rewrite(folder, "severity: S2", "severity: S1")
    with pytest.raises(InvalidProject):
        apply(store, folder)
    with store.unit(write=False) as unit:
        assert current_project(unit).monitor("paid_daily").severity == "S2"


def test_export_and_apply_is_no_change_and_the_same_bytes(store: Store, tmp_path: Path) -> None:
    shutil.copytree(FLIGHTS, tmp_path / "flights")
    apply(store, FLIGHTS)
    assert write_folder(tmp_path / "flights", export_documents(store.unit)) == []
    first = {path.name: path.read_bytes() for path in write_folder(tmp_path / "new", export_documents(store.unit))}
    assert kinds(apply(store, tmp_path / "new")) == {ChangeKind.UNCHANGED}
    again = {path.name: path.read_bytes() for path in write_folder(tmp_path / "again", export_documents(store.unit))}
    assert first == again


def test_an_old_file_does_not_undo_an_accepted_proposal(store: Store, folder: Path) -> None:
    apply(store, folder)
    learnt = learn(store, 0.05)
    rewrite(folder, "severity: S2", "severity: S1")
    with pytest.raises(StoreMovedOn) as caught:
        apply(store, folder)
    told = str(caught.value)
    assert isinstance(caught.value, Conflict)
    assert "shop.yml:41: monitor paid_daily has version 2 by tuner (proposal)" in told
    assert "options.budget: 0.05 -> 0.01" in told and learnt in told and "export" in told
    assert budget_of(store) == 0.05


def test_a_conflict_in_one_definition_keeps_all_others_out_too(store: Store, folder: Path) -> None:
    apply(store, folder)
    learn(store, 0.05)
    rewrite(folder, "lateness: 2h", "lateness: 3h")
    with pytest.raises(StoreMovedOn):
        apply(store, folder)
    with store.unit(write=False) as unit:
        assert current_project(unit).version(Kind.DATASET, "orders") == 1


def test_an_export_has_seen_the_proposal_and_may_be_changed(store: Store, folder: Path) -> None:
    apply(store, folder)
    learn(store, 0.05)
    write_folder(folder, export_documents(store.unit))
    assert kinds(apply(store, folder)) == {ChangeKind.UNCHANGED}
    for budget in ("0.02", "0.03"):  # the parent in the file stays good while files go on from it
        rewrite(folder, f"budget: {budget_of(store)}", f"budget: {budget}")
        assert ChangeKind.CHANGED in kinds(apply(store, folder))
    assert budget_of(store) == 0.03


def test_naming_the_parent_says_that_it_is_meant(store: Store, folder: Path) -> None:
    apply(store, folder)
    rewrite(folder, "    severity: S2", f"    severity: S2\n    parent: {learn(store, 0.05)}")
    apply(store, folder)
    assert budget_of(store) == 0.01


def test_what_left_the_files_is_retired_and_can_come_back(store: Store, folder: Path) -> None:
    apply(store, folder)
    text = (folder / "shop.yml").read_text(encoding="utf-8")
    start, end = text.index("playbooks:"), text.index("people:")
    (folder / "shop.yml").write_text(text[:start] + text[end:], encoding="utf-8")
    assert ChangeKind.REMOVED in kinds(apply(store, folder))
    with store.unit(write=False) as unit:
        assert current_project(unit).playbooks == {}
    (folder / "shop.yml").write_text(text, encoding="utf-8")
    assert ChangeKind.ADDED in kinds(apply(store, folder))
    with store.unit(write=False) as unit:
        assert current_project(unit).version(Kind.PLAYBOOK, "unpaid") == 2


def test_what_was_made_on_a_page_is_kept_and_exported(store: Store, folder: Path) -> None:
    apply(store, folder)
    body = {"name": "mail", "plugin": "console"}
    with store.unit() as unit:
        unit.definitions.add(next_version(None, Kind.CHANNEL, "mail", body, origin=Origin.UI, by="li", at=AT))
    assert kinds(apply(store, folder)) == {ChangeKind.UNCHANGED, ChangeKind.KEPT}
    write_folder(folder, export_documents(store.unit))
    assert kinds(apply(store, folder)) == {ChangeKind.UNCHANGED}


def test_files_may_not_break_what_was_made_on_a_page(store: Store, folder: Path) -> None:
    apply(store, folder)
    body = {"name": "revenue_daily", "metric": "revenue", "grain": "day"}
    with store.unit() as unit:
        unit.definitions.add(next_version(None, Kind.MONITOR, "revenue_daily", body, origin=Origin.UI, by="li", at=AT))
    rewrite(folder, "  - name: revenue\n", "  - name: turnover\n")
    with pytest.raises(InvalidProject) as caught:
        apply(store, folder)
    assert [issue.where for issue in caught.value.issues] == ["monitor revenue_daily"]


def test_checking_gives_the_project_or_all_issues(folder: Path) -> None:
    good = check_documents(read_folder(folder).documents)
    assert good.project is not None and good.issues == ()
    rewrite(folder, "severity: S2", "severity: S9")
    found = read_folder(folder)
    bad = check_documents([*found.documents, Document(Kind.CHANNEL, "desk", {}, "x.yml:1")], found.issues)
    assert bad.project is None and [issue.where for issue in bad.issues] == [
        "shop.yml:47",
        "x.yml:1",
        "x.yml:1",
        "x.yml:1",
    ]
