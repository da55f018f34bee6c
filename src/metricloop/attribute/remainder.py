"""The leaves that no finding explains yet, summed over every slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from metricloop.attribute.dispersion import Stray, stray_from_sums
from metricloop.attribute.gain import Evidence, Gains, Noise, gains
from metricloop.attribute.leaves import Cuboid, Floats, Ints, add_by


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop.

    `alpha`: chance of a finding in a table of noise; `alpha_estimated`: the same where the leaves' noise had to be
    estimated, whose tails are longer than the estimate knows. `least_effect`: relative change beyond the rest. For
    shares and counts alone: `least_share` of the change. `alike`: a coarser slice takes over if its other leaves moved
    at least this part as much; `alone`: a finer one does if they moved less than this part, and behind it by `clear`
    nats. `merge_cover`: siblings that cover this part of a coarser slice become it. `lenient`: the part of the
    threshold that lets a finding in until all are judged together. `most`: findings at most.
    """

    alpha: float = 0.05
    alpha_estimated: float = 0.005
    least_effect: float = 0.1
    least_share: float = 0.02
    alike: float = 0.5
    alone: float = 0.5
    clear: float = 2.0
    merge_cover: float = 0.9
    most: int = 10
    lenient: float = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A slice that moved: its cuboid (index), element, own leaves (those no earlier finding has), gain in nats against
    the `threshold` it had to pass, the relative effect, and the best score of an overlapping alternative."""

    cuboid: int
    element: int
    leaves: Ints
    gain: float
    threshold: float
    effect: float
    excess: float
    alternative: float


class Remainder:
    """Sums per slice over the leaves not yet explained."""

    def __init__(self, evidence: Evidence, cuboids: Sequence[Cuboid], stray: Stray) -> None:
        self.evidence, self.cuboids, self.stray = evidence, cuboids, stray
        self.alive = np.ones(evidence.columns.shape[1], dtype=bool)
        self.sums = [add_by(evidence.columns, cuboid.element, cuboid.size) for cuboid in cuboids]
        self.members = [np.bincount(cuboid.element, minlength=cuboid.size) for cuboid in cuboids]
        self.total: Floats = evidence.columns.sum(axis=1)
        self.change = abs(float(self.total[0] - self.total[1]))
        self.threshold = 0.0
        self.noisy = evidence.noise is not Noise.CONTINUOUS

    def gains_of(self, index: int) -> Gains:
        inside = self.sums[index]
        return gains(self.evidence, inside, self.total[:, None] - inside, self.stray.per_cuboid[index])

    def judged_again(self, finding: Finding) -> Finding:
        """The same finding, compared with the leaves alive."""
        inside = self.evidence.columns[:, finding.leaves].sum(axis=1)[:, None]
        tau2 = float(self.stray.per_cuboid[finding.cuboid][finding.element])
        now = gains(self.evidence, inside, self.total[:, None], tau2)
        return replace(finding, gain=float(now.gain[0]), effect=float(now.effect[0]), excess=float(now.excess[0]))

    def put_back(self, leaves: Ints) -> None:
        self.alive[leaves] = True
        self.total = self.evidence.columns[:, self.alive].sum(axis=1)

    def leaves_of(self, index: int, element: int) -> Ints:
        return np.flatnonzero(self.alive & (self.cuboids[index].element == element)).astype(np.int64)

    def remove(self, leaves: Ints) -> None:
        self.alive[leaves] = False
        part = self.evidence.columns[:, leaves]
        for sums, members, cuboid in zip(self.sums, self.members, self.cuboids, strict=True):
            own = cuboid.element[leaves]
            sums -= add_by(part, own, cuboid.size)
            members -= np.bincount(own, minlength=cuboid.size)
            sums[:, members == 0] = 0.0
        self.total = self.evidence.columns[:, self.alive].sum(axis=1)
        if not self.stray.from_past:
            # What a cause did to its neighbours no longer counts as their usual scatter.
            self.stray = stray_from_sums(self.evidence, self.cuboids, self.sums)

    def scores(self, index: int, direction: int, limits: Limits) -> tuple[Floats, Gains]:
        """Gains; slices with too small an effect or the wrong direction score 0."""
        found = self.gains_of(index)
        # Beyond the rest and against its own expectation: who stayed as usual while all others improved did not fall.
        fits = np.minimum(found.effect, found.own) >= limits.least_effect
        fits |= np.maximum(found.effect, found.own) <= -limits.least_effect
        if direction:
            fits &= found.effect * direction > 0
        fits &= self.members[index] > 0
        if self.noisy:
            fits &= np.abs(found.excess) >= limits.least_share * self.change
        return np.where(fits, found.gain, 0.0), found
