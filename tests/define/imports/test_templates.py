"""Templates are read as references, or refused; none is evaluated."""

from __future__ import annotations

import pytest

from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.templates import Reference, mark_braces, mark_calls, mark_dollars


def test_a_dimension_of_dbt_is_a_reference() -> None:
    found = mark_calls("{{ Dimension('order__status') }} = 'paid' and {{Dimension(\"order__status\")}} <> 'x'")
    assert found.sql == "mark__0 = 'paid' and mark__0 <> 'x'"
    assert found.references == {"mark__0": Reference("Dimension", ("order", "status"))}


def test_members_and_tables_of_cube_are_told_apart() -> None:
    found = mark_braces("{CUBE}.a + {CUBE.b} + {c} + ${stores.region}")
    assert found.sql == "mark__0.a + mark__1 + mark__2 + mark__3"
    assert [one.kind for one in found.references.values()] == ["table", "member", "member", "member"]


def test_fields_of_lightdash_are_references() -> None:
    found = mark_dollars("${TABLE}.amount + ${tax}")
    assert found.sql == "mark__0.amount + mark__1"


@pytest.mark.parametrize(
    "text",
    [
        "{{ var('x') }} = 1",
        "{{ env_var('HOME') }} = 'x'",
        "{{ Dimension('a__b').grain('day') }} = 1",
        "{{ Metric('m', group_by=['a']) }} > 1",
        "{{ Dimension('a') or ''.__class__ }} = 1",
        "{% if true %} a = 1 {% endif %}",
        "{{ Dimension('a__b' ~ 'c') }} = 1",
        "mark__0 = 1",
    ],
)
def test_no_other_template_of_dbt_is_read(text: str) -> None:
    with pytest.raises(Unmapped):
        mark_calls(text)


@pytest.mark.parametrize(
    "text",
    ["{{ x }}", "{% x %}", "{FILTER_PARAMS.a.b.filter('c')}", "{SECURITY_CONTEXT.tenant}", "{a b}", "{}", "{a.b.c.d}"],
)
def test_no_other_template_of_cube_is_read(text: str) -> None:
    with pytest.raises(Unmapped):
        mark_braces(text)


@pytest.mark.parametrize("text", ["${ld.user.email == 1}", "${lightdash['x']}", "{{ x }}", "${}", "{a}"])
def test_no_other_template_of_lightdash_is_read(text: str) -> None:
    with pytest.raises(Unmapped):
        mark_dollars(text)


def test_braces_in_a_text_are_no_template() -> None:
    assert mark_braces("a = '{' and b = c").references == {}
