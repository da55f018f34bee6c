"""What `metricloop init` writes: a small project with invented orders, which runs as it is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import numpy as np

from metricloop.kernel.errors import InvalidInput

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 120
CHANNELS = {"web": 50, "app": 35, "store": 15}  # orders a day
PAID = 0.95
# A story to be found: for two days the payment page of the app was broken.
BROKEN = (datetime(2025, 4, 9, tzinfo=UTC), datetime(2025, 4, 11, tzinfo=UTC), "app", 0.55)


def write_template(folder: Path) -> None:
    """Write the project into a new or empty folder. Raises InvalidInput, and has written nothing, where it cannot."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InvalidInput(f"{folder} exists and is not empty", fix="name a new folder")
        (folder / "data").mkdir(parents=True, exist_ok=True)
        for template in files("metricloop.cli.template").joinpath("files").iterdir():
            (folder / template.name).write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        with (folder / "data" / "orders.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("ordered_at", "channel", "paid"), *orders()])
    except OSError as error:
        raise InvalidInput(
            f"the folder cannot be written: {error.strerror or error}",
            where=str(folder),
            fix="name a folder that you may write to",
        ) from error


def orders() -> Iterator[tuple[str, str, int]]:
    """One row for each invented order: its hour, its channel, whether it was paid. The same ones every time."""
    numbers = np.random.default_rng(2025)
    begin, end, ill, share = BROKEN
    for hour in range(DAYS * 24):
        at = FIRST + timedelta(hours=hour)
        busy = (1.6 if 9 <= at.hour < 22 else 0.3) * (1.2 if at.weekday() >= 5 else 1.0) / 24
        for channel, mean in CHANNELS.items():
            paid = share if channel == ill and begin <= at < end else PAID
            for _ in range(numbers.poisson(mean * busy)):
                yield f"{at:%Y-%m-%d %H:%M:%S}", channel, int(numbers.random() < paid)
