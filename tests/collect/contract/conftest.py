from __future__ import annotations

from collections.abc import Iterator

import pytest

from metricloop.define.model import Source
from metricloop.plugins.sources import Sources
from tests.collect.contract.loading import ENGINES
from tests.collect.flights import open_sources


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Source, Sources]]:
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as source, open_sources() as sources:
        yield request.param, source, sources
