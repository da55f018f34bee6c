from __future__ import annotations

import pytest

from metricloop.plugins.statements import one_select
from metricloop.sdk import SourceFailed

READS = [
    ("postgres", "SELECT 1"),
    ("postgres", "  select '--', \"a;b\" from t;"),
    ("postgres", "WITH x AS (SELECT 1 AS a) SELECT * FROM x UNION ALL SELECT 2"),
    ("postgres", "(SELECT 1) UNION (SELECT 2)"),
    (
        "postgres",
        "SELECT COUNT(*) FILTER (WHERE a), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY b) FROM s.t GROUP BY 1",
    ),
    ("mysql", "SELECT `a` FROM `t` WHERE `b` = 'x\\\\' AND c = '/*'"),
    ("duckdb", "FROM t"),
    ("clickhouse", "SELECT quantileExactInclusive(0.5)(a) FROM t"),
]
OTHERS = [
    ("postgres", ""),
    ("postgres", ";"),
    ("postgres", "SELECT 1; SELECT 2"),
    ("postgres", "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x"),
    ("postgres", "WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT * FROM x"),
    ("postgres", "SELECT 1 INTO new_table"),
    ("postgres", "SELECT * FROM t FOR UPDATE"),
    ("postgres", "SELECT * FROM (SELECT * FROM t FOR SHARE) AS x"),
    ("postgres", "COPY t TO PROGRAM 'cat'"),
    ("postgres", "DO $$ BEGIN DELETE FROM t; END $$"),
    ("postgres", "EXPLAIN ANALYZE DELETE FROM t"),
    ("postgres", "SELECT 1 -- and more"),
    ("postgres", "SELECT /* and more */ 1"),
    ("postgres", "SELECT (" * 3000 + "1" + ")" * 3000),
    ("postgres", "SELECT 'unfinished"),
    ("mysql", "SELECT 1 --1 FOR UPDATE"),
    ("mysql", "SELECT 1 # FOR UPDATE"),
    ("mysql", "SELECT /*! SLEEP(20), */ 1"),
    ("mysql", "SELECT /*+ SET_VAR(sql_mode='') */ 1"),
    ("mysql", "SELECT a FROM t INTO OUTFILE 'x'"),
    ("mysql", "CALL p()"),
    ("duckdb", "PRAGMA database_list"),
    ("duckdb", "ATTACH 'x.db'"),
    ("duckdb", "INSTALL httpfs"),
    ("clickhouse", "SYSTEM SHUTDOWN"),
    ("clickhouse", "SELECT 1 INTO OUTFILE 'x'"),
]


@pytest.mark.parametrize(("dialect", "sql"), READS)
def test_one_select_passes(dialect: str, sql: str) -> None:
    assert one_select(sql, dialect, "shop") is not None


@pytest.mark.parametrize(("dialect", "sql"), OTHERS)
def test_anything_else_is_refused_with_its_place_and_a_fix(dialect: str, sql: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        one_select(sql, dialect, "shop")
    assert not caught.value.retryable
    assert caught.value.where == "shop"
    assert caught.value.fix
