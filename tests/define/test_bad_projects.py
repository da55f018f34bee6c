"""Every way a project can be wrong: each gives one issue, at the right line, with the fix.

A case changes one place of a good project: (old text, new text, text of the line to blame, problem, fix).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.define.projects import SHOP, changed, issues_of, read

SHAPES = {
    "zone that does not exist": (
        "timezone: Asia/Shanghai",
        "timezone: Asia/Shangai",
        "timezone:",
        "not a time zone",
        "did you mean Asia/Shanghai",
    ),
    "zone missing": ("timezone: Asia/Shanghai\n", "", "project: shop", "timezone is missing", "add timezone:"),
    "language": ("project: shop", "project: shop\nlanguage: fr", "language:", "language is 'fr'", "zh, en"),
    "mode": ("project: shop", "project: shop\nmode: asisted", "mode:", "'asisted'", "did you mean assisted"),
    "misspelt key": ("agg: sum", "agregation: sum", "agregation", "not a known key", "known: name, agg"),
    "missing key": ("        agg: sum\n", "", "- name: amount", "measures.2.agg is missing", "add agg: count"),
    "word of no list": ("agg: sum", "agg: sums", "agg: sums", "agg is 'sums'", "did you mean sum?"),
    "name with blanks": ("- name: orders\n", "- name: my orders\n", "my orders", "not a name", "letters, digits"),
    "text for a number": ("minimum_impact: 5", "minimum_impact: five", "minimum_impact", "is 'five'", "write a number"),
    "negative gate": ("minimum_impact: 5", "minimum_impact: -5", "minimum_impact", "greater than or equal to 0", ""),
    "fraction of a bucket": (
        "minimum_impact: 5",
        "minimum_buckets: 1.5",
        "minimum_buckets",
        "is 1.5",
        "a whole number",
    ),
    "yes for true": ("severity: S2", "review_required: yes", "review_required", "is 'yes'", "true or false"),
    "text for a list": ("dimensions: [city, 承运商]", "dimensions: city", "dimensions", "is 'city'", "a list"),
    "list for a block": ("gates: {minimum_impact: 5}", "gates: [5]", "gates", "is [5]", "a block"),
    "no lateness": ("    lateness: 2h\n", "", "- name: orders", "lateness is missing", "add lateness: 1h"),
    "lateness without unit": ("lateness: 2h", "lateness: 2", "lateness", "not a duration", "s, m, h, d or w"),
    "lateness in words": ("lateness: 2h", "lateness: two hours", "lateness", "not a duration", "such as 8h"),
    "no time column": ("    time_column: created_at\n", "", "- name: orders", "time_column is missing", "created_at"),
    "empty column": ("time_column: created_at", 'time_column: ""', "time_column", "not a column name", "created_at"),
    "severity": ("severity: S2", "severity: high", "severity", "severity is 'high'", "S1, S2, S3, S4"),
    "level": ("level: L1", "level: L4", "level: L4", "'L4'", "L1, L2, L3"),
    "direction": (
        "good_direction: up\n  - name: rev",
        "good_direction: higher\n  - name: rev",
        "higher",
        "'higher'",
        "up",
    ),
    "currency code": ("unit: CNY,", "unit: CNY, value_of_one: 1, currency: Yuan,", "Yuan", "currency", ""),
    "grain of no kind": ("grains: [day]", "grains: [fortnight]", "grains: [fortnight]", "'fortnight'", "hour, day"),
    "label in French": ("label: 收入", "label: {fr: recettes}", "label: {fr", "not a text", "{en: On-time rate"),
    "secret in the file": ("env:SHOP_PASSWORD", "hunter2", "options", "secret in plain sight", "env:NAME"),
    "role": ("roles: [owner]", "roles: [boss]", "roles", "'boss'", "viewer"),
    "slice of a number": ("[上海, 北京]", "[1.5]", "slice:", "not a value of a dimension", "in quotes"),
    "playbook without steps": (
        "    metrics: [paid_rate]\n    steps:\n",
        "    metrics: [paid_rate]\n    steps: []\n    old:\n",
        "steps: []",
        "at least 1 item",
        "write steps:",
    ),
}

FILTERS = {
    "not SQL": ("status = 'paid'", "status = = 1", "name: paid", "not a SQL expression", "WHERE"),
    "function": ("status = 'paid'", "version() = 'x'", "name: paid", "not allowed", "no functions"),
    "subquery": ("status = 'paid'", "id IN (SELECT id FROM users)", "name: paid", "not a list of values", "IN ("),
    "statement": ("status = 'paid'", "1 = 1; DROP TABLE orders", "name: paid", "2 statements", "without ;"),
    "comment": ("status = 'paid'", "a = 1 /* or 1 */", "name: paid", "SQL comment", "after #"),
    "no condition": ("status = 'paid'", "1", "name: paid", "'1' is not a condition", "compare"),
    "bare column": ("status = 'paid'", "status", "name: paid", "not a condition", "IS NULL"),
    "system table": ("table: public.orders", "table: pg_catalog.pg_authid", "table:", "database system", "your own"),
    "another table": ("status = 'paid'", "users.id = 1", "name: paid", "names a table", "write id"),
    "too deep": ("status = 'paid'", "(" * 60 + "a = 1" + ")" * 60, "name: paid", "20 deep", "simplify"),
    "division": ("expr: price - rebate", "expr: price / rebate", "expr:", "not allowed", "ratio metric"),
    "condition as value": ("expr: price - rebate", "expr: price > 1", "expr:", "is a condition", "into filter"),
    "sum of ones": ("        expr: price - rebate\n", "", "- name: amount", "sums nothing", "expr: COLUMN"),
}

REFERENCES = {
    "source": ("source: warehouse", "source: warehous", "source:", "does not exist", "did you mean warehouse?"),
    "dataset": (
        "    dataset: orders\n    numerator",
        "    dataset: order\n    numerator",
        "dataset: order",
        "not exist",
        "orders?",
    ),
    "measure": (
        "numerator: paid",
        "numerator: payed",
        "numerator",
        "no measure of dataset orders",
        "did you mean paid?",
    ),
    "metric of a monitor": (
        "metric: paid_rate",
        "metric: payrate",
        "metric: payrate",
        "not exist",
        "did you mean paid_rate?",
    ),
    "owner": ("      owner: li_hua", "      owner: lihua", "owner: lihua", "person lihua", "did you mean li_hua?"),
    "metric of a playbook": ("metrics: [paid_rate]", "metrics: [x]", "metrics: [x]", "metric x", "paid_rate, revenue"),
    "person of a step": ("to: li_hua", "to: boss", "to: boss", "person boss", "known people: ann, li_hua"),
    "channel": ("{channel: desk, address: ann}", "{channel: mail, address: ann}", "mail", "channel mail", "desk"),
    "fallback": ("fallback: li_hua", "fallback: nobody", "fallback", "person nobody", "known people"),
    "escalation": ("{wait: 30m, person: ann}", "{wait: 30m, person: anne}", "anne", "person anne", "did you mean ann?"),
    "responsible": ("      person: ann\n", "      person: bob\n", "person: bob", "person bob", "known people"),
    "dimension of a slice": ("{city: [", "{town: [", "town", "no dimension of any dataset", "city"),
    "watched dimension": ('slices: ["", city]', 'slices: ["", citi]', "slices", "no dimension", "did you mean city?"),
}

MEANING = {
    "ratio without denominator": (
        "    denominator: orders\n",
        "",
        "- name: paid_rate",
        "denominator is missing",
        "ratio",
    ),
    "ratio of itself": ("denominator: orders", "denominator: paid", "denominator", "the same", "two measures"),
    "simple with numerator": (
        "measure: amount",
        "numerator: amount\n    measure: amount",
        "numerator: amount",
        "does not belong",
        "remove",
    ),
    "percent": ("unit: ratio", "unit: percent", "unit: percent", "unit is percent", "write ratio"),
    "simple ratio": ("unit: CNY", "unit: ratio", "unit: ratio, good", "cannot have the unit ratio", "write count"),
    "value without currency": (
        "unit: CNY,",
        "unit: CNY, value_of_one: 3,",
        "value_of_one",
        "no currency",
        "add currency",
    ),
    "grain the metric lacks": (
        'metric: paid_rate\n    grain: day\n    slices: ["", city]',
        'metric: revenue\n    grain: hour\n    slices: ["", city]',
        "grain: hour",
        "no grain hour",
        "grains: day",
    ),
    "slice twice": ('slices: ["", city]', 'slices: ["", city, city]', "slices", "city twice", "remove one"),
    "budget of nothing": ("budget: 0.01", "budget: 0", "options: {budget", "budget is 0", "above 0"),
    "budget of words": ("budget: 0.01", "budget: low", "budget: low", "budget is 'low'", "above 0"),
    "negative effect": ("budget: 0.01", "minimum_effect: -1", "minimum_effect", "is -1", "0 or more"),
    "side": ("budget: 0.01", "direction: low", "direction: low", "direction is 'low'", "up, down or both"),
    "same measure": (
        "name: paid, agg",
        "name: orders, agg",
        "name: orders, agg: count, filter",
        "there twice",
        "another name",
    ),
    "same dimension": ("[city, 承运商]", "[city, city]", "dimensions", "there twice", "remove one"),
    "time as dimension": ("[city, 承运商]", "[city, created_at]", "dimensions", "both time column", "remove it"),
    "same metric": (
        "- name: revenue",
        "- name: paid_rate",
        None,
        "defined twice, first at shop.yml:21",
        "another name",
    ),
    "same step": ("- id: fix", "- id: decide", None, "two steps have the id decide", "its own id"),
    "approval that is routine": ("        grade: critical\n", "", "- id: fix", "not critical", "add grade: critical"),
    "webhook without action": (
        "        kind: approval\n        grade: critical\n        to: li_hua\n        action: webhook\n",
        "        kind: webhook\n",
        "- id: fix",
        "names no action",
        "add action",
    ),
    "task that acts": (
        "        stop_on: {decision: leave}",
        "        action: webhook",
        "action: webhook",
        "does no action",
        "remove action",
    ),
    "stop on nothing": (
        "stop_on: {decision: leave}",
        "stop_on: {choice: leave}",
        "stop_on",
        "not in the form",
        "decision",
    ),
    "stop on no option": (
        "stop_on: {decision: leave}",
        "stop_on: {decision: leav}",
        "stop_on",
        "does not offer",
        "did you mean leave?",
    ),
    "choice of one": (
        "options: [act, leave]}",
        "options: [act]}",
        "options: [act]",
        "nothing to choose",
        "add options",
    ),
    "same field": ("{name: note}", "{name: decision}", "{name: decision}", "two fields", "its own name"),
    "options of a text": ("{name: note}", "{name: note, options: [a]}", "name: note", "is no choice", "type: choice"),
    "nobody can reach": (
        "    contacts: [{channel: desk, address: ann}]\n",
        "",
        "- id: ann",
        "no contact",
        "add contacts",
    ),
    "acknowledge after resolve": (
        "acknowledge_within: 30m",
        "acknowledge_within: 2d",
        "acknowledge_within",
        "longer",
        "less time",
    ),
    "no time at all": ("acknowledge_within: 30m", "acknowledge_within: 0m", "acknowledge_within", "is zero", "30m"),
    "no wait": ("{wait: 30m,", "{wait: 0s,", "wait: 0s", "wait is zero", "30m"),
    "two for one slice": (
        "      person: ann\n",
        "      person: ann\n    - {slice: {city: 上海}, person: li_hua}\n",
        "person: li_hua}",
        "both ann and li_hua",
        "one person",
    ),
}

CASES = {**SHAPES, **FILTERS, **REFERENCES, **MEANING}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told_with_place_and_fix(case: str, tmp_path: Path) -> None:
    old, new, blamed, problem, fix = CASES[case]
    text = changed(old, new)
    fitting = [issue for issue in issues_of(tmp_path, text) if problem in issue.problem and fix in issue.fix]
    assert len(fitting) == 1, issues_of(tmp_path, text)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if blamed is None or blamed in line]
    assert fitting[0].where in [f"shop.yml:{line}" for line in lines]
    assert fitting[0].fix


def test_the_good_project_has_no_issue(tmp_path: Path) -> None:
    assert issues_of(tmp_path, SHOP) == ()


def test_all_issues_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = SHOP.replace("lateness: 2h", "lateness: soon").replace("fallback: li_hua", "fallback: nobody")
    text = text.replace("severity: S2", "severity: S9").replace("agg: sum", "agg: mode")
    found = issues_of(tmp_path, text)
    assert [issue.where for issue in found] == ["shop.yml:12", "shop.yml:18", "shop.yml:47", "shop.yml:75"]


def test_an_unreadable_file_does_not_make_names_unknown(tmp_path: Path) -> None:
    (tmp_path / "people.yml").write_text("people: [", encoding="utf-8")
    found = issues_of(tmp_path, changed("fallback: li_hua", "fallback: somebody_in_people_yml"))
    assert [issue.where.partition(":")[0] for issue in found] == ["people.yml"]


def test_a_definition_of_wrong_shape_still_counts_as_known(tmp_path: Path) -> None:
    found = issues_of(tmp_path, changed("    type: ratio\n", ""))
    assert [issue.problem for issue in found] == ["metric paid_rate: type is missing"]


def test_an_empty_project_says_so_once(tmp_path: Path) -> None:
    assert [issue.problem for issue in issues_of(tmp_path, "")] == ["there are no definitions here"]


def test_a_project_needs_a_head_and_somebody_responsible(tmp_path: Path) -> None:
    found = issues_of(tmp_path, "channels: [{name: desk, plugin: console}]")
    assert [issue.where for issue in found] == ["assignment.yml", "metricloop.yml"]


def test_a_plugin_that_is_not_installed_is_told_where_plugins_are_known(tmp_path: Path) -> None:
    plugins = {
        "sources": {"files", "postgresql"},
        "channels": {"console"},
        "actions": {"file"},
        "detectors": {"sesonal"},
    }
    found = issues_of(tmp_path, SHOP, plugins=plugins)
    assert [issue.problem.split(" names ")[1].split(",")[0] for issue in found] == [
        "the plugin postgres",
        "the plugin seasonal",
        "the plugin webhook",
    ]
    assert "did you mean postgresql?" in found[0].fix
    assert read(tmp_path, SHOP, plugins={"channels": {"console"}}).name == "shop"
