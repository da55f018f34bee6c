"""A worker in a process of its own: `python -m tests.jobs.process URL LOG [HANDLER/QUEUE/KEY ...]`.

Lines up the jobs, says `ready`, works until its input ends. Handlers write to LOG, one line each, in one write.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from functools import partial

from metricloop.jobs.durable import DurableJobs, jobs_url
from metricloop.jobs.ports import Job, Queue

DEAD_AFTER = 2.0


def write(log: str, line: str) -> None:
    with open(log, "ab", buffering=0) as file:
        file.write(f"{line} {os.getpid()}\n".encode())


def note(log: str, argument: str) -> None:
    write(log, f"done {argument}")


def pair(log: str, argument: str) -> None:
    """A job that takes a moment, so that two at the same time would be seen."""
    write(log, f"begin {argument}")
    time.sleep(0.02)
    write(log, f"end {argument}")


def hang(log: str, argument: str) -> None:
    write(log, f"hangs {argument}")
    threading.Event().wait()


def main(url: str, log: str, *jobs: str) -> None:
    worker = DurableJobs(jobs_url(url), dead_after=DEAD_AFTER)
    for handler in (note, pair, hang):
        worker.handle(handler.__name__, partial(handler, log))
    worker.start()
    for job in jobs:
        name, queue, key = job.split("/")
        worker.enqueue(Job(name, key, key, queue=Queue(queue)))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    worker.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
