"""The whole running system over a source that SQL cannot ask: what an API has becomes points of a metric."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from metricloop.bootstrap import open_system
from tests.api import shop
from tests.plugins.landing import eventually
from tests.plugins.web_api import Asked, Says, api


@dataclass(frozen=True)
class Settings:
    project: Path
    database: str
    base_url: str = "http://127.0.0.1:8321"
    speed: float = 1.0


def orders(now: datetime) -> list[dict[str, Any]]:
    """An order an hour for two days, every second one paid."""
    hours = [now.replace(minute=5, second=0, microsecond=0) - timedelta(hours=n) for n in range(4, 52)]
    return [
        {"id": n, "created_at": at.isoformat(), "city": "Hangzhou", "status": "paid" if n % 2 else "open"}
        for n, at in enumerate(hours)
    ]


def test_records_of_an_api_become_points_and_an_outage_is_told_and_ends(tmp_path: Path) -> None:
    down, data = [True], orders(datetime.now(UTC))

    def answer(asked: Asked) -> Says:
        return Says(status=403) if down[0] else Says({"data": data})

    with api(answer) as found:
        columns = {"id": "integer", "created_at": "timestamp", "city": "text", "status": "text"}
        table = {"path": "orders", "records": "$.data", "columns": columns, "key": ["id"], "time": "created_at"}
        options = {"url": found.url, "retries": 0, "tables": {"orders": table}}
        project = shop.PROJECT.replace("plugin: postgres,", f"plugin: http, options: {json.dumps(options)},")
        project = project.replace("table: public.orders", "table: orders")
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "shop.yml").write_text(project, encoding="utf-8")
        system = open_system(Settings(folder, f"sqlite:///{tmp_path / 'state.db'}"))
        system.start()
        try:

            def collected() -> Any:
                with system.open_unit(write=False) as unit:
                    return unit.collections.get("orders")

            assert eventually(lambda: collected() is not None and collected().failed_since is not None)
            assert "403" in str(collected().failure.params["problem"])
            down[0] = False
            with system.open_unit() as unit:  # instead of waiting five minutes for the next try
                state = unit.collections.get("orders")
                assert state is not None
                unit.collections.put(type(state)("orders", None))
            assert eventually(lambda: collected().until is not None)
            with system.open_unit(write=False) as unit:
                span = unit.points.span("paid_rate")
                assert span is not None
                panel = unit.points.read("paid_rate", *span)
            assert float(panel.denominator[:, 0].sum()) == 48.0 and float(panel.numerator[:, 0].sum()) == 24.0
        finally:
            system.stop()
