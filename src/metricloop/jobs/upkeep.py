"""What keeps the durable queue in order: heartbeats, taking over the jobs of dead workers, dropping finished ones."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from dbos import DBOS, WorkflowStatus

from metricloop.jobs.heartbeat import Heartbeats
from metricloop.jobs.ports import Queue

log = logging.getLogger(__name__)

CLEAN = 60.0
# A job claimed by this process that did not begin for so long has slipped through its fingers.
SLIPPED = 30.0
CHUNK = 500
# Keys are remembered that long after success; nudges of the loop come by the second and are of no interest later.
KEPT = {Queue.ADVANCE: timedelta(minutes=10), Queue.OUTWARD: timedelta(days=1)}
KEPT_DEAD = timedelta(days=30)


class Upkeep:
    """One thread beside the engine. A failing round is logged and tried again; it never ends the worker."""

    def __init__(self, hearts: Heartbeats, running: Callable[[], Iterable[str]]) -> None:
        self._hearts = hearts
        self._running = running
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs-upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        due: dict[Callable[[], None], tuple[float, float]] = {
            self._hearts.beat: (self._hearts.dead_after / 5, 0.0),
            self.take_over: (self._hearts.dead_after / 3, 0.0),
            self.clean: (CLEAN, time.monotonic() + CLEAN),
        }
        while not self._stop.wait(0.1):
            for duty, (every, at) in due.items():
                if time.monotonic() >= at and not self._stop.is_set():
                    due[duty] = (every, time.monotonic() + every)
                    self._try(duty)

    def _try(self, duty: Callable[[], None]) -> None:
        try:
            duty()
        except Exception:
            if not self._stop.is_set():
                log.exception("upkeep of the job queue failed; it is tried again")

    def take_over(self) -> None:
        """Line up again what dead workers had begun, each job in the queue it came from."""
        if not self._hearts.lead():
            return
        begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        dead = self._hearts.dead({job.executor_id for job in begun if job.executor_id})
        lost: dict[str | None, list[str]] = defaultdict(list)
        for job in begun:
            if not job.executor_id or job.executor_id in dead or self._slipped(job):
                lost[job.queue_name].append(job.workflow_id)
        for queue, ids in lost.items():
            log.warning("taking over %d jobs of the queue %s from workers that ended", len(ids), queue)
            DBOS.resume_workflows(ids, queue_name=queue)

    def clean(self) -> None:
        """Forget finished jobs after their time."""
        for queue, kept in KEPT.items():
            drop(status="SUCCESS", queue=queue, older=kept)
            drop(status="ERROR", queue=queue, older=KEPT_DEAD)
        self._hearts.forget()

    def _slipped(self, job: WorkflowStatus) -> bool:
        if job.executor_id != self._hearts.worker or job.workflow_id in self._running():
            return False
        return time.time() - (job.dequeued_at or 0) / 1000 > SLIPPED


def drop(*, status: str, queue: Queue, older: timedelta) -> None:
    """Delete jobs of this state that ended longer ago than `older`, a chunk at a time."""
    before = (datetime.now(UTC) - older).isoformat()
    while True:
        found = DBOS.list_workflows(
            status=status,
            queue_name=queue.value,
            completed_before=before,
            limit=CHUNK,
            load_input=False,
            load_output=False,
        )
        DBOS.delete_workflows([job.workflow_id for job in found])
        if len(found) < CHUNK:
            return
