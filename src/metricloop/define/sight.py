"""What one person sees of a project's numbers: `access.grants`, applied to its metrics. Pure.

A derived metric that names no teams of its own is as closed as its inputs, and narrowed as they are; naming teams is
the decision that its numbers may be seen where theirs may not.
"""

from __future__ import annotations

from dataclasses import dataclass

from metricloop.access.grants import Guarded, Rows, may_see, row_filter
from metricloop.access.model import Person
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.kernel.errors import NotPermitted
from metricloop.kernel.slices import Slice


@dataclass(frozen=True, slots=True)
class Sight:
    """Asked with names of metrics; one that the project does not have is not seen."""

    project: Project
    person: Person

    @property
    def restricted(self) -> bool:
        """Whether anything at all is kept from this person; where not, nobody need look closer."""
        return any(self._rows(metric) is not None or not self._sees(metric) for metric in self.project.metrics.values())

    def sees(self, metric: str) -> bool:
        """Whether any number of the metric may be shown."""
        found = self.project.metrics.get(metric)
        return found is not None and self._sees(found)

    def rows(self, metric: str) -> Rows | None:
        """The rows that the person sees of it; None: all. Raises NotPermitted, saying who can help, where it is none.

        To be AND-ed (`Rows.predicate`) to whatever else is asked of the metric, before anything is summed.
        """
        found = self.project.metric(metric)
        rows = self._rows(found)
        if rows == () or not self._sees(found):
            raise NotPermitted(f"the numbers of {metric} are not shown to {self.person.name}", fix=self._help(found))
        return rows or None

    def shows(self, metric: str, slice_: Slice) -> bool:
        """Whether the numbers of this slice may be shown; the total of somebody who sees only rows is not the whole."""
        if not self.sees(metric):
            return False
        rows = self._rows(self.project.metrics[metric])
        return rows is None or (isinstance(rows, Rows) and rows.holds(slice_))

    def whole(self, metric: str) -> bool:
        """Whether the person sees every row of it."""
        return self.sees(metric) and self._rows(self.project.metrics[metric]) is None

    def _sees(self, metric: Metric) -> bool:
        stands_on = self._stands_on(metric)
        return all(may_see(self.person, _guarded(each), self.project.teams) for each in stands_on) and (
            self._rows(metric) != ()
        )

    def _rows(self, metric: Metric) -> Rows | tuple[()] | None:
        own = row_filter(self.person, _guarded(metric), self.project.teams)
        if own is not None:
            return own
        found = [row_filter(self.person, _guarded(each), self.project.teams) for each in self._stands_on(metric)]
        narrowed = [rows for rows in found if rows is not None]
        if not narrowed:
            return None
        first = narrowed[0]
        # Inputs that are narrowed differently make a number that is of no one set of rows: it is not shown.
        usable = first != () and all(rows == first for rows in narrowed) and _fits(first, metric)
        return first if usable else ()

    def _stands_on(self, metric: Metric) -> list[Metric]:
        """The metric and its inputs, and theirs; not below one that names its own teams."""
        found = {metric.name: metric}
        waiting = [metric]
        while waiting:
            one = waiting.pop()
            below = () if one.governance.access else one.inputs
            for each in below:
                known = self.project.metrics.get(each.name)
                if known is not None and known.name not in found:
                    found[known.name] = known
                    waiting.append(known)
        return list(found.values())

    def _help(self, metric: Metric) -> str:
        owner, teams = metric.governance.owner, ", ".join(metric.governance.access)
        known = self.project.people.get(owner)
        name = known.name if known else owner
        return f"ask {name}, who owns it" + (f"; it is shown to the teams {teams}" if teams else "")


def _guarded(metric: Metric) -> Guarded:
    return Guarded(metric.name, metric.governance.owner, metric.governance.access, metric.dimensions)


def _fits(rows: Rows | tuple[()], metric: Metric) -> bool:
    wheres = rows.any_of if isinstance(rows, Rows) else ()
    return all(set(where) <= set(metric.dimensions) for where in wheres)
