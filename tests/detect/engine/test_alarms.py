from __future__ import annotations

import numpy as np

from metricloop.detect.engine.alarms import Runs, drawn_depth, scores, thresholds
from metricloop.detect.engine.rhythm import Rhythm
from metricloop.detect.engine.settings import Alarming

RHYTHM = Rhythm.of([300.0, 3600.0, 86400.0, 7 * 86400.0])


def test_a_smaller_budget_needs_rarer_rows_and_so_does_a_shorter_step() -> None:
    usual, careful = thresholds(RHYTHM, Alarming()), thresholds(RHYTHM, Alarming(budget=0.1))
    assert (careful[:2] > usual[:2]).all()
    assert (np.diff(usual) <= 0).all()


def test_an_alarm_lasts_until_it_has_been_quiet_for_long_enough() -> None:
    runs = Runs(Rhythm.of([3600.0]), Alarming(quiet_hours=2.0))
    hits = [0, 1, 0, 0, 0, 1, 0, 1, 0]
    assert [int(runs.take(np.array([bool(hit)]))[0]) for hit in hits] == [0, 1, 1, 1, 0, 1, 1, 1, 1]


def test_coverage_is_of_the_drawn_band_alone() -> None:
    threshold = thresholds(RHYTHM, Alarming())
    assert drawn_depth(threshold, Alarming()) is threshold
    assert np.allclose(drawn_depth(threshold, Alarming(coverage=0.98)), 2.0)


def test_scores_are_on_one_scale_from_0_to_1() -> None:
    assert np.allclose(scores(np.array([0.0, 3.0, 9.0])), [0.0, 0.5, 0.75])
