"""Foreign SQL over one row (a field, a condition) as SQL that may stand in our definitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from sqlglot import exp
from sqlglot.generator import Generator
from sqlglot.tokens import Tokenizer

from metricloop.define.imports.model import Unmapped
from metricloop.define.sql_expressions import check_expression, check_predicate
from metricloop.define.sql_text import Refused, one_tree

_MOST_CHARACTERS = 10_000
MOST_NODES = 2_000
Resolve = Callable[[exp.Column], exp.Expr]


def parse_sql(text: str, dialect: str | None = None) -> exp.Expr:
    """One expression, without its comments. Raises Unmapped on anything that is none, too long or too deep."""
    try:
        return one_tree(text, most_characters=_MOST_CHARACTERS, form="query", dialect=dialect)
    except Refused as error:
        raise Unmapped(error.problem, error.fix) from error


def resolved(tree: exp.Expr, resolve: Resolve) -> exp.Expr:
    """A copy of the tree with each column as `resolve` says; what it says is not looked into again.

    Raises Unmapped when that makes a very large tree: fields that name fields twice grow without end.
    """
    size = 0

    def put(node: exp.Expr) -> exp.Expr:
        nonlocal size
        if not isinstance(node, exp.Column):
            return node
        found = resolve(node)
        size += sum(1 for _ in found.walk())
        if size > MOST_NODES:
            raise Unmapped("its SQL is very long with its fields written out", "compute it in a view of the source")
        compound = isinstance(found, exp.Binary | exp.Connector | exp.Not | exp.Predicate)
        return exp.Paren(this=found.copy()) if compound and node.parent is not None else found.copy()

    return tree.transform(put)


def column(name: str) -> exp.Column:
    """A column of the dataset, quoted where its name needs it."""
    plain = re.fullmatch(r"[A-Za-z_]\w*", name) and name.upper() not in Tokenizer.KEYWORDS
    return exp.column(exp.to_identifier(name, quoted=not plain))


def value_text(tree: exp.Expr) -> str:
    """The text of a value over a row. Raises Unmapped, with the reason, when it may not stand in a definition."""
    return _checked(tree, check_expression)


def condition_text(tree: exp.Expr) -> str:
    """The text of a condition, ready to be AND-ed."""
    return _checked(_truth(tree.unnest().copy()), check_predicate)


def all_of(conditions: Iterable[str | None]) -> str | None:
    """One condition that holds where all of them do; the same one twice counts once."""
    kept = list(dict.fromkeys(one for one in conditions if one))
    if len(kept) < 2:
        return kept[0] if kept else None
    return " AND ".join(f"({one})" if re.search(r"\bOR\b", one, re.IGNORECASE) else one for one in kept)


def written(tree: exp.Expr) -> str:
    """The tree as SQL, without comments, as people write it."""
    return _Writer(comments=False).generate(tree)


class _Writer(Generator):
    TRANSFORMS: ClassVar = {
        **Generator.TRANSFORMS,
        exp.Not: lambda self, node: _not(self, node),
    }


def _not(writer: Generator, node: exp.Not) -> str:
    inner = node.this
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
        return f"{writer.sql(inner, 'this')} IS NOT NULL"
    if isinstance(inner, exp.In) and inner.expressions:
        return f"{writer.sql(inner, 'this')} NOT IN ({writer.expressions(inner, flat=True)})"
    return f"NOT {writer.sql(node, 'this')}"


def shown(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _truth(tree: exp.Expr) -> exp.Expr:
    """A bare column is a condition elsewhere (`WHERE is_paid`); here it is compared."""
    if isinstance(tree, exp.Column):
        return exp.EQ(this=tree.copy(), expression=exp.true())
    if isinstance(tree, exp.And | exp.Or | exp.Not | exp.Paren):
        for key in ("this", "expression"):
            child = tree.args.get(key)
            if isinstance(child, exp.Expr):
                tree.set(key, _truth(child))
    return tree


def _branched(tree: exp.Expr) -> exp.Expr:
    """IF(a, b, c) as CASE, which every engine knows."""

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Case) and node.this is None:
            for branch in node.args.get("ifs") or []:
                branch.set("this", _truth(branch.this))
        if not isinstance(node, exp.If) or isinstance(node.parent, exp.Case):
            return node
        return exp.Case(
            ifs=[exp.If(this=_truth(node.this), true=node.args.get("true"))], default=node.args.get("false")
        )

    return tree.transform(put)


def _checked(tree: exp.Expr, check: Callable[[str], object]) -> str:
    text = written(_branched(tree))
    try:
        check(text)
    except Refused as error:
        raise Unmapped(error.problem, error.fix) from error
    return text
