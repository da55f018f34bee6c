"""python -m benchmarks [replay] [store] [detector] [reading] [late] [--save]: all of them when none is named."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import detectors, late_data, reading, replay, stores
from benchmarks.machine import machine

LATEST = Path(__file__).resolve().parent / "results" / "latest.md"
REPORTS = {
    "replay": lambda: replay.report(replay.measure()),
    "store": stores.report,
    "detector": detectors.report,
    "reading": reading.report,
    "late": late_data.report,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measure metricloop on this machine.")
    parser.add_argument("which", nargs="*", metavar="|".join(REPORTS), help="what to measure (default: everything)")
    parser.add_argument("--save", action="store_true", help="keep the result in benchmarks/results/latest.md")
    arguments = parser.parse_args()
    unknown = set(arguments.which) - set(REPORTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(REPORTS)}")
    parts = [f"# Benchmarks\n\n{machine()}.\n"]
    for name in arguments.which or REPORTS:
        sys.stderr.write(f"measuring: {name} ...\n")
        parts.append(REPORTS[name]())
    text = "\n".join(parts)
    sys.stdout.write(text)
    if arguments.save:
        LATEST.parent.mkdir(exist_ok=True)
        LATEST.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
