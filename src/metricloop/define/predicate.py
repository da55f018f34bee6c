"""Filters and expressions over the columns of a dataset: an allow-list of what they may hold.

Allowed: column names without a table, literals, comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL, + - *.
No division: engines disagree about x/0, and a ratio is divided here, after it was added up. Everything else is refused
by being absent from the list: functions, subqueries, statements, comments, parameters.
This is the gate for text that ends in a query; a read-only role in the source is the wall behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_MOST_CHARACTERS = 2000
_MOST_DEPTH = 40  # the parser recurses; far below Python's limit

_COMPARISONS: tuple[type[exp.Expr], ...] = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like,
)  # fmt: skip
_LOGIC: tuple[type[exp.Expr], ...] = (exp.And, exp.Or, exp.Not)
_VALUES: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren,
    exp.Neg, exp.Add, exp.Sub, exp.Mul,
)  # fmt: skip
_ALLOWED = frozenset((*_COMPARISONS, *_LOGIC, *_VALUES))
_DATE_TYPES = frozenset({exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ})


class Refused(Exception):
    """Why a text may not go into a query (`problem`), and what to write instead (`fix`)."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix


def check_predicate(text: str) -> frozenset[str]:
    """Columns that a filter names. Raises Refused unless the whole text is one allowed condition."""
    return _checked(text, _check_condition)


def check_expression(text: str) -> frozenset[str]:
    """Columns that a measure's `expr` names. Raises Refused unless the text is one allowed value (not a condition)."""
    return _checked(text, _check_value)


def _checked(text: str, check_form: Callable[[exp.Expr], None]) -> frozenset[str]:
    try:
        tree = _parse(text)
        _check_nodes(tree)
        check_form(tree)
    except RecursionError as error:
        raise Refused("the text is nested too deeply", "simplify it") from error
    return frozenset(column.name for column in tree.find_all(exp.Column))


def _parse(text: str) -> exp.Expr:
    if not text.strip():
        raise Refused("the text is empty", "write a condition such as status = 'paid', or leave the key out")
    if len(text) > _MOST_CHARACTERS:
        raise Refused(f"the text has {len(text)} characters", f"write at most {_MOST_CHARACTERS}")
    try:
        _check_tokens(text)
        trees = [tree for tree in sqlglot.parse(text) if tree is not None]
    except SqlglotError as error:
        raise Refused(f"{text!r} is not a SQL expression ({_first_line(error)})", "write it as in a WHERE") from error
    if len(trees) != 1:
        raise Refused(f"{text!r} is {len(trees)} statements", "write one condition, without ;")
    return trees[0]


def _check_tokens(text: str) -> None:
    """Refuses comments and nesting before the recursive parser sees the text."""
    depth = 0
    for token in sqlglot.tokenize(text):
        if token.comments:
            raise Refused("the text holds a SQL comment", "write the comment in YAML, after #")
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if depth > _MOST_DEPTH:
            raise Refused(f"brackets are nested more than {_MOST_DEPTH} deep", "simplify the condition")


def _check_nodes(tree: exp.Expr) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Cast) or _inside_date(node):
            _check_date(node)
        elif type(node) not in _ALLOWED:
            raise Refused(f"{_shown(node)} is not allowed here", _fix_for(node))
        elif isinstance(node, exp.Column) and node.table:
            raise Refused(f"{_shown(node)} names a table", f"write {node.name}: a dataset is one table")
        elif isinstance(node, exp.Identifier) and not (node.quoted or re.fullmatch(r"\w+", node.name)):
            raise Refused(f"{node.name!r} is not a column name", "put a name with other signs into double quotes")
        elif isinstance(node, exp.In) and not node.expressions:
            raise Refused(f"{_shown(node)} is not a list of values", "write column IN ('a', 'b')")
        elif isinstance(node, exp.In | exp.Like) and any(value.find(exp.Column) for value in _right_side(node)):
            raise Refused(f"{_shown(node)} compares with columns", "list literal values")


def _right_side(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, exp.In):
        yield from node.expressions
    elif isinstance(node.expression, exp.Expr):
        yield node.expression


def _inside_date(node: exp.Expr) -> bool:
    return isinstance(node, exp.DataType) and isinstance(node.parent, exp.Cast)


def _check_date(node: exp.Expr) -> None:
    """`DATE '2013-01-01'` is a literal; any other cast is a function."""
    if isinstance(node, exp.DataType):
        return
    literal = isinstance(node.this, exp.Literal) and node.this.is_string
    if not literal or node.args["to"].this not in _DATE_TYPES:
        raise Refused(f"{_shown(node)} is not allowed here", "compare the column as it is, or with DATE '2013-01-31'")


def _check_condition(tree: exp.Expr) -> None:
    """Every branch of AND, OR and NOT must be a comparison: `1` or a bare column is no condition."""
    if isinstance(tree, _COMPARISONS):
        return
    if not isinstance(tree, (*_LOGIC, exp.Paren)):
        raise Refused(f"{_shown(tree)} is not a condition", "compare it with something, such as = TRUE or IS NULL")
    for child in (tree.this, tree.args.get("expression")):
        if isinstance(child, exp.Expr):
            _check_condition(child)


def _check_value(tree: exp.Expr) -> None:
    for node in tree.walk():
        if isinstance(node, (*_COMPARISONS, *_LOGIC)):
            raise Refused(f"{_shown(tree)} is a condition, not a value", "put the condition into filter")


def _fix_for(node: exp.Expr) -> str:
    if isinstance(node, exp.Div):
        return "write a ratio metric: numerator and denominator are fetched apart and divided here"
    if isinstance(node, exp.Func):
        return "a filter holds no functions: compute the value in the source, as a column or a view"
    if isinstance(node, exp.Query | exp.Subquery):
        return "a filter holds no queries: join in the source, as a view"
    return "use columns, literals, comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL and simple arithmetic"


def _shown(node: exp.Expr) -> str:
    text = node.sql()
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _first_line(error: SqlglotError) -> str:
    return str(error).splitlines()[0].partition("\x1b")[0].strip().rstrip(".")
