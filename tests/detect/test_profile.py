"""The additive profile: shrinkage, forgetting, restoring."""

from __future__ import annotations

import numpy as np

from metricloop.detect.profile import Memory, SeasonalProfile
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Floats

MEMORY = Memory(level_weeks=4.0, season_weeks=12.0, level_deviation=2.0, season_deviation=0.5)


def learnt(target: Floats, weeks: int, information: float, grain: Grain = Grain.DAY) -> SeasonalProfile:
    """A profile of one total and one part, taught exact values `target` by slot."""
    profile = SeasonalProfile(grain, MEMORY, MEMORY)
    profile.grow(2)
    for step in range(weeks * target.size):
        slot = step % target.size
        seen = np.full(2, information)
        profile.learn(slot, seen * (target[slot] - profile.usual(slot)), seen, np.ones(2, dtype=bool))
    return profile


def test_much_information_learns_every_slot() -> None:
    target = 1.0 + np.array([0.0, 0.1, 0.0, -0.1, 0.2, -0.6, -0.5])
    profile = learnt(target, 26, 50.0)
    assert all(abs(profile.usual(slot)[1] - target[slot]) < 0.03 for slot in range(7))


def test_little_information_learns_the_level_but_hardly_the_slots() -> None:
    target = 1.0 + np.array([0.0, 0.1, 0.0, -0.1, 0.2, -0.6, -0.5])
    profile = learnt(target, 8, 0.1)
    values = np.array([profile.usual(slot)[0] for slot in range(7)])
    assert np.ptp(values) < 0.3 * np.ptp(target)
    assert abs(values.mean() - target.mean()) < 0.4


def test_doubt_falls_with_information() -> None:
    assert learnt(np.zeros(7), 4, 20.0).doubt(0)[0] < learnt(np.zeros(7), 4, 1.0).doubt(0)[0] < 4.0 + 0.25


def test_hours_share_what_they_learn_of_the_time_of_day() -> None:
    target = np.tile(np.sin(np.arange(24) / 24 * 2 * np.pi), 7)
    profile = SeasonalProfile(Grain.HOUR, MEMORY, MEMORY)
    profile.grow(1)
    for step in range(5 * 24):
        seen = np.full(1, 50.0)
        profile.learn(step, seen * (target[step] - profile.usual(step)), seen, np.ones(1, dtype=bool))
    unseen = 6 * 24 + 6
    assert abs(profile.usual(unseen)[0] - target[unseen]) < 0.3


def test_a_shift_is_followed_faster() -> None:
    slow, fast = learnt(np.zeros(7), 20, 20.0), learnt(np.zeros(7), 20, 20.0)
    fast.shift(np.array([True, False]))
    for profile in (slow, fast):
        profile.learn(0, np.full(2, 20.0), np.full(2, 20.0), np.ones(2, dtype=bool))
    assert fast.level[0] > 2 * slow.level[0] and fast.level[1] == slow.level[1]


def test_growing_keeps_what_is_known() -> None:
    profile = learnt(np.ones(7), 10, 20.0)
    before = profile.usual(3)
    profile.grow(5)
    assert np.array_equal(profile.usual(3)[:2], before) and np.all(profile.usual(3)[2:] == 0)
