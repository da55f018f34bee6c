"""Our definitions while an import writes them: datasets with their measures, and metrics over those."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from metricloop.define.dataset import Agg
from metricloop.define.imports.formulas import Arithmetic
from metricloop.define.imports.model import Unmapped
from metricloop.define.metric_shapes import (
    DatasetShape,
    DimensionShape,
    GovernanceShape,
    JoinShape,
    MeasureShape,
    MetricShape,
)
from metricloop.define.model import Document, Kind
from metricloop.define.written import Shape

_GRAINS = ("hour", "day", "week", "month")
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Component:
    """What a measure counts or adds up, without its name."""

    agg: Agg
    expr: str = "1"
    filter: str | None = None
    percentile: float | None = None

    def body(self, name: str) -> Body:
        body: Body = {"name": name, "agg": self.agg.value}
        if self.expr != "1":
            body["expr"] = self.expr
        if self.percentile is not None:
            body["percentile"] = self.percentile
        if self.filter is not None:
            body["filter"] = self.filter
        return body


@dataclass(frozen=True, slots=True)
class Part:
    """A component of a dataset."""

    dataset: str
    component: Component


@dataclass(frozen=True, slots=True)
class MetricName:
    """Another metric that is on the sheet already."""

    name: str


Leaf = Part | MetricName


@dataclass
class DatasetDraft:
    """One dataset. `head` holds its keys before joins; a dimension of a joined table is added when it is asked for."""

    name: str
    head: Body
    joins: dict[str, Body] = field(default_factory=dict)
    dimensions: dict[str, Body] = field(default_factory=dict)
    measures: dict[str, Component] = field(default_factory=dict)
    original: Body | None = None  # as it was taken over whole
    provisional: set[str] = field(default_factory=set)  # dimensions whose names are not settled

    @staticmethod
    def of(body: Body) -> DatasetDraft:
        """A draft of a dataset that is in our words already."""
        head = {key: value for key, value in body.items() if key not in ("name", "joins", "dimensions", "measures")}
        blocks = [one if isinstance(one, dict) else {"name": one} for one in body.get("dimensions", [])]
        return DatasetDraft(
            str(body["name"]),
            head,
            {one["name"]: one for one in body.get("joins", [])},
            {one["name"]: one for one in blocks},
            {one["name"]: _component(one) for one in body.get("measures", [])},
            body,
        )

    def measure(self, wanted: str, component: Component) -> str:
        """The name of the measure that is this component; a new one where there is none yet."""
        for name, known in self.measures.items():
            if known == component:
                return name
        name = free(legal(wanted), self.measures)
        self.measures[name] = component
        return name

    def dimension(self, wanted: str, **detail: Any) -> str:
        """The name of the dimension with this column, join or expr.

        That of a joined column is provisional, and its own in every text; `settled` makes it a short one.
        """
        for name, known in self.dimensions.items():
            if _behind(name, known) == _behind(wanted, detail):
                return name
        joined = "join" in detail
        name = free(f"{detail['join']}__{wanted}" if joined else wanted, self.dimensions)
        shown = {key: value for key, value in detail.items() if joined or not (key == "column" and value == name)}
        self.dimensions[name] = {"name": name, **shown}
        if joined:
            self.provisional.add(name)
        return name

    def label(self, dimension: str, label: str | None) -> None:
        """How people call a dimension, where it is not called anything yet."""
        if label:
            self.dimensions[dimension].setdefault("label", label)

    def body(self) -> Body:
        names = [[one["name"] for one in (self.original or {}).get("measures", [])], list(self.measures)]
        if self.original is not None and names[0] == names[1]:
            return self.original
        body = {"name": self.name, **self.head}
        if self.joins:
            body["joins"] = list(self.joins.values())
        if self.dimensions:
            plain = [one["name"] if len(one) == 1 else one for one in self.dimensions.values()]
            body["dimensions"] = plain
        body["measures"] = [component.body(name) for name, component in self.measures.items()]
        return body


class Sheet:
    def __init__(self) -> None:
        self.datasets: dict[str, DatasetDraft] = {}
        self.metrics: dict[str, Body] = {}
        self._parts: dict[str, Part] = {}

    def dataset(self, wanted: str, head: Body) -> DatasetDraft:
        name = free(legal(wanted), self.datasets)
        self.datasets[name] = DatasetDraft(name, head)
        return self.datasets[name]

    def take_dataset(self, body: Body) -> DatasetDraft:
        """A dataset in our words, as it is."""
        draft = DatasetDraft.of(in_order(body, DatasetShape))
        self.datasets[draft.name] = draft
        return draft

    def take_metric(self, body: Body) -> None:
        """A metric in our words, as it is."""
        self.metrics[str(body["name"])] = in_order(body, MetricShape)

    def part_of(self, metric: str) -> Part | None:
        """What a simple metric counts, when that is one component."""
        return self._parts.get(metric)

    def simple(self, wanted: str, part: Part, words: Mapping[str, Any]) -> str:
        name = self._metric_name(wanted)
        measure = self.datasets[part.dataset].measure(name, part.component)
        self._put(name, {"type": "simple", "dataset": part.dataset, "measure": measure}, words)
        self._parts[name] = part
        return name

    def cumulative(self, wanted: str, part: Part, span: Mapping[str, str], words: Mapping[str, Any]) -> str:
        """span: `window` or `grain_to_date`."""
        name = self._metric_name(wanted)
        measure = self.datasets[part.dataset].measure(f"{name}_base", part.component)
        self._put(name, {"type": "cumulative", "dataset": part.dataset, "measure": measure, **span}, words)
        return name

    def derived(self, wanted: str, expr: str, inputs: list[Body], words: Mapping[str, Any]) -> str:
        name = self._metric_name(wanted)
        self._put(name, {"type": "derived", "expr": expr, "input_metrics": inputs}, words)
        return name

    def formula(self, wanted: str, formula: Arithmetic[Leaf], words: Mapping[str, Any]) -> str:
        """A simple metric where the formula is one aggregate, a ratio where it divides two, else a derived one.

        Raises Unmapped where the arithmetic has no counterpart.
        """
        alone = formula.alone()
        if isinstance(alone, Part):
            return self.simple(wanted, alone, words)
        sides = formula.ratio()
        parts = (self._part(sides[0]), self._part(sides[1])) if sides else (None, None)
        if parts[0] is not None and parts[1] is not None and _divides(parts[0], parts[1]):
            return self._ratio(wanted, parts[0], parts[1], words)
        text = formula.text([f"p{at}" for at in range(len(formula.leaves))])  # refused before anything is written
        name = free(legal(wanted), self.metrics)
        names = [self._name_of(leaf, f"{name}_{at + 1}", words) for at, leaf in enumerate(formula.leaves)]
        text = formula.text(names)
        return self.derived(wanted, text, [{"name": one} for one in dict.fromkeys(names)], words)

    def documents(self) -> tuple[Document, ...]:
        """Datasets that have a measure, then metrics."""
        used = [draft for draft in self.datasets.values() if draft.measures or draft.original]
        datasets = [Document(Kind.DATASET, draft.name, draft.body(), "import") for draft in used]
        return (*datasets, *(Document(Kind.METRIC, name, body, "import") for name, body in self.metrics.items()))

    def _ratio(self, wanted: str, above: Part, below: Part, words: Mapping[str, Any]) -> str:
        name = self._metric_name(wanted)
        draft = self.datasets[above.dataset]
        sides = {
            "numerator": draft.measure(f"{name}_numerator", above.component),
            "denominator": draft.measure(f"{name}_denominator", below.component),
        }
        self._put(name, {"type": "ratio", "dataset": above.dataset, **sides}, words)
        return name

    def _part(self, leaf: Leaf) -> Part | None:
        return leaf if isinstance(leaf, Part) else self._parts.get(leaf.name)

    def _name_of(self, leaf: Leaf, wanted: str, words: Mapping[str, Any]) -> str:
        """The metric that a leaf is; a component gets a simple metric of its own, owned like the one that needs it."""
        if isinstance(leaf, MetricName):
            return leaf.name
        known = next((name for name, part in self._parts.items() if part == leaf), None)
        if known is not None:
            return known
        measures = self.datasets[leaf.dataset].measures
        wanted = next((name for name, component in measures.items() if component == leaf.component), wanted)
        unit = "count" if leaf.component.agg in (Agg.COUNT, Agg.COUNT_DISTINCT) else "number"
        return self.simple(wanted, leaf, {"governance": {**words["governance"], "unit": unit}})

    def _metric_name(self, wanted: str) -> str:
        return free(legal(wanted), self.metrics)

    def _put(self, name: str, body: Body, words: Mapping[str, Any]) -> None:
        governance = words["governance"]
        texts = {key: words[key] for key in ("label", "description") if words.get(key)}
        self.metrics[name] = {"name": name, **texts, **body, "governance": governance}


def in_order(body: Body, shape: type[Shape]) -> Body:
    """The same with its keys in the order in which we write them; what is stored or exchanged has lost it."""
    known = list(shape.model_fields)
    found = {key: body[key] for key in sorted(body, key=lambda key: known.index(key) if key in known else len(known))}
    for key, inner in (("measures", MeasureShape), ("dimensions", DimensionShape), ("joins", JoinShape)):
        if isinstance(found.get(key), list) and shape is DatasetShape:
            found[key] = [in_order(one, inner) if isinstance(one, dict) else one for one in found[key]]
    if isinstance(found.get("governance"), dict):
        found["governance"] = in_order(found["governance"], GovernanceShape)
    return found


def _component(body: Body) -> Component:
    return Component(Agg(body["agg"]), str(body.get("expr", "1")), body.get("filter"), body.get("percentile"))


def legal(name: str) -> str:
    """The name, with _ for what may not stand in a name, or in a formula without quotes."""
    return re.sub(r"\W", "_", name.strip())[:60] or "unnamed"


def free(name: str, taken: Mapping[str, object]) -> str:
    """The name, or with a number behind it when it is taken."""
    if name not in taken:
        return name
    return next(other for at in range(2, len(taken) + 3) if (other := f"{name}_{at}") not in taken)


def grain_of(granularity: str) -> str:
    """The grain of rows whose times are this exact. Raises Unmapped for quarters and years."""
    if granularity in ("", "nanosecond", "microsecond", "millisecond", "second", "minute"):
        return "hour"
    if granularity not in _GRAINS:
        raise Unmapped(f"its rows are by {granularity}", "metricloop reads rows by hour, day, week or month")
    return granularity


def lateness_of(grain: str) -> str:
    return "1h" if grain == "hour" else "24h"


def _divides(above: Part, below: Part) -> bool:
    """Whether a ratio metric can hold this: one dataset, and no average, which is a ratio itself."""
    averages = Agg.AVERAGE in (above.component.agg, below.component.agg)
    return above.dataset == below.dataset and above.component != below.component and not averages


def _behind(name: str, detail: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a dimension of that name is: column, join and expr."""
    column = detail.get("column") or (None if detail.get("expr") else name)
    return column, detail.get("join"), detail.get("expr")
