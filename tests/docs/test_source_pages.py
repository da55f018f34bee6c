"""The projects of the how-to pages about sources are sound: definitions, options, and columns that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from metricloop.collect.use_cases import check_dataset
from metricloop.define.use_cases import check_documents
from metricloop.plugins.registry import load_registry, options_issues
from metricloop.plugins.sources import Sources
from metricloop.store.project import read_folder
from tests.api import shop
from tests.docs.pages import page
from tests.plugins.context import context

PAGES = [
    "connect-a-crm-by-http",
    "connect-an-erp-by-a-view",
    "receive-from-a-service-desk",
    "follow-a-logistics-system",
]


@pytest.mark.parametrize("name", PAGES)
def test_the_project_of_the_page_is_sound(name: str, tmp_path: Path) -> None:
    (block,) = re.findall(r"(?ms)^```yaml\n(.*?)^```$", page(f"how-to/{name}.md"))
    (tmp_path / "shop.yml").write_text(shop.PROJECT, encoding="utf-8")
    (tmp_path / "page.yml").write_text(block, encoding="utf-8")
    files = read_folder(tmp_path)
    checked = check_documents(files.documents, files.issues)
    assert checked.project is not None and [str(issue) for issue in checked.issues] == []
    registry = load_registry()
    sources = Sources(registry, context(tmp_path))
    for dataset in checked.project.datasets.values():
        source = checked.project.sources[dataset.source]
        if source.name == "warehouse":
            continue  # the shop's own
        assert options_issues(registry.source(source.plugin), source.options, name) == []
        if source.plugin != "postgres":
            assert check_dataset(sources, source, dataset) == []
    sources.close()
