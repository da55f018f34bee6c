"""The error families. `code` is stable and documented in `docs/reference/errors.md`.

HTTP status and exit codes are mapped in the doors only; an error here knows neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metricloop.kernel.secrets import hidden


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong in a project: where it is, what the problem is, how to fix it."""

    where: str
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}. Fix: {self.fix}"


class MetricloopError(Exception):
    """Root of all errors a caller may want to tell apart.

    `code` names the family or the case, `fix` says what the reader can do. None repeats a secret that was looked up.
    """

    code = "error"

    def __init__(self, problem: str, *, fix: str = "", where: str = "") -> None:
        self.problem, self.fix, self.where = hidden(problem), hidden(fix), hidden(where)
        super().__init__(self.problem)

    def __str__(self) -> str:
        head = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{head}. Fix: {self.fix}" if self.fix else head


class InvalidProject(MetricloopError):
    """Definitions are wrong; `issues` holds every problem found, not only the first."""

    code = "invalid_project"

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        count = len(self.issues)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the project", fix="see the list")


class InvalidInput(MetricloopError):
    """A request or an argument cannot be understood; nothing was changed."""

    code = "invalid_input"


class NotFound(MetricloopError):
    """No such thing, or not for this reader."""

    code = "not_found"


class Conflict(MetricloopError):
    """The thing moved on since the caller looked, or the state does not allow the action."""

    code = "conflict"


class NotPermitted(MetricloopError):
    """The caller is known but lacks the permission; `fix` names who can grant it."""

    code = "not_permitted"


class NotAuthenticated(MetricloopError):
    """Nobody is logged in, or the credentials are wrong or expired."""

    code = "not_authenticated"


class SourceFailed(MetricloopError):
    """A source, channel or action outside this system failed; `retryable` says whether to try again."""

    code = "source_failed"

    def __init__(self, problem: str, *, retryable: bool, fix: str = "", where: str = "") -> None:
        super().__init__(problem, fix=fix, where=where)
        self.retryable = retryable


class StoreFailed(MetricloopError):
    """The state database cannot be read or written (disk full, no connection); nothing half-written is kept."""

    code = "store_failed"


class Bug(MetricloopError):
    """Something that should be impossible; please report it."""

    code = "bug"
