"""What an operator asks for: health, back-up, the audit chain, people's log-ins."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from metricloop.access import use_cases as access
from metricloop.access.model import AuditEvent, Person
from metricloop.access.rules import first_break
from metricloop.bootstrap.projects import check
from metricloop.bootstrap.serving import Settings, state_folder
from metricloop.collect.landing import LandedRows
from metricloop.collect.ports import Collections
from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import InvalidInput, InvalidProject, Issue, MetricloopError
from metricloop.notify.words import sentence
from metricloop.plugins.registry import load_registry
from metricloop.store.database import Store, open_store
from metricloop.store.passwords import Argon2Passwords, RandomSecrets

_OLDEST_PYTHON = (3, 11)
_RECENT = timedelta(days=7)
_LEAST_FREE = 500_000_000


def doctor(settings: Settings, /) -> list[Issue]:
    """Everything about this installation that will give trouble, each with its fix."""
    issues = [*_python(), *_disk(settings), *load_registry().issues, *_store(settings)]
    if (settings.project / "metricloop.yml").exists():
        issues += check(settings.project)
    return issues


def _python() -> list[Issue]:
    if sys.version_info >= _OLDEST_PYTHON:
        return []
    return [Issue("python", f"version {sys.version.split()[0]} is too old", "install Python 3.11 or later")]


def _disk(settings: Settings) -> list[Issue]:
    folder = state_folder(settings.database)
    place = folder if folder.exists() else Path()
    free = shutil.disk_usage(place).free
    if free >= _LEAST_FREE:
        return []
    return [Issue(str(place), f"only {free // 1_000_000} MB are free", "make room, or move the database")]


def _store(settings: Settings) -> list[Issue]:
    try:
        store = _opened(settings.database)
    except MetricloopError as error:
        return [Issue("database", error.problem, error.fix)]
    try:
        with store.unit(write=False) as unit:
            project = current_project(unit) if unit.definitions.live() else None
            landing = _landing(unit.landed, project.sources) if project else []
            landing += _held(unit.collections, project.datasets) if project else []
            landing += _not_compared(unit.collections, project.datasets) if project else []
    except InvalidProject as error:
        return list(error.issues)
    except MetricloopError as error:
        return [Issue("database", error.problem, error.fix)]
    finally:
        store.close()
    people = project.people.values() if project else ()
    return landing + [
        Issue(f"person {p.id}", "cannot be reached: no contact", "add a contact to the person")
        for p in people
        if not p.contacts
    ]


def _landing(landed: LandedRows, sources: Iterable[str]) -> list[Issue]:
    """Sources whose records do not arrive, or could not be understood within the last week."""
    issues: list[Issue] = []
    for name in sources:
        failure = landed.landing(name).failure
        if failure is not None:
            problem, fix = (str(failure.params.get(part) or "see the server's log") for part in ("problem", "fix"))
            issues.append(Issue(f"source {name}", f"nothing arrives: {problem}", fix))
        newest = landed.asides(name, 1)
        if newest and SystemClock().now() - newest[0].received_at < _RECENT:
            problem = f"{landed.count_asides(name)} messages are set aside, the last one because: {newest[0].reason}"
            issues.append(
                Issue(f"source {name}", problem, f"see /api/v1/sources/{name}/set-aside; correct columns or sender")
            )
    return issues


def _held(collections: Collections, datasets: Iterable[str]) -> list[Issue]:
    """Datasets whose closed buckets are not judged, because their data are not ready."""
    issues: list[Issue] = []
    for name in datasets:
        state = collections.get(name)
        if state is not None and state.held is not None and state.held_since is not None:
            problem = f"held since {state.held_since.isoformat()}: {sentence(state.held, 'en')}"
            issues.append(
                Issue(f"dataset {name}", problem, "mend the data, or accept them on the page of its incident")
            )
    return issues


def _not_compared(collections: Collections, datasets: Iterable[str]) -> list[Issue]:
    """Datasets whose history could not be compared with the source: what changed there is not known here."""
    issues: list[Issue] = []
    for name in datasets:
        state = collections.get(name)
        if state is not None and state.reconcile_failure is not None and state.reconcile_failed_at is not None:
            problem, fix = (str(state.reconcile_failure.params.get(part, "")) for part in ("problem", "fix"))
            said = f"its history could not be compared at {state.reconcile_failed_at.isoformat()}: {problem}"
            issues.append(Issue(f"dataset {name}", said, fix or f"run: metricloop reconcile {name}"))
    return issues


def backup(database: str, target: Path, /) -> None:
    """Copy the whole state to a new file, while others use it."""
    store = open_store(database)
    try:
        store.backup(target)
    finally:
        store.close()


def restore(source: Path, database: str, /) -> None:
    """Put a back-up where no database is yet. Nothing is overwritten."""
    target = Path(database.removeprefix("sqlite:///"))
    if "://" in database and not database.startswith("sqlite:///"):
        raise InvalidInput("only SQLite is restored from here", fix="use pg_restore of your PostgreSQL")
    if not source.is_file():
        raise InvalidInput(f"there is no back-up {source}", fix="name the file that backup wrote")
    if target.exists():
        raise InvalidInput(f"{target} exists already", fix="move it away first, or restore to another place")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.DatabaseError as error:
        target.unlink(missing_ok=True)
        raise InvalidInput(f"{source} is no back-up: {error}", fix="name the file that backup wrote") from error
    _opened(str(target)).close()


def audit_verify(database: str, /) -> int | None:
    """Number of the first line of the audit trail that was tampered with; None when every line holds."""
    store = _opened(database)
    try:
        with store.unit(write=False) as unit:
            last: AuditEvent | None = None
            while lines := unit.audit.lines(after=last.sequence if last else 0):
                broken = first_break(lines, last)
                if broken is not None:
                    return broken
                last = lines[-1]
        return None
    finally:
        store.close()


def add_user(database: str, person: str, password: str, /) -> None:
    """Give a person of the project a log-in."""
    store = _opened(database)
    try:
        with store.unit() as unit:
            access.create_account(
                unit, person, password, passwords=Argon2Passwords(), by="command line", at=SystemClock().now()
            )
    finally:
        store.close()


def set_password(database: str, person: str, password: str, /) -> None:
    store = _opened(database)
    try:
        with store.unit() as unit:
            access.set_password(
                unit, person, password, passwords=Argon2Passwords(), by="command line", at=SystemClock().now()
            )
    finally:
        store.close()


def make_link(database: str, person: str, /, *, url: str) -> str:
    """A whole address that logs the person in once, from this computer."""
    store = _opened(database)
    try:
        with store.unit() as unit:
            secret = access.make_link(unit, person, secrets=RandomSecrets(), by="command line", at=SystemClock().now())
    finally:
        store.close()
    return f"{url}/login?link={secret}"


def list_users(database: str, /) -> Sequence[tuple[Person, bool]]:
    """All people, and whether each has a log-in of their own."""
    store = _opened(database)
    try:
        with store.unit(write=False) as unit:
            return [(p, unit.credentials.account(p.id) is not None) for p in unit.people.all()]
    finally:
        store.close()


def _opened(database: str) -> Store:
    store = open_store(database)
    store.migrate()
    return store
