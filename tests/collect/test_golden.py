"""What each dialect is sent, word for word: engines that no test machine has are changed on purpose only."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from metricloop.collect.compile import DIALECTS
from metricloop.plugins.statements import one_select
from tests.collect.golden_sql import FOLDER, QUERIES, written


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_is_what_was_written_down(dialect: str) -> None:
    path = FOLDER / f"{dialect}.sql"
    assert path.read_text(encoding="utf-8") == written(dialect), "python -m tests.collect.golden_sql writes it anew"


def test_every_file_is_of_a_dialect() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(DIALECTS)


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_query_is_one_select_that_never_divides(dialect: str, name: str) -> None:
    tree = one_select(QUERIES[name](dialect), dialect, "here")
    assert not tree.find(exp.Div)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_literals_come_back_as_they_were_written(dialect: str) -> None:
    tree = sqlglot.parse_one(QUERIES["literals"](dialect), read=dialect)
    texts = {str(literal.this) for literal in tree.find_all(exp.Literal) if literal.is_string}
    assert {"back\\slash", "it's", "顺丰"} <= texts
