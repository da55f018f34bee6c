"""Expressions and filters over the columns of a dataset: one allow-list of what they may hold.

It is a grammar of two sorts, values and conditions, so that what passes means the same on engines that have a boolean
type and on those that have none. What the grammar does not name is refused: other functions, queries, parameters,
division (engines disagree about x/0; a ratio is divided here, after it was added up). `docs/reference/sql.md` lists it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum, auto

from sqlglot import exp

from metricloop.define.sql_text import Refused, one_tree, shown

__all__ = ["Refused", "check_expression", "check_predicate", "columns_of", "parse_expression", "parse_predicate"]

_MOST_CHARACTERS = 2000
_MOST_DIGITS = 40


class _Sort(Enum):
    """What may stand in a place of the tree."""

    VALUE = auto()
    CONDITION = auto()
    CONSTANT = auto()  # a value without columns
    PATTERN = auto()  # of LIKE
    DIGITS = auto()  # a small whole number
    NOTHING = auto()  # NULL


_V, _C = _Sort.VALUE, _Sort.CONDITION
_Places = Mapping[str, _Sort]
_PAIR: _Places = {"this": _V, "expression": _V}
_ONE: _Places = {"this": _V}
_BOTH: _Places = {"this": _C, "expression": _C}

_CONDITIONS: Mapping[type[exp.Expr], _Places] = {
    exp.And: _BOTH, exp.Or: _BOTH, exp.Not: {"this": _C}, exp.Paren: {"this": _C},
    exp.EQ: _PAIR, exp.NEQ: _PAIR, exp.GT: _PAIR, exp.GTE: _PAIR, exp.LT: _PAIR, exp.LTE: _PAIR,
    exp.Is: {"this": _V, "expression": _Sort.NOTHING},
    exp.In: {"this": _V, "expressions": _Sort.CONSTANT},
    exp.Between: {"this": _V, "low": _V, "high": _V},
    exp.Like: {"this": _V, "expression": _Sort.PATTERN},
}  # fmt: skip
_VALUES: Mapping[type[exp.Expr], _Places] = {
    exp.Column: {}, exp.Literal: {}, exp.Boolean: {}, exp.Null: {}, exp.Paren: _ONE,
    exp.Neg: _ONE, exp.Add: _PAIR, exp.Sub: _PAIR, exp.Mul: _PAIR,
    exp.Case: {"this": _V, "default": _V},  # its branches are looked at apart
    exp.Coalesce: {"this": _V, "expressions": _V}, exp.Nullif: _PAIR,
    exp.Abs: _ONE, exp.Round: {"this": _V, "decimals": _Sort.DIGITS},
    exp.Lower: _ONE, exp.Upper: _ONE, exp.Trim: _ONE, exp.Length: _ONE, exp.Concat: {"expressions": _V},
    exp.Substring: {"this": _V, "start": _Sort.DIGITS, "length": _Sort.DIGITS},
    exp.Cast: _ONE,
}  # fmt: skip
_CONSTANTS = (exp.Literal, exp.Neg, exp.Paren, exp.Cast)
_LEAVES = (exp.Column, exp.Literal, exp.Boolean)
_OWN = frozenset({"this", "is_string"})
_MARKS = frozenset({"safe", "coalesce", "_type", "negate"})  # how the parser notes what is written anyway

_T = exp.DataType.Type
_TIMES = frozenset({_T.DATE, _T.TIMESTAMP, _T.DATETIME})
_TYPES = frozenset({_T.INT, _T.BIGINT, _T.DOUBLE, _T.DECIMAL, _T.TEXT, _T.VARCHAR, *_TIMES})
_SIZED = frozenset({_T.DECIMAL, _T.VARCHAR})
FUNCTIONS = "coalesce, nullif, abs, round, lower, upper, trim, substring, length, concat, cast, CASE"
_EXACT = "DECIMAL(30, 10)"


def check_predicate(text: str) -> frozenset[str]:
    """Columns that a filter names. Raises Refused unless the whole text is one allowed condition."""
    return frozenset(columns_of(parse_predicate(text)))


def check_expression(text: str) -> frozenset[str]:
    """Columns that an `expr` names. Raises Refused unless the text is one allowed value (not a condition)."""
    return frozenset(columns_of(parse_expression(text)))


def parse_predicate(text: str) -> exp.Expr:
    """The tree of a condition, every name quoted as written. Raises Refused. Does not know which columns exist."""
    return _parsed(text, _Sort.CONDITION)


def parse_expression(text: str) -> exp.Expr:
    """Like `parse_predicate`, for a value over one row."""
    return _parsed(text, _Sort.VALUE)


def columns_of(tree: exp.Expr) -> tuple[str, ...]:
    """Names of the columns that a tree reads, in order, each once."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False)))


def _parsed(text: str, sort: _Sort) -> exp.Expr:
    tree = one_tree(text, most_characters=_MOST_CHARACTERS)
    todo = [(tree, sort)]
    while todo:
        todo.extend(_inside(*todo.pop()))
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("quoted", True)
    return tree.transform(_portable, copy=False)


def _inside(node: exp.Expr, sort: _Sort) -> Iterator[tuple[exp.Expr, _Sort]]:
    """Looks at one node; gives what to look at next. Raises Refused."""
    if sort is _Sort.CONDITION:
        places = _places(node, _CONDITIONS, _VALUES, "is not a condition", "compare it, such as = TRUE or IS NULL")
    else:
        _check_place(node, sort)
        fix = "put a condition into filter, or write CASE WHEN condition THEN 1 ELSE 0 END"
        places = _places(node, _VALUES, _CONDITIONS, "is a condition, not a value", fix)
    _check_node(node)
    for name, value in node.args.items():
        if not value or name in _MARKS or (isinstance(node, _LEAVES) and name in _OWN):
            continue
        if isinstance(node, exp.Case) and name == "ifs":
            yield from _branches(node, sort)
        elif isinstance(node, exp.Cast) and name == "to":
            _check_type(node)
        elif name not in places:
            raise Refused(f"{shown(node)} is not allowed here", _fix_for(node))
        else:
            inner = sort if sort is _Sort.CONSTANT else places[name]
            yield from ((child, inner) for child in (value if isinstance(value, list) else [value]))


def _places(
    node: exp.Expr,
    wanted: Mapping[type[exp.Expr], _Places],
    other: Mapping[type[exp.Expr], _Places],
    problem: str,
    fix: str,
) -> _Places:
    if type(node) in wanted:
        return wanted[type(node)]
    if type(node) in other:
        raise Refused(f"{shown(node)} {problem}", fix)
    raise Refused(f"{shown(node)} is not allowed here", _fix_for(node))


def _branches(case: exp.Case, sort: _Sort) -> Iterator[tuple[exp.Expr, _Sort]]:
    """WHEN holds a condition, or after CASE value a value; THEN holds a value."""
    for branch in case.args["ifs"]:
        yield branch.this, _Sort.VALUE if case.this else _Sort.CONDITION
        yield branch.args["true"], sort


def _check_place(node: exp.Expr, sort: _Sort) -> None:
    """What a place demands beyond being a value."""
    if sort is _Sort.CONSTANT and not isinstance(node, _CONSTANTS):
        raise Refused(f"{shown(node)} stands in a list of values", "write column IN ('a', 'b'), with neither NULL")
    if sort is _Sort.NOTHING and not isinstance(node, exp.Null):
        raise Refused(f"IS {shown(node)} means different things to different engines", "write IS NULL, or = TRUE")
    if sort is _Sort.DIGITS and not (isinstance(node, exp.Literal) and re.fullmatch(r"[0-9]{1,4}", str(node.this))):
        raise Refused(f"{shown(node)} stands where a whole number must", "write a number such as 1")
    if sort is _Sort.PATTERN and not (isinstance(node, exp.Literal) and node.is_string and "\\" not in node.this):
        raise Refused(f"LIKE {shown(node)} is not a plain pattern", "write a text with % and _, and no backslash")


def _check_node(node: exp.Expr) -> None:
    if isinstance(node, exp.Column):
        _check_column(node)
    elif isinstance(node, exp.Literal):
        _check_literal(node)
    elif isinstance(node, exp.In) and not node.expressions:
        raise Refused(f"{shown(node)} is not a list of values", "write column IN ('a', 'b')")
    elif isinstance(node, exp.EQ | exp.NEQ) and _is_null(node):
        raise Refused(f"{shown(node)} is never true", "write IS NULL or IS NOT NULL")


def _is_null(node: exp.Expr) -> bool:
    return isinstance(node.this, exp.Null) or isinstance(node.args["expression"], exp.Null)


def _check_column(node: exp.Column) -> None:
    name = node.this
    if not isinstance(name, exp.Identifier):
        raise Refused(f"{shown(node)} is not a column", "name the columns one by one")
    if node.table:
        raise Refused(f"{shown(node)} names a table", f"write {node.name}: the dataset decides on its table")
    if not (name.quoted or re.fullmatch(r"\w+", name.name)):
        raise Refused(f"{name.name!r} is not a column name", "put a name with other signs into double quotes")
    if any(sign in '"`\\[]\t\n\r' for sign in name.name) or not name.name.strip():
        raise Refused(f"{name.name!r} is not a column name", "give the column a plain name in a view of the source")


def _check_literal(node: exp.Literal) -> None:
    text = str(node.this)
    if node.is_string:
        if any(unicodedata.category(character) == "Cc" for character in text):
            raise Refused("a text holds a line break or a tab", "leave it out")
    elif not re.fullmatch(r"[0-9]*\.?[0-9]*([eE][+-]?[0-9]{1,3})?", text) or len(text) > _MOST_DIGITS:
        raise Refused(f"{shown(node)} is not a number", f"write at most {_MOST_DIGITS} digits")
    elif not math.isfinite(float(text)):
        raise Refused(f"{shown(node)} is too large a number", "write a smaller one")


def _check_type(node: exp.Expr) -> None:
    """Few types, by plain sizes; a date in quotes must be one."""
    to = node.args["to"]
    sizes = [size.this for size in to.expressions if isinstance(size, exp.DataTypeParam)]
    plain = all(isinstance(size, exp.Literal) and re.fullmatch("[0-9]{1,3}", str(size.this)) for size in sizes)
    sized = not to.expressions or (to.this in _SIZED and plain and len(sizes) == len(to.expressions))
    if to.this not in _TYPES or to.args.get("nested") or not sized:
        fix = "cast to BIGINT, DOUBLE, DECIMAL(p, s), TEXT, DATE or TIMESTAMP"
        raise Refused(f"{shown(node)}: no cast to {shown(to)} here", fix)
    if to.this in _TIMES and isinstance(node.this, exp.Literal):
        _check_time(node.this)


def _check_time(literal: exp.Literal) -> None:
    try:
        plain = literal.is_string and datetime.fromisoformat(str(literal.this)).tzinfo is None
    except ValueError:
        plain = False
    if not plain or not str(literal.this).isascii():
        raise Refused(f"{shown(literal)} is not a date or time", "write DATE '2026-01-31', times without a zone")


def _portable(node: exp.Expr) -> exp.Expr:
    """Where engines differ about the same words, the words on which they agree."""
    if isinstance(node, exp.Round):
        # PostgreSQL rounds halves of floats to even and has no digits for them; of decimals all engines think alike.
        digits = node.args.get("decimals") or exp.Literal.number(0)
        return exp.Round(this=exp.cast(node.this, _EXACT), decimals=digits)
    if isinstance(node, exp.Concat):
        # NULL swallows the whole on some engines and is left out on others.
        texts = [exp.Coalesce(this=exp.cast(one, "text"), expressions=[_text("")]) for one in node.expressions]
        return exp.Concat(expressions=texts, safe=True, coalesce=False)
    return node


def _text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def _fix_for(node: exp.Expr) -> str:
    if isinstance(node, exp.Div | exp.IntDiv | exp.Mod):
        return "write a metric of type ratio (a ratio metric): its parts are fetched apart and divided here"
    if isinstance(node, exp.AggFunc | exp.Window):
        return "agg of the measure adds up; expr and filter see one row"
    if isinstance(node, exp.DPipe):
        return "write concat(a, b), in which NULL is an empty text"
    if isinstance(node, exp.Query | exp.Subquery | exp.Exists):
        return "join in the dataset, or write the dataset as sql"
    if isinstance(node, exp.Func):
        return f"no functions here but {FUNCTIONS}; or a view of the source"
    return "use columns, literals, comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL, CASE and + - *"
