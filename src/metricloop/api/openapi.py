"""The OpenAPI document without a server or a database, for tools that check for drift.

print it: python -m metricloop.api.openapi
"""

from __future__ import annotations

import json
import sys
from typing import Any

from metricloop.api.app import bare_app, demanded
from metricloop.api.description import describe


def document() -> dict[str, Any]:
    """What a running server answers at /api/v1/openapi.json."""
    return describe(bare_app(), demanded())


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1, ensure_ascii=False)
