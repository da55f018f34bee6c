"""The metric catalogue: found by name, label, description or synonym, in Chinese and English. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from metricloop.define.model import Metric
from metricloop.define.project import Project

_NAMED, _BEGINS, _WITHIN, _DESCRIBED = range(4)


def search(
    project: Project,
    text: str = "",
    *,
    level: str | None = None,
    owner: str | None = None,
    status: str | None = None,
    team: str | None = None,
) -> tuple[Metric, ...]:
    """Metrics that fit, best first; without words by level and name.

    Every word of `text` must stand in one of the metric's texts, in whatever language, letter case and width aside.
    `team`: of the owner, or named in the metric's access.
    """
    words = folded(text).split()
    found = [
        (rank, metric)
        for metric in project.metrics.values()
        if _fits(project, metric, level, owner, status, team) and (rank := _rank(project, metric, words)) is not None
    ]
    found.sort(key=lambda pair: (pair[0], pair[1].governance.level, pair[1].name))
    return tuple(metric for _, metric in found)


def folded(text: str) -> str:
    """Small letters, one width: `ＧＭＶ` and `gmv` are one word."""
    return unicodedata.normalize("NFKC", text).casefold()


def _fits(
    project: Project, metric: Metric, level: str | None, owner: str | None, status: str | None, team: str | None
) -> bool:
    governance = metric.governance
    if level not in (None, governance.level) or owner not in (None, governance.owner):
        return False
    if status not in (None, governance.status.value):
        return False
    if team is None:
        return True
    person = project.people.get(governance.owner)
    return team in governance.access or (person is not None and team in person.teams)


def _rank(project: Project, metric: Metric, words: list[str]) -> int | None:
    """How well it fits, 0 is best; None: some word is nowhere."""
    if not words:
        return _NAMED
    names = [folded(name) for name in _names(metric)]
    rest = [folded(one) for one in _descriptions(project, metric)]
    if not all(any(word in one for one in (*names, *rest)) for word in words):
        return None
    whole = " ".join(words)
    if whole in names:
        return _NAMED
    if any(name.startswith(whole) for name in names):
        return _BEGINS
    return _WITHIN if all(any(word in name for name in names) for word in words) else _DESCRIBED


def _names(metric: Metric) -> Iterator[str]:
    yield metric.name
    yield from (one for one in (metric.label.zh, metric.label.en) if one)
    for synonyms in metric.governance.synonyms.values():
        yield from synonyms


def _descriptions(project: Project, metric: Metric) -> Iterator[str]:
    yield from (one for one in (metric.description.zh, metric.description.en) if one)
    dataset = project.datasets.get(metric.dataset)
    for name in metric.dimensions:
        yield name
        known = dataset.dimension(name) if dataset else None
        if known is not None:
            yield from (one for one in (known.label.zh, known.label.en) if one)
            for synonyms in known.synonyms.values():
                yield from synonyms
