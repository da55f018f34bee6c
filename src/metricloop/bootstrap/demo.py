"""The demo: a year of real flights replayed, three incidents left open, and a clock that goes on from there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import metricloop
from metricloop.access.model import Person, Role
from metricloop.bootstrap.replaying import Progress, Stretch, run_history
from metricloop.bootstrap.serving import RunningSystem, Settings
from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import DemoClock
from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.loop.responders import Responders
from metricloop.store.database import Store, open_store

VISITOR = "visitor"
LEAVE_OPEN = 3
_CLOCK = "demo.clock"


@dataclass(frozen=True, slots=True)
class Story:
    """A demo: its project, the stretch that is replayed, when the visitor's incidents begin, where the data ends."""

    folder: str
    stretch: Stretch
    hold_for: timedelta
    data_ends: date


STORIES = {
    "flights": Story("flights", Stretch(date(2013, 2, 1), date(2013, 11, 30)), timedelta(days=21), date(2013, 12, 31))
}


@dataclass(frozen=True, slots=True)
class _DemoSettings:
    project: Path
    database: str
    base_url: str
    speed: float


def open_demo(name: str, settings: Settings, /, *, progress: Progress) -> tuple[RunningSystem, str]:
    """Replay the story once into the settings' database, and the system that goes on from there; and who visits it."""
    if name not in STORIES:
        raise InvalidInput(f"there is no demo {name!r}", fix=f"known: {', '.join(STORIES)}")
    story = STORIES[name]
    folder = example(story.folder)
    path = _file_of(settings.database)
    if path is not None and not path.exists():
        _replay_aside(path, folder, story, progress)
    store = open_store(settings.database)
    store.migrate()
    if _kept(store) is None:
        _tell_story(store, folder, story, progress)
    here = _DemoSettings(folder, settings.database, settings.base_url, settings.speed)
    return RunningSystem(store, here, resumed_clock(store, settings.speed, _data_end(store, story))), VISITOR


def resumed_clock(store: Store, speed: float, end: datetime) -> DemoClock:
    """The clock goes on where it was last kept; it must have been kept once.

    A process that was killed has written history after that, or was behind with it.
    """
    with store.unit(write=False) as unit:
        collected = [unit.collections.get(name) for name in current_project(unit).datasets]
    written = [state.last_run_at for state in collected if state is not None and state.last_run_at is not None]
    kept, reached = _kept(store) or end, max(written, default=None)
    return DemoClock(
        max(kept, reached or kept), speed=speed, end=end, reached=reached, save=lambda at: keep_clock(store, at)
    )


def example(name: str) -> Path:
    """The folder of an example project: in the installed package, or in the checkout it is run from."""
    package = Path(metricloop.__file__).parent
    for place in (package / "examples" / name, package.parents[1] / "examples" / name):
        if place.is_dir():
            return place
    raise NotFound(f"the example {name} is not installed", fix="install metricloop from its wheel or a full checkout")


def _file_of(database: str) -> Path | None:
    if database.startswith("sqlite:///"):
        return Path(database.removeprefix("sqlite:///"))
    return None if "://" in database else Path(database)


def _replay_aside(path: Path, folder: Path, story: Story, progress: Progress) -> None:
    """Into a file of its own, renamed when it is whole: a demo that was interrupted begins anew, never half-way."""
    aside = path.with_suffix(".replaying")
    for old in (aside, aside.with_name(f"{aside.name}-wal"), aside.with_name(f"{aside.name}-shm")):
        old.unlink(missing_ok=True)
    store = open_store(aside, scratch=True)
    try:
        store.migrate()
        _tell_story(store, folder, story, progress)
    finally:
        store.close()
    os.replace(aside, path)


def _tell_story(store: Store, folder: Path, story: Story, progress: Progress) -> None:
    end = story.stretch.end
    hold_from = datetime(end.year, end.month, end.day, tzinfo=UTC) - story.hold_for
    responders = Responders(hold_from=hold_from, leave_open=LEAVE_OPEN)
    at = run_history(store, folder, story.stretch, responders, progress)
    with store.unit() as unit:
        unit.people.put(Person(VISITOR, "Demo visitor", roles=(Role.ADMINISTRATOR,)))
        unit.settings.put(_CLOCK, at.isoformat())


def _kept(store: Store) -> datetime | None:
    with store.unit(write=False) as unit:
        kept = unit.settings.get(_CLOCK)
    return datetime.fromisoformat(kept) if kept else None


def keep_clock(store: Store, at: datetime) -> None:
    """Write down where the demo's clock stands."""
    with store.unit() as unit:
        unit.settings.put(_CLOCK, at.isoformat())


def _data_end(store: Store, story: Story) -> datetime:
    """When the last hour of the data has closed; the clock stops there."""
    with store.unit(write=False) as unit:
        project = current_project(unit)
    _, end = Stretch(story.data_ends, story.data_ends).bounds(project)
    longest = max(d.lateness for d in project.datasets.values())
    return end + longest + timedelta(hours=1)
