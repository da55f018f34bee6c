"""Calibration makes verdicts more careful where the past had heavier tails, and never sharper."""

from __future__ import annotations

import numpy as np

from metricloop.detect.calibration import TailCalibration, as_the_law_has_it, calibrated
from metricloop.kernel.series import Floats

GROUPS = np.array([0, 1, 1, 1, 1, 1])


def taught(log_tails: Floats) -> TailCalibration:
    """log_tails: [T, S], the same for both sides."""
    calibration = TailCalibration(half_life=1e6)
    calibration.grow(GROUPS)
    for row in log_tails:
        calibration.learn(np.stack([row, row]), np.ones(row.size, dtype=bool))
    return calibration


def test_honest_tails_stay_as_they_are() -> None:
    tails = np.log(np.random.default_rng(1).random((4_000, GROUPS.size)))
    assert np.all(taught(tails).stretch() < 1.05)


def test_tails_that_come_too_often_are_stretched_until_nearly_honest() -> None:
    honest = np.log(np.random.default_rng(2).random((4_000, GROUPS.size)))
    heavy = np.where(honest < np.log(0.1), np.log(0.1) + 1.5 * (honest - np.log(0.1)), honest)
    stretch = taught(heavy).stretch()
    assert np.all(np.abs(stretch - 1.4) < 0.15)
    before, after = np.mean(heavy < np.log(0.001)), np.mean(calibrated(heavy, stretch[0]) < np.log(0.001))
    assert before > 0.004 and after < 0.002


def test_careful_tails_are_not_sharpened() -> None:
    careful = 0.5 * np.log(np.random.default_rng(3).random((4_000, GROUPS.size)))
    assert np.all(taught(careful).stretch() == 1)


def test_one_event_does_not_calibrate_itself_away() -> None:
    tails = np.log(np.random.default_rng(4).random((60, GROUPS.size)))
    tails[30] = -500.0
    assert np.all(taught(tails).stretch() < 1.2)


def test_cutting_the_law_is_the_inverse_of_calibrating_its_tail() -> None:
    log_alpha, stretch = np.log([0.5, 0.1, 0.01, 1e-6]), np.array([2.0, 2.0, 1.3, 2.0])
    assert np.allclose(calibrated(as_the_law_has_it(log_alpha, stretch), stretch), log_alpha)
