"""The words that a dataset written as SQL may use: parts of a query, operators, functions, types.

A list of what is known to compute over its arguments alone. What reads files, the network, settings or the clock,
waits, makes rows or text out of nothing, or searches by regular expression is not on it, nor is what nobody asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _classes(names: str) -> frozenset[type[exp.Expr]]:
    """Fails at import, when an upgrade of sqlglot renames one."""
    return frozenset(getattr(exp, name) for name in _words(names))


# Parts whose every argument is named here: some arguments are rendered as they are, others change what is read.
STRUCTURE: Mapping[type[exp.Expr], frozenset[str]] = {
    getattr(exp, name): _words(arguments)
    for name, arguments in {
        "Select": "expressions distinct from_ joins where group having qualify windows order limit offset with_",
        "Union": "this expression distinct by_name order limit offset with_",
        "Intersect": "this expression distinct order limit offset with_",
        "Except": "this expression distinct order limit offset with_",
        "Subquery": "this alias with_",
        "With": "expressions",
        "CTE": "this alias",
        "From": "this",
        "Table": "this db catalog alias joins",
        "Final": "this",
        "TableAlias": "this columns",
        "Join": "this side kind method on using",
        "Values": "expressions alias",
        "Where": "this",
        "Group": "expressions",
        "Having": "this",
        "Qualify": "this",
        "Order": "expressions this",
        "Ordered": "this desc nulls_first",
        "Limit": "expression",
        "Offset": "expression",
        "Distinct": "expressions on",
        "Star": "except_ replace",
        "Alias": "this alias",
        "Identifier": "this quoted",
        "Column": "this table db catalog",
        "Literal": "this is_string",
        "Window": "this partition_by order spec over alias",
        "WindowSpec": "kind start start_side end end_side",
        "In": "this expressions query",
        "Cast": "this to safe",
        "TryCast": "this to safe requires_string",
        "DataType": "this expressions nullable",
        "DataTypeParam": "this",
        "Var": "this",
        "Interval": "this unit",
        "JSONPathKey": "this",
        "JSONPathSubscript": "this",
    }.items()
}
JOINS = frozenset({"", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "SEMI", "ANTI", "ASOF"})

OPERATORS = _classes(
    "Paren Tuple Boolean Null Case If And Or Not Exists EQ NEQ GT GTE LT LTE Is Between Like ILike Escape"
    " NullSafeEQ NullSafeNEQ Neg Add Sub Mul Div IntDiv Mod DPipe Filter WithinGroup"
    " JSONPath JSONPathRoot"
)
FUNCTIONS = _classes(
    # over many rows
    "Count CountIf Sum Avg Min Max Median PercentileCont PercentileDisc Quantile ApproxDistinct AnyValue ArgMax ArgMin"
    " Stddev StddevPop StddevSamp Variance VariancePop LogicalOr LogicalAnd IgnoreNulls RespectNulls"
    " RowNumber Rank DenseRank PercentRank CumeDist Ntile Lag Lead FirstValue LastValue NthValue"
    # over one value
    " Coalesce Nullif Greatest Least Abs Round Floor Ceil Sign Sqrt Exp Ln Log Pow"
    " Lower Upper Trim Substring Length Concat ConcatWs Replace Left Right StrPosition SplitPart StartsWith Initcap"
    " JSONExtract JSONExtractScalar"
    # over times
    " DateTrunc TimestampTrunc DatetimeTrunc Extract Year Quarter Month Week Day Hour Minute Second DayOfMonth"
    " DayOfWeek DayOfYear WeekOfYear LastDay Date Timestamp TsOrDsToDate TsOrDsToTimestamp DateFromParts"
    " DateAdd DateSub DateDiff TimestampAdd TimestampSub TimestampDiff DatetimeAdd DatetimeSub DatetimeDiff TsOrDsAdd"
    " TsOrDsDiff TimeToStr StrToTime StrToDate StrToUnix TimeStrToTime TimeStrToDate UnixToTime TimeToUnix AtTimeZone"
)
# Functions that the parser knows by name only. In lower case.
BY_NAME = _words(
    "date_part make_date age datetime julianday unixepoch total date_diff"
    " todate todatetime todatetime64 tostring toint32 toint64 tofloat64 todecimal64 toyear tomonth tohour"
    " sumif avgif minif maxif uniqexact uniqexactif uniq"
)
CLOCKS = _classes("CurrentDate CurrentTime CurrentTimestamp CurrentDatetime Localtime Localtimestamp")
NAMED = _classes("Anonymous AnonymousAggFunc CombinedAggFunc")

_TYPE_NAMES = (
    "TINYINT SMALLINT INT BIGINT UTINYINT USMALLINT UINT UBIGINT FLOAT DOUBLE DECIMAL BOOLEAN CHAR NCHAR VARCHAR"
    " NVARCHAR TEXT DATE TIME DATETIME DATETIME64 TIMESTAMP TIMESTAMPTZ TIMESTAMPLTZ TIMESTAMPNTZ INTERVAL JSON JSONB"
    " UUID INT128 BIGDECIMAL DECIMAL64 DECIMAL128 DATE32"
)
TYPES = frozenset(exp.DataType.Type[name] for name in _words(_TYPE_NAMES))

# Words that some engines take for a function when they stand alone.
BARE_FUNCTIONS = _words(
    "current_user session_user system_user current_role current_catalog current_schema current_database user"
    " current_date current_time current_timestamp localtime localtimestamp sysdate systimestamp sysdatetime"
    " utc_date utc_time utc_timestamp today uid rownum"
)
SYSTEM_SCHEMAS = _words(
    "pg_catalog pg_toast pg_temp information_schema mysql performance_schema sys system sqlite_schema"
    " duckdb_internal account_usage crdb_internal"
    # schemas that are kinds of files to Spark
    " csv json parquet orc avro delta text binaryfile jdbc"
)
SYSTEM_TABLES = ("pg_", "sqlite_", "duckdb_", "pragma_", "svv_", "stl_", "stv_", "svl_", "information_schema")
