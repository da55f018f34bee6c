"""The `Jobs` port on DBOS Transact: jobs survive the process, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextvars
import logging
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions, WorkflowStatus
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from metricloop.jobs.heartbeat import DEAD_AFTER, Heartbeats
from metricloop.jobs.ports import DeadJob, Handler, Job, Queue, Retry
from metricloop.jobs.upkeep import Upkeep
from metricloop.kernel.errors import Bug, Conflict, InvalidInput, StoreFailed

log = logging.getLogger(__name__)

# Jobs are short and carry only text, so every release understands every other's. The engine's default, a hash of the
# source, would strand all waiting jobs at each upgrade.
PROTOCOL = "job-protocol-1"
SCHEMA = "metricloop_jobs"
WORKFLOW = "metricloop.job"
THREADS = 8


class DurableJobs:
    """Runs jobs in threads of this process; several processes may share one PostgreSQL.

    The engine allows one instance per process. `url` is a SQLAlchemy URL, see `jobs_url`. A job lives seconds and never
    waits for a person: waiting is a row of the state. It opens no port and sends nothing anywhere. Another worker takes
    over the jobs of one that was not seen for `dead_after` seconds.
    """

    def __init__(self, url: str, retry: Retry | None = None, dead_after: float = DEAD_AFTER) -> None:
        self._url = parsed(url)
        self._retry = retry or Retry()
        self._dead_after = dead_after
        self._handlers: dict[str, Handler] = {}
        self._running: set[str] = set()
        self._hearts: Heartbeats | None = None
        self._upkeep: Upkeep | None = None

    def handle(self, name: str, handler: Handler) -> None:
        self._handlers[name] = handler

    def enqueue(self, job: Job) -> None:
        if job.name not in self._handlers:
            raise Bug(f"nobody handles jobs named {job.name!r}")
        self._require_started()
        self._line_up(job, 1, job.delay.total_seconds() if job.delay else 0.0)

    def start(self) -> None:
        """Raises StoreFailed when the database cannot be used, Conflict when this process runs jobs already."""
        if self._hearts:
            raise Conflict("jobs run already", fix="stop them first")
        # A new name each time: an old one's jobs are taken over because it is dead, not because it came back.
        hearts = Heartbeats(self._url, SCHEMA, f"worker-{uuid.uuid4().hex}", self._dead_after)
        try:
            hearts.join()
            self._launch(hearts.worker)
        except SQLAlchemyError as error:
            DBOS.destroy(destroy_registry=True)
            raise StoreFailed(
                f"the job queue cannot be opened: {getattr(error, 'orig', None) or error}",
                fix="check that the database can be reached and that its folder may be written to",
                where=self._url.render_as_string(hide_password=True),
            ) from error
        self._hearts = hearts
        self._upkeep = Upkeep(hearts, lambda: frozenset(self._running))
        self._upkeep.start()

    def stop(self) -> None:
        if not self._hearts or not self._upkeep:
            return
        self._upkeep.stop()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=1 if self._running else 0)
        try:
            self._hearts.leave()
        except SQLAlchemyError:
            log.warning("the worker could not sign off; its jobs are taken over in a few seconds")
        self._hearts = self._upkeep = None

    def dead(self, limit: int = 100) -> Sequence[DeadJob]:
        self._require_started()
        ended = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
        return [buried(job) for job in DBOS.list_workflows(status=ended, name=WORKFLOW, limit=limit, sort_desc=True)]

    def _launch(self, worker: str) -> None:
        # The engine logs through ours instead of writing to the terminal by itself.
        engine = logging.getLogger("dbos")
        engine.addHandler(logging.NullHandler())
        engine.addFilter(is_news)
        DBOS(config=self._config(worker))

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        def job(name: str, key: str, argument: str, queue: str, attempt: int) -> str:
            # In a context of its own, for inside the engine's every call would be recorded and replayed as a step.
            work = Job(name, key, argument, queue=Queue(queue))
            return contextvars.Context().run(self._attempt, work, attempt)

        DBOS.launch()
        DBOS.register_queue(Queue.ADVANCE, global_concurrency=1, polling_interval_sec=0.2)
        DBOS.register_queue(Queue.OUTWARD, worker_concurrency=THREADS // 2, polling_interval_sec=0.4)

    def _config(self, worker: str) -> DBOSConfig:
        return {
            "name": "metricloop",
            "system_database_url": self._url.render_as_string(hide_password=False),
            "dbos_system_schema": SCHEMA,
            "application_version": PROTOCOL,
            "executor_id": worker,
            "serializer": DBOSPortableJSONSerializer(),
            "max_executor_threads": THREADS,
            "sys_db_pool_size": THREADS,
            "use_listen_notify": False,
            "enable_otlp": False,
            "log_level": "WARNING",
        }

    def _attempt(self, job: Job, attempt: int) -> str:
        ticket = ticket_of(job.key, attempt)
        self._running.add(ticket)
        try:
            self._handler(job.name)(job.argument)
        except Exception as error:
            log.exception("job %s failed at attempt %d of %d", job.key, attempt, self._retry.attempts)
            if attempt >= self._retry.attempts:
                raise
            self._line_up(job, attempt + 1, self._retry.wait_after(attempt).total_seconds())
            return f"failed: {error}"
        finally:
            self._running.discard(ticket)
        return "done"

    def _handler(self, name: str) -> Handler:
        if name not in self._handlers:
            raise Bug(f"nobody handles jobs named {name!r}", fix="run the same release on all machines")
        return self._handlers[name]

    def _line_up(self, job: Job, attempt: int, delay: float) -> None:
        # Each attempt is a row of its own with a name that follows from the key: lined up twice, it is still one.
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": job.queue.value,
            "workflow_id": ticket_of(job.key, attempt),
            "app_version": PROTOCOL,
        }
        if delay > 0:
            options["delay_seconds"] = delay
        DBOS.enqueue_workflow_with_options(options, job.name, job.key, job.argument, job.queue.value, attempt)

    def _require_started(self) -> None:
        if not self._hearts:
            raise Conflict("jobs do not run", fix="call start first")


def jobs_url(database: str) -> str:
    """Where the jobs of this state database stand: its own schema in PostgreSQL, a file beside it with SQLite.

    In SQLite one file has one name space and one writer. The engine's tables have names as common as `notifications`,
    and its polling would queue for the lock that the loop's transactions hold. As a job is only a nudge, the file is no
    state: it needs no back-up, and without it nothing is lost.
    """
    url = parsed(database)
    if url.get_backend_name() == "postgresql":
        return url.render_as_string(hide_password=False)
    return url.set(database=f"{url.database}-jobs").render_as_string(hide_password=False)


def parsed(url: str) -> URL:
    """The URL with the driver we use. Raises InvalidInput for other databases and for SQLite in memory."""
    fix = "give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise InvalidInput(f"not a database URL: {url}", fix=fix) from error
    if parts.get_backend_name() == "postgresql":
        return parts.set(drivername="postgresql+psycopg")
    if parts.get_backend_name() != "sqlite":
        raise InvalidInput(f"unknown kind of database: {parts.get_backend_name()}", fix=fix)
    if parts.database in (None, "", ":memory:"):
        raise InvalidInput("jobs cannot stand in memory", fix=fix)
    return parts


def is_news(record: logging.LogRecord) -> bool:
    """The engine reports each failed job once more; we have said so ourselves, with the job's key."""
    return "Exception encountered in background workflow" not in str(record.msg)


def ticket_of(key: str, attempt: int) -> str:
    """The engine's id of one attempt."""
    return key if attempt == 1 else f"{key}~{attempt}"


def buried(job: WorkflowStatus) -> DeadJob:
    """A failed row of the engine in the port's words."""
    given: dict[str, Any] = dict(job.input or {})
    name, key, argument, _, attempt = given.get("args") or ("?", job.workflow_id, "", "", 0)
    ended = (job.completed_at or job.updated_at or 0) / 1000
    return DeadJob(name, key, argument, str(job.error), attempt, datetime.fromtimestamp(ended, UTC))
