"""What a machine lacks: a reason to leave a test out on a user's machine, and a failure in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str, how: str) -> NoReturn:
    """Skip the test, saying what is missing and how to get it; with CI=true that is a failure instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; in CI it must be there. {how}")
    pytest.skip(f"{what}. {how}")
