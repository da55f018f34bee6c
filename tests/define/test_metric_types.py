"""Every way to write a metric: what it becomes, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from metricloop.define.dataset import Agg, Dimension, Measure
from metricloop.define.model import InputMetric, Metric, MetricType, Status
from metricloop.define.project import Project
from metricloop.kernel.grain import Grain
from metricloop.kernel.periods import Period
from tests.define.projects import SHOP, issues_of, read

GOVERNANCE = "governance: {owner: li_hua, level: L2, unit: count, good_direction: up}"
DATASET = """\
  - name: visits
    source: warehouse
    sql: SELECT * FROM web.visits
    time_column: at
    time_column_zone: America/New_York
    week_start: sunday
    grain: day
    lateness: 1d
    key: [id]
    joins:
      - {name: store, table: stores, "on": {store_id: id}}
    dimensions:
      - city
      - {name: region, join: store}
      - {name: big, expr: "case when pages > 10 then 'yes' else 'no' end", label: {zh: 深度}, synonyms: {en: [deep]}}
    measures:
      - {name: visitors, agg: count_distinct, expr: user_id}
      - {name: p90, agg: percentile, expr: seconds, percentile: 0.9}
"""


def text_with(*metrics: str, dataset: str = DATASET) -> str:
    """The shop with a second dataset and more metrics."""
    items = "".join(f"  - {indent(one.strip(), '    ').lstrip()}\n" for one in metrics)
    text = SHOP.replace("metrics:\n  - name: paid_rate", f"{dataset}metrics:\n{items}  - name: paid_rate")
    assert text != SHOP
    return text


def project_with(folder: Path, *metrics: str) -> Project:
    return read(folder, text_with(*metrics))


def metric_of(folder: Path, text: str) -> tuple[Metric, Project]:
    project = project_with(folder, text)
    return project.metric(text.split("name: ")[1].split("\n")[0].strip()), project


def test_a_dataset_tells_its_zone_its_step_its_joins_and_its_dimensions(tmp_path: Path) -> None:
    visits = project_with(tmp_path).datasets["visits"]
    assert (visits.sql, visits.grain, visits.week_start) == ("SELECT * FROM web.visits", Grain.DAY, 6)
    assert str(visits.time_column_zone) == "America/New_York"
    assert visits.dimensions == ("city", "region", "big")
    assert visits.dimension("city") == Dimension("city", column="city")
    region = visits.dimension("region")
    assert region is not None
    assert (region.column, region.join) == ("region", "store")
    store = visits.join("store")
    assert store is not None
    assert store.on == (("store_id", "id"),)
    assert visits.dimension("planet") is None


def test_an_aggregate_written_inline_becomes_a_measure_of_its_dataset(tmp_path: Path) -> None:
    text = f"name: buyers\ntype: simple\ndataset: orders\nagg: count_distinct\nexpr: user_id\n{GOVERNANCE}"
    metric, project = metric_of(tmp_path, text)
    measure = project.dataset_of(metric).measure(metric.numerator)
    assert measure == Measure("buyers__value", Agg.COUNT_DISTINCT, "user_id", implied=True)
    assert not metric.additive
    assert metric.grains == (Grain.DAY,), "hours of distinct counts do not add up to days"


def test_an_average_is_a_sum_by_its_count(tmp_path: Path) -> None:
    text = f'name: basket\ntype: simple\ndataset: orders\nagg: average\nexpr: price\nfilter: "price > 0"\n{GOVERNANCE}'
    metric, project = metric_of(tmp_path, text)
    dataset = project.dataset_of(metric)
    assert metric.is_ratio
    assert metric.additive
    assert dataset.measure(metric.numerator) == Measure("basket__sum", Agg.SUM, "price", "price > 0", implied=True)
    assert dataset.measure(metric.denominator or "") == Measure(
        "basket__count", Agg.COUNT, "price", "price > 0", implied=True
    )


def test_a_filter_of_a_ratio_narrows_both_sides(tmp_path: Path) -> None:
    text = (
        "name: paid_here\ntype: ratio\ndataset: orders\nnumerator: paid\ndenominator: orders\n"
        f"filter: \"city = '上海'\"\n{GOVERNANCE}"
    )
    metric, project = metric_of(tmp_path, text)
    dataset = project.dataset_of(metric)
    above, below = dataset.measure(metric.numerator), dataset.measure(metric.denominator or "")
    assert above is not None
    assert below is not None
    assert above.filter == "(status = 'paid') AND (city = '上海')"
    assert below.filter == "city = '上海'"


def test_a_derived_metric_names_its_inputs_with_offsets(tmp_path: Path) -> None:
    text = (
        'name: growth\ntype: derived\nexpr: "revenue / last_week - 1"\n'
        f"input_metrics: [{{name: revenue}}, {{name: revenue, alias: last_week, offset_window: 7 days}}]\n{GOVERNANCE}"
    )
    metric, _ = metric_of(tmp_path, text)
    assert metric.type is MetricType.DERIVED
    assert metric.inputs == (
        InputMetric("revenue", "revenue"),
        InputMetric("revenue", "last_week", offset=Period(7, Grain.DAY)),
    )
    assert metric.dataset == "orders"
    assert metric.dimensions == ("city", "承运商")
    assert not metric.is_ratio


def test_a_derived_metric_is_split_by_what_its_inputs_share(tmp_path: Path) -> None:
    project = project_with(
        tmp_path,
        f"name: visitors\ntype: simple\ndataset: visits\nmeasure: visitors\n{GOVERNANCE}",
        f"name: per_visitor\ntype: derived\nexpr: revenue / visitors\n"
        f"input_metrics: [{{name: revenue}}, {{name: visitors}}]\n{GOVERNANCE}",
    )
    assert project.metric("per_visitor").dimensions == ("city",)


@pytest.mark.parametrize(
    ("key", "window", "to"), [("window: 7d", Period(7, Grain.DAY), None), ("grain_to_date: month", None, Grain.MONTH)]
)
def test_a_cumulative_metric_has_a_window_or_begins_anew(
    tmp_path: Path, key: str, window: Period | None, to: Grain | None
) -> None:
    text = f"name: so_far\ntype: cumulative\ndataset: orders\nmeasure: amount\n{key}\n{GOVERNANCE}"
    metric, _ = metric_of(tmp_path, text)
    assert (metric.numerator, metric.window, metric.grain_to_date) == ("amount", window, to)
    assert not metric.additive


def test_governance_tells_status_synonyms_access_and_successor(tmp_path: Path) -> None:
    text = SHOP.replace("roles: [owner]", "roles: [owner]\n    teams: [east]").replace(
        "governance: {owner: li_hua, level: L2, unit: CNY, good_direction: up}",
        "governance: {owner: li_hua, level: L2, unit: CNY, good_direction: up, status: deprecated,"
        " successor: paid_rate, synonyms: {zh: 营收, en: [sales, turnover]}, access: [east],"
        " calendar: CN, lateness: 4h}",
    )
    governance = read(tmp_path, text).metric("revenue").governance
    assert governance.status is Status.DEPRECATED
    assert governance.synonyms == {"zh": ("营收",), "en": ("sales", "turnover")}
    assert (governance.access, governance.successor, governance.calendar) == (("east",), "paid_rate", "CN")


WRONG = {
    "derived of nothing": (
        f"name: x\ntype: derived\nexpr: revenue\n{GOVERNANCE}",
        "input_metrics is missing",
    ),
    "derived of a stranger": (
        f"name: x\ntype: derived\nexpr: revenu\ninput_metrics: [{{name: revenu}}]\n{GOVERNANCE}",
        "names the metric revenu, which does not exist",
    ),
    "a name that is no input": (
        f"name: x\ntype: derived\nexpr: revenue / orders\ninput_metrics: [{{name: revenue}}]\n{GOVERNANCE}",
        "expr names orders, which is no input metric",
    ),
    "an input that is not used": (
        f"name: x\ntype: derived\nexpr: revenue\n"
        f"input_metrics: [{{name: revenue}}, {{name: paid_rate}}]\n{GOVERNANCE}",
        "the input paid_rate is not in expr",
    ),
    "itself": (
        f"name: x\ntype: derived\nexpr: x\ninput_metrics: [{{name: x}}]\n{GOVERNANCE}",
        "it needs itself: x -> x",
    ),
    "two inputs of one name": (
        f"name: x\ntype: derived\nexpr: revenue\ninput_metrics: [{{name: revenue}}, {{name: revenue}}]\n{GOVERNANCE}",
        "two inputs are called revenue",
    ),
    "a call in a formula": (
        f'name: x\ntype: derived\nexpr: "pg_sleep(revenue)"\ninput_metrics: [{{name: revenue}}]\n{GOVERNANCE}',
        "",
    ),
    "cumulative for ever": (
        f"name: x\ntype: cumulative\ndataset: orders\nmeasure: amount\n{GOVERNANCE}",
        "either a window or a grain_to_date",
    ),
    "to date by a longer step": (
        "name: x\ntype: cumulative\ndataset: orders\nmeasure: amount\n"
        f"grain_to_date: week\ngrains: [month]\n{GOVERNANCE}",
        "a month is longer than the week",
    ),
    "hours of days": (
        f"name: x\ntype: simple\ndataset: visits\nmeasure: visitors\ngrains: [hour]\n{GOVERNANCE}",
        "dataset visits has no rows by hour",
    ),
    "a percentile of no kind": (
        f"name: x\ntype: simple\ndataset: orders\nagg: percentile\nexpr: price\n{GOVERNANCE}",
        "does not say which percentile",
    ),
    "an average of averages": (
        f"name: x\ntype: ratio\ndataset: orders\nnumerator: mean\ndenominator: orders\n{GOVERNANCE}",
        "numerator is an average",
    ),
    "measure and agg": (
        f"name: x\ntype: simple\ndataset: orders\nmeasure: orders\nagg: sum\nexpr: price\n{GOVERNANCE}",
        "both a measure and an agg",
    ),
    "a window on a ratio": (
        f"name: x\ntype: ratio\ndataset: orders\nnumerator: paid\ndenominator: orders\nwindow: 7d\n{GOVERNANCE}",
        "window does not belong to a ratio metric",
    ),
    "a split it does not have": (
        f"name: x\ntype: simple\ndataset: orders\nmeasure: orders\ndimensions: [planet]\n{GOVERNANCE}",
        "planet is no dimension",
    ),
    "drivers of strangers": (
        f"name: x\ntype: simple\ndataset: orders\nmeasure: orders\ndrivers: visitors * rate\n{GOVERNANCE}",
        "names the metric rate, which does not exist",
    ),
    "its own driver": (
        f"name: x\ntype: simple\ndataset: orders\nmeasure: orders\ndrivers: x * 1\n{GOVERNANCE}",
        "the metric drives itself",
    ),
    "a team of nobody": (
        "name: x\ntype: simple\ndataset: orders\nmeasure: orders\n"
        "governance: {owner: li_hua, level: L2, unit: count, good_direction: up, access: [moon]}",
        "nobody is in the team moon",
    ),
    "a successor of the living": (
        "name: x\ntype: simple\ndataset: orders\nmeasure: orders\n"
        "governance: {owner: li_hua, level: L2, unit: count, good_direction: up, successor: revenue}",
        "a draft metric has a successor",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_metric_that_does_not_fit_is_told_with_a_fix(case: str, tmp_path: Path) -> None:
    metric, problem = WRONG[case]
    text = text_with(metric).replace(
        "      - {name: orders, agg: count}\n",
        "      - {name: orders, agg: count}\n      - {name: mean, agg: average, expr: price}\n",
    )
    found = issues_of(tmp_path, text)
    assert [one for one in found if problem in one.problem and one.fix], found


WRONG_DATASETS = {
    "table and sql": (
        "    sql: SELECT * FROM web.visits\n",
        "    sql: SELECT 1\n    table: visits\n",
        "either a table or sql",
    ),
    "a join of no kind": ("{name: region, join: store}", "{name: region, join: stores}", "names the join stores"),
    "column and expr": ("{name: region, join: store}", "{name: region, column: r, expr: q}", "both expr and a column"),
    "a stranger as owner": ("    grain: day\n", "    grain: day\n    owner: nobody\n", "names the person nobody"),
    "years of rows": ("    grain: day\n", "    grain: year\n", "rows by year are not read"),
}


@pytest.mark.parametrize("case", WRONG_DATASETS)
def test_a_dataset_that_does_not_fit_is_told_with_a_fix(case: str, tmp_path: Path) -> None:
    old, new, problem = WRONG_DATASETS[case]
    assert old in DATASET
    found = issues_of(tmp_path, text_with(dataset=DATASET.replace(old, new)))
    assert [one for one in found if problem in one.problem and one.fix], found
