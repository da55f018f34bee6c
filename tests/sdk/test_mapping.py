"""From messages to records: exactly what stands there, or a refusal that says why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from metricloop.sdk import Mapper, Record, TableOptions
from metricloop.sdk.plain_values import ColumnOptions, plain
from metricloop.sdk.selectors import selector

AT = "2026-03-01T12:00:00Z"


def table(**more: Any) -> TableOptions:
    columns = {"id": "integer", "at": {"type": "timestamp", "path": "$.created.at"}, "shop": {"path": "$$.meta.shop"}}
    return TableOptions.model_validate(
        {"columns": columns, "key": ["id"], "time": "at", "records": "$.data[*]", **more}
    )


def message(*records: Any) -> str:
    return json.dumps({"meta": {"shop": "north"}, "data": list(records)})


def test_records_columns_key_and_time_stand_where_the_paths_say() -> None:
    taken = Mapper("orders", table()).read(message({"id": 7, "created": {"at": "2026-03-01T20:00:00+08:00"}}))
    body = {"id": 7, "at": "2026-03-01T12:00:00", "shop": "north"}
    assert taken.records == [Record("orders", "7", datetime(2026, 3, 1, 12, tzinfo=UTC), body)]
    assert taken.refused == []


def test_one_bad_record_of_a_message_is_refused_alone() -> None:
    good = {"id": 1, "created": {"at": AT}}
    taken = Mapper("orders", table()).read(
        message(good, {"id": "x", "created": {"at": AT}}, [], good | {"created": {}})
    )
    assert len(taken.records) == 1
    assert [one.reason for one in taken.refused] == [
        'column id: "x" is not a number',
        "a record must be a JSON object, this is a list",
        "column at: it says when, and must not be empty",
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xff\xfe", "not UTF-8"),
        ('{"data": [', "not JSON"),
        ("", "not JSON"),
        ('{"data": NaN}', "NaN is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"other": []}', "nothing stands at"),
        ('"text"', "nothing stands at"),
    ],
)
def test_a_message_that_cannot_be_understood_is_kept_whole_with_the_reason(raw: bytes | str, reason: str) -> None:
    taken = Mapper("orders", table()).read(raw)
    assert taken.records == () and reason in taken.refused[0].reason
    if isinstance(raw, str):
        assert taken.refused[0].body == raw


@pytest.mark.parametrize("raw", ['{"data": []}', '{"data": null}'])
def test_no_records_are_not_the_same_as_a_path_that_leads_nowhere(raw: str) -> None:
    taken = Mapper("orders", table()).read(raw)
    assert taken.records == [] and taken.refused == []


def test_without_a_declared_key_the_delivery_says_which_record_it_is() -> None:
    keyless = Mapper("orders", table(key=[]))
    one, two = {"id": 1, "created": {"at": AT}}, {"id": 2, "created": {"at": AT}}
    assert [r.key for r in keyless.read(message(one), delivery="s 5").records] == ["s 5"]
    assert [r.key for r in keyless.read(message(one, two), delivery="s 5").records] == ["s 5#0", "s 5#1"]
    assert [r.key for r in keyless.read(message(one)).records] == [None]
    assert [r.key for r in Mapper("orders", table()).read(message({**one, "id": None})).records] == [None]


def test_what_the_envelope_says_can_be_a_column() -> None:
    options = TableOptions.model_validate({"columns": {"plant": {"path": "@topic.1"}, "none": {"path": "@other"}}})
    (record,) = Mapper("t", options).read("{}", {"topic.1": "p3"}).records
    assert record.body == {"plant": "p3", "none": None}


def test_a_version_orders_two_contents() -> None:
    options = TableOptions.model_validate(
        {"columns": {"id": "text", "rev": "timestamp"}, "key": ["id"], "version": "rev"}
    )
    old, new = (Mapper("t", options).read(json.dumps({"id": "a", "rev": rev})).records[0] for rev in (AT, "2026-03-02"))
    assert old.version is not None and new.version is not None and old.version < new.version


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ({"type": "integer"}, "9007199254740993", 9007199254740993),
        ({"type": "integer"}, 3.0, 3),
        ({"type": "number"}, "1e3", 1000.0),
        ({"type": "boolean"}, "TRUE", True),
        ({"type": "boolean"}, 0, False),
        ({"type": "text"}, {"b": 1, "a": 2}, '{"a": 2, "b": 1}'),
        ({"type": "text"}, 5, "5"),
        ({"type": "timestamp", "format": "epoch"}, 1772366400, "2026-03-01T12:00:00"),
        ({"type": "timestamp", "format": "epoch_ms"}, "1772366400500", "2026-03-01T12:00:00.500000"),
        ({"type": "timestamp", "zone": "Asia/Shanghai"}, "2026-03-01 20:00", "2026-03-01T12:00:00"),
        (
            {"type": "timestamp", "format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"},
            "01.07.2026 14:00",
            "2026-07-01T12:00:00",
        ),
        ({"type": "date"}, "2026-03-01", "2026-03-01"),
        ({"type": "date", "zone": "Asia/Shanghai"}, "2026-03-01T20:00:00Z", "2026-03-02"),
        ({"type": "number"}, None, None),
    ],
)
def test_a_value_becomes_what_its_type_says(column: dict[str, Any], value: Any, kept: Any) -> None:
    assert plain(value, ColumnOptions.model_validate(column)) == kept


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 1.5),
        ("integer", True),
        ("integer", 2**63),
        ("number", "1,234"),
        ("number", "NaN"),
        ("number", 10**400),
        ("number", []),
        ("boolean", "maybe"),
        ("timestamp", 1772366400),
        ("timestamp", "yesterday"),
        ("date", "2026-13-01"),
        ("text", "a\x00b"),
        ("text", "\ud800"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_never_guessed(kind: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        plain(value, ColumnOptions.model_validate({"type": kind}))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"columns": {}}, "at least 1"),
        ({"columns": {"_key": "text"}}, "must not begin with _"),
        ({"columns": {"a": "text", "A": "text"}}, "upper and lower case"),
        ({"columns": {"a": "text"}, "key": ["b"]}, "'b' is none of the columns"),
        ({"columns": {"a": "text"}, "time": "a"}, "must be a timestamp"),
        ({"columns": {"a": "text"}, "version": "a"}, "must be a number"),
        ({"columns": {"a": {"path": "$..a"}}}, "is not a path"),
        ({"columns": {"a": {"type": "text", "format": "epoch"}}}, "only a timestamp"),
        ({"columns": {"a": "money"}}, "'text', 'integer'"),
    ],
)
def test_a_table_that_does_not_hang_together_says_why(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        TableOptions.model_validate(wrong)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_nothing_that_arrives_raises(raw: bytes | str) -> None:
    taken = Mapper("orders", table()).read(raw)
    assert len(taken.records) + len(taken.refused) >= 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "at", "created"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=4))
def test_every_record_is_taken_or_refused_and_none_is_lost(records: list[Any]) -> None:
    taken = Mapper("orders", table()).read(message(*records))
    assert len(taken.records) + len(taken.refused) == len(records)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", [{"a": {"b c": [1, 2]}, "n": None}]),
        ("a", [{"b c": [1, 2]}]),
        ("$.a['b c'][*]", [1, 2]),
        ('$.a["b c"]', [1, 2]),
        ("$.a['b c'][-1]", [2]),
        ("$.a.*", [[1, 2]]),
        ("$.n", []),
        ("$.x", None),
        ("$.a['b c'][5]", None),
    ],
)
def test_a_path_selects_what_it_names(path: str, found: list[Any] | None) -> None:
    assert selector(path).every({"a": {"b c": [1, 2]}, "n": None}) == found


@pytest.mark.parametrize("path", ["$..a", "$.a[?(@.b)]", "$.a b", "$.a[1:2]", "$.", "$['a", "a" + ".a" * 60])
def test_a_path_beyond_the_plain_part_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        selector(path)
