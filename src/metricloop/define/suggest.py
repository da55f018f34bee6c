"""The nearest known word to one that is not known, for fixes that say "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a typing error would make into `word`; None when nothing is near."""
    by_fold = {candidate.casefold(): candidate for candidate in sorted(known)}
    found = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], kind: str) -> str:
    """A fix in words: the nearest name if there is one, and what there is to choose from."""
    names = sorted(set(known))
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    choice = f"known {kind}: {shown}" if names else f"the project has no {kind} yet; add one"
    near = nearest(word, names)
    return f"did you mean {near}? {choice}" if near else choice
