"""Which tables a query reads, seen through WITH and subqueries, and whether it may."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from sqlglot import exp

from metricloop.define.sql_text import Refused
from metricloop.define.sql_vocabulary import SYSTEM_SCHEMAS, SYSTEM_TABLES

# No dot, slash, colon or star: some engines take such a name for a file, although it is quoted.
_TABLE = re.compile(r"[\w $#-]{1,128}")


def check_tables(tree: exp.Expr, allowed: Collection[str] | None) -> frozenset[str]:
    """Names of the real tables, dotted. Raises Refused on a system's own, on one outside `allowed`, on a function."""
    known = None if allowed is None else {_folded(name) for name in allowed}
    found = set()
    for table in tree.find_all(exp.Table):
        parts = table.parts
        if not isinstance(table.this, exp.Identifier) or not all(isinstance(part, exp.Identifier) for part in parts):
            raise Refused("a FROM names something that is no table", "name tables and views of the source only")
        _check_parts([part.name for part in parts])
        if len(parts) == 1 and _is_with(table):
            continue
        name = ".".join(part.name for part in parts)
        if known is not None and _folded(name) not in known:
            fix = f"use {', '.join(sorted(allowed or ())) or 'none'}, or add it to the tables of the source"
            raise Refused(f"the table {name} may not be read", fix)
        found.add(name)
    for cte in tree.find_all(exp.CTE):
        _check_not_itself(cte)
    return frozenset(found)


def check_table(name: str) -> None:
    """Raises Refused for the dotted name of a table that belongs to a database system. Any other name may stand there,
    since it is quoted when it is sent.
    """
    *schemas, table = name.split(".")
    if _folded(table).startswith(SYSTEM_TABLES) or any(_folded(schema) in SYSTEM_SCHEMAS for schema in schemas):
        raise Refused(f"{name} belongs to the database system", "read your own tables only")


def _check_parts(parts: list[str]) -> None:
    for part in parts:
        if not _TABLE.fullmatch(part):
            raise Refused(f"{part!r} is not the plain name of a table", "files and addresses are read by a source")
    check_table(".".join(parts))


def _is_with(table: exp.Table) -> bool:
    """Does the name lead to a WITH around it that stands before it? When in doubt it counts as a real table."""
    return any(_same(cte.args["alias"].this, table.this) for cte in _visible(table))


def _visible(node: exp.Expr) -> Iterator[exp.CTE]:
    """The WITH queries that a name at this node may mean: of each query around it, and the earlier ones of its own."""
    inside: exp.Expr | None = None
    current: exp.Expr | None = node
    while current is not None:
        if isinstance(current, exp.CTE):
            inside = current
        elif isinstance(current, exp.With):
            for cte in current.expressions:
                if cte is inside:
                    break
                yield cte
        else:
            with_ = current.args.get("with_")
            if isinstance(with_, exp.With) and (inside is None or inside.parent is not with_):
                yield from with_.expressions
        current = current.parent


def _check_not_itself(cte: exp.CTE) -> None:
    """A WITH that reads itself never ends, and SQLite needs no word RECURSIVE for it."""
    name = cte.args["alias"].this
    if any(len(table.parts) == 1 and _folded(table.name) == _folded(name.name) for table in cte.find_all(exp.Table)):
        raise Refused(f"WITH {name.name} reads itself", "give the table inside another name, or its schema")


def _same(one: exp.Identifier, other: exp.Identifier) -> bool:
    if one.name == other.name:
        return True
    return not (one.quoted or other.quoted) and one.name.lower() == other.name.lower()


def _folded(name: str) -> str:
    """Letter case, accents and look-alikes aside, as the most generous engine compares."""
    plain = unicodedata.normalize("NFKD", name.replace("\u0131", "i"))
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()
