from __future__ import annotations

import numpy as np

from metricloop.detect.engine.surprise import Surprise, TailPrior


def learnt(rows: int, seed: int = 1) -> Surprise:
    law = Surprise(3, TailPrior())
    everybody = np.ones(3, dtype=np.bool_)
    for z in np.random.default_rng(seed).standard_t(4, (rows, 3)):
        law.learn(z, everybody)
    return law


def test_reach_is_the_inverse_of_depth_on_both_sides() -> None:
    law = learnt(500)
    for depth in (0.5, 1.2, 2.0, 5.0):
        up, down = law.reach(np.full(3, depth))
        assert np.allclose(law.depth(up), depth)
        assert np.allclose(law.depth(-down), depth)


def test_depth_grows_with_the_departure() -> None:
    law = learnt(500)
    depths = [law.depth(np.full(3, z))[0] for z in (0.0, 0.5, 1.0, 2.0, 4.0, 100.0)]
    assert depths[0] == 0.0 and depths == sorted(depths)


def test_a_young_law_is_more_careful_than_an_old_one() -> None:
    young, old = Surprise(3, TailPrior()), learnt(3000)
    assert young.depth(np.full(3, 6.0))[0] < old.depth(np.full(3, 6.0))[0]


def test_masked_rows_are_not_learnt() -> None:
    law = learnt(100)
    before = law.reach(np.full(3, 3.0))
    law.learn(np.full(3, 50.0), np.zeros(3, dtype=np.bool_))
    assert np.array_equal(law.reach(np.full(3, 3.0)), before)
