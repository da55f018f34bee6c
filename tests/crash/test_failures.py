"""What fails around the system: a full disk, a dead source, cut connections, one of two workers. It says so, keeps
what it has, and goes on by itself."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from metricloop.bootstrap.operations import audit_verify
from metricloop.kernel.errors import StoreFailed
from metricloop.kernel.grain import HOUR
from metricloop.store.database import open_store
from tests.crash.record import Record, differences, record
from tests.crash.runs import Site
from tests.crash.world import World, make_world

NewSite = Callable[..., Site]
pytestmark = pytest.mark.deep


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes], *, patience: float = 120.0) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert process.poll() is None, "the system has ended"
        assert time.monotonic() < deadline, "that never came"
        time.sleep(0.05)


def assert_whole(site: Site) -> None:
    """Nothing is half-written: the file is sound, and so is the chain of the audit trail."""
    assert audit_verify(site.database) is None
    with closing(sqlite3.connect(site.database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_full_database_stops_the_loop_says_so_and_goes_on_when_there_is_room(
    world: World, undisturbed: Site, reference: Record, new_site: NewSite
) -> None:
    with closing(sqlite3.connect(undisturbed.database)) as database:
        pages = int(database.execute("PRAGMA page_count").fetchone()[0])
    site = replace(new_site(world), environment={"METRICLOOP_PAGES": str(pages * 2 // 3)})
    process = site.start()
    wait_until(lambda: bool(site.troubles), process)
    assert_whole(site)
    (site.home / "room").touch()
    assert site.finish(process) == 0, site.log()
    assert {trouble["trouble"] for trouble in site.troubles} == {"the disk is full"}
    assert all("make room" in trouble["fix"] for trouble in site.troubles)
    assert differences(reference, record(site.database, site.outside)) == {}
    assert_whole(site)


def may_mount() -> bool:
    """Whether this user may make file systems: then a really full one is tried, too."""
    with ExitStack() as stack:
        try:
            stack.enter_context(small_disk(Path("/mnt"), 1 << 20))
        except (OSError, subprocess.CalledProcessError):
            return False
        return True


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("share", [0.5] if may_mount() else [])
def test_on_a_full_disk_nothing_is_lost(
    share: float, world: World, undisturbed: Site, reference: Record, new_site: NewSite
) -> None:
    needed = sum(path.stat().st_size for path in undisturbed.outside.rglob("*") if path.is_file())
    site = new_site(world)
    site.outside.mkdir(parents=True)
    with small_disk(site.outside, int(needed * share)):
        process = site.start()
        wait_until(lambda: bool(site.troubles), process)
        subprocess.run(["mount", "-o", "remount,size=256m", str(site.outside)], check=True)
        assert site.finish(process) == 0, site.log()
        found = record(site.database, site.outside)
        assert_whole(site)
    # A message that found no room was tried again later.
    assert set(differences(reference, found)) <= {"attempts"}


def failures(site: Site) -> Counter[str]:
    with closing(sqlite3.connect(site.database)) as database:
        rows = database.execute(
            "SELECT kind FROM events WHERE kind IN ('source.failed', 'source.recovered')"
        ).fetchall()
    return Counter(kind for (kind,) in rows)


def lived(site: Site) -> float:
    """How many hours have been lived through; before the first, less than nothing."""
    try:
        with closing(open_store(site.database)) as store, store.unit(write=False) as unit:
            state = unit.collections.get(site.world.dataset)
    except StoreFailed:  # its tables are being made
        return -1.0
    return (state.until - site.world.start) / HOUR if state is not None and state.until is not None else -1.0


def wait_until_lived(site: Site, hours: float, process: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: lived(site) > hours, process)


def test_a_source_that_dies_for_hours_is_told_of_once_and_leaves_no_gap(tmp_path: Path) -> None:
    world = make_world(tmp_path / "project", hours=60)
    calm, site = Site(world, tmp_path / "calm"), Site(world, tmp_path / "home", speed=20_000.0)
    calm.live()
    source, away = world.project / "trips.db", tmp_path / "trips.db"
    process = site.start()
    wait_until_lived(site, 2, process)
    source.rename(away)
    wait_until(lambda: failures(site)["source.failed"] == 1, process)
    time.sleep(1.0)
    away.rename(source)
    assert site.finish(process) == 0, site.log()
    assert failures(site) == {"source.failed": 1, "source.recovered": 1}
    reference, found = (record(place.database, place.outside) for place in (calm, site))
    assert differences({kind: reference[kind] for kind in ("points", "people", "definitions")}, found) == {}
    assert_whole(site)


def test_cut_connections_to_the_server_are_made_again(
    server: str, world: World, reference: Record, new_site: NewSite
) -> None:
    site = new_site(world, server)
    process = site.start()
    cuts = 0
    for hours in range(20, 220, 40):
        wait_until_lived(site, hours, process)
        cuts += cut_connections(str(site.url))
    assert site.finish(process) == 0, site.log()
    assert cuts > 10
    assert differences(reference, record(site.database, site.outside)) == {}
    assert audit_verify(site.database) is None


def cut_connections(url: str) -> int:
    """Says how many there were."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).rowcount


@pytest.mark.parametrize("dies_at", ["statement:900", "outward:5"])
def test_of_two_workers_one_is_killed_and_the_other_goes_on(
    dies_at: str, server: str, world: World, reference: Record, new_site: NewSite
) -> None:
    site = new_site(world, server)
    other, mortal = site.start(), site.start(dies_at)
    assert site.finish(mortal) in (0, -9), site.log()
    assert site.finish(other) == 0, site.log()
    assert differences(reference, record(site.database, site.outside)) == {}
    assert audit_verify(site.database) is None


@pytest.mark.parametrize("sleeps_at", ["outward:4", "begin:60"] if Path("/proc/self/stat").exists() else [])
def test_a_worker_that_sleeps_until_another_has_taken_over_does_nothing_twice(
    sleeps_at: str, server: str, world: World, reference: Record, new_site: NewSite
) -> None:
    """As a machine does that is suspended: when it wakes, two loops work at once for a while."""
    site = new_site(world, server)
    sleeper = site.start(f"{sleeps_at}:STOP")
    wait_until(lambda: " T " in Path(f"/proc/{sleeper.pid}/stat").read_text(), sleeper)
    other, stood = site.start(), lived(site)
    wait_until_lived(site, stood, other)
    sleeper.send_signal(signal.SIGCONT)
    assert site.finish(sleeper) == 0, site.log()
    assert site.finish(other) == 0, site.log()
    assert differences(reference, record(site.database, site.outside)) == {}
    assert audit_verify(site.database) is None
