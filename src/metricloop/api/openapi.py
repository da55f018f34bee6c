"""The OpenAPI document without a server or a database, for tools that check for drift.

print it, or write it to a file: python -m metricloop.api.openapi [FILE]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from metricloop.api.app import bare_app, demanded
from metricloop.api.description import describe


def document() -> dict[str, Any]:
    """What a running server answers at /api/v1/openapi.json."""
    return describe(bare_app(), demanded())


if __name__ == "__main__":
    text = json.dumps(document(), indent=1, ensure_ascii=False)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(f"{text}\n")
