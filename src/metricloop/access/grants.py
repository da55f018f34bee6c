"""Who sees the numbers of a metric, and which of its rows. Pure; no role sees past it.

By metric: a metric that names teams shows its numbers to these teams and to its owner alone; its definition stays
visible, so that people find it and know whom to ask. By row: a team's grants narrow what its members see to some values
of dimensions, totals included. What cannot be narrowed (it lacks the dimension) is not shown at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metricloop.access.model import Person, Team
from metricloop.kernel.slices import Slice

NONE = "(none)"  # how the value of a dimension that is NULL is written
Where = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Guarded:
    """What of a metric decides who sees it. teams: empty means everybody who is logged in."""

    name: str
    owner: str
    teams: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Alternatives, of which one must hold whole: dimension -> its values. Not empty; so it always narrows."""

    any_of: tuple[Where, ...]

    def holds(self, slice_: Slice) -> bool:
        """Whether the slice lies wholly inside."""
        given = slice_.as_dict()
        return any(all(given.get(name) in values for name, values in where.items()) for where in self.any_of)

    def single(self) -> tuple[str, tuple[str, ...]] | None:
        """The one dimension and its values, where that is all there is: then the parts add up to the whole."""
        if len(self.any_of) != 1 or len(self.any_of[0]) != 1:
            return None
        return next(iter(self.any_of[0].items()))

    def predicate(self) -> str:
        """The same as a SQL condition over dimensions, to be AND-ed to others; values are quoted, NULL is a value."""
        found = [" AND ".join(_one_of(name, values) for name, values in where.items()) for where in self.any_of]
        return found[0] if len(found) == 1 else " OR ".join(f"({each})" for each in found)


def _one_of(name: str, values: Sequence[str]) -> str:
    column = '"' + name.replace('"', '""') + '"'
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values if value != NONE)
    parts = [f"{column} IN ({listed})"] if listed else []
    if NONE in values:
        parts.append(f"{column} IS NULL")
    return f"({' OR '.join(parts)})"


def may_see(person: Person, metric: Guarded, teams: Mapping[str, Team]) -> bool:
    """Whether the person may see any number of the metric."""
    admitted = not metric.teams or person.id == metric.owner or bool(set(person.teams) & set(metric.teams))
    return admitted and row_filter(person, metric, teams) != ()


def row_filter(person: Person, metric: Guarded, teams: Mapping[str, Team]) -> Rows | tuple[()] | None:
    """The rows to which the person's teams narrow the metric. None: all of them. (): none at all.

    Of one team, a grant that names the metric stands before one for every metric. Several teams add up; a team without
    grants adds nothing and takes nothing.
    """
    found = [where for name in person.teams if name in teams for where in _of_team(teams[name], metric.name)]
    if not found:
        return None
    usable = [where for where in found if set(where) <= set(metric.dimensions)]
    return Rows(_merged(usable)) if usable else ()


def _of_team(team: Team, metric: str) -> list[Where]:
    named = [grant.where for grant in team.grants if metric in grant.metrics]
    return named or [grant.where for grant in team.grants if not grant.metrics]


def _merged(found: Sequence[Where]) -> tuple[Where, ...]:
    """Grants over one and the same dimension are one list of values."""
    single: dict[str, dict[str, None]] = {}
    rest: list[Where] = []
    for where in found:
        if len(where) == 1:
            [(name, values)] = where.items()
            single.setdefault(name, {}).update(dict.fromkeys(values))
        elif where not in rest:
            rest.append(where)
    return (*({name: tuple(values)} for name, values in single.items()), *rest)
