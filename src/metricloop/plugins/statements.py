"""Exactly one SELECT: what a source plugin makes sure of before anything reaches a server."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metricloop.sdk import SourceFailed

_STARTS = ("SELECT", "WITH", "FROM", "(")
_WRITES = (exp.DML, exp.DDL, exp.Into, exp.Lock, exp.Command, exp.Set, exp.Pragma, exp.Use)


def one_select(sql: str, dialect: str, where: str) -> exp.Query:
    """The statement's tree. Raises SourceFailed on anything but one SELECT that neither writes nor locks.

    Comments are refused: engines do not agree where one ends (`--1`, `/*! */`), so one may hide what is run. This is
    no list of allowed functions or tables; texts that people write go through such a list before they get here.
    """
    if not sql.lstrip().upper().startswith(_STARTS):
        raise _refused("only one SELECT is allowed", where)
    try:
        commented = any(token.comments for token in sqlglot.tokenize(sql, dialect=dialect))
        statements = [tree for tree in sqlglot.parse(sql, dialect=dialect) if tree is not None]
    except (SqlglotError, RecursionError) as error:
        raise _refused(f"this SELECT cannot be understood: {_first_line(error)}", where) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query) or any(statements[0].find_all(*_WRITES)):
        raise _refused("only one SELECT is allowed", where)
    if commented:
        raise _refused("a SELECT with a comment is not sent", where, "leave comments and hints out")
    return statements[0]


def _refused(problem: str, where: str, fix: str = "read, never write, a source") -> SourceFailed:
    return SourceFailed(problem, retryable=False, where=where, fix=fix)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
