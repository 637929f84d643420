"""Durable execution of jobs: DBOS on the site's database, or on a file of its own beside SQLite.

A job's workflow carries three names: instance, effect key, round. What it does, the outbox row
keeps (the answer of a department is stored there, under the case's key, before it is applied),
so that a workflow which is executed again goes on where its row stands, and no personal value
ever stands in the engine's tables.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Connection, Engine, create_engine, event

from onething import runtime
from onething.jobs import JobRow
from onething.runtime import Host
from onething.worker.pace import SELDOM_S, Pace
from onething.worker.watch import Stranded

APPLICATION = "onething"
VERSION = "jobs-1"
"""What a workflow is called with and what it does, as a contract between releases.

It is not the product's version: any release performs what any other has handed over, since a
workflow is three names and an outbox row. A change that an older release could not perform is
another workflow, under another name, beside this one.
"""
SCHEMA = "dbos"
QUEUE = "jobs"
WORKFLOW = "perform_job"
AHEAD = 4
"""A worker claims so many jobs for each thread, and performs them as its threads get free."""
MOST_DEATHS = 10
"""A job whose workers died so often is not tried again by itself."""
STRANDED_S = 60.0
"""Claimed work that stays unperformed here for so long is queued again."""
_POOL = 12
_DELETED_AT_ONCE = 1_000
_RUNS = ("PENDING", "ENQUEUED", "DELAYED")
_KILLING = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
_log = structlog.get_logger()


class Durable:
    """The engine of one worker process; there is one in a process at a time."""

    def __init__(self, host: Host, executor: str, threads: int) -> None:
        self._host = host
        self._executor = executor
        self._threads = threads
        self.shares_transaction = not host.database.is_sqlite
        self._engine: Engine | None = None
        self._client: DBOSClient | None = None
        self._stranded = Stranded(STRANDED_S)
        self._pace: Pace | None = None

    def start(self) -> None:
        """Take up the work, this executor's unfinished work first."""
        _quiet()
        _running.begin(self._host)
        self._engine = self._open()
        DBOS(config=self._config(self._engine))
        DBOS.launch()
        queue = DBOS.register_queue(
            QUEUE,
            worker_concurrency=self._threads * AHEAD,
            polling_interval_sec=SELDOM_S,
            on_conflict="always_update",
        )
        self._pace = Pace(queue.set_polling_interval_sec)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            dbos_system_schema=SCHEMA,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            lazy=True,
        )

    def stop(self, timeout_s: float = 0) -> None:
        """Let what runs come to its end for a while; the rest stays to be taken over."""
        _running.drain(timeout_s)
        DBOS.destroy()
        if self._client is not None:
            self._client.destroy()
            self._client = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def wait_for_end(self, timeout_s: float) -> None:
        """Return when a job of this process has ended, or after so long."""
        _running.ended.wait(timeout_s)
        _running.ended.clear()

    def wake(self) -> None:
        """Let whoever waits for the end of a job go on."""
        _running.ended.set()

    def take(self, conn: Connection | None, taken: Sequence[JobRow]) -> None:
        """Put jobs into the queue, in the caller's transaction where the database is one."""
        if conn is not None:
            self._enqueue(conn, taken)
        elif self._engine is not None:
            with self._engine.begin() as own:
                self._enqueue(own, taken)

    def note_handed(self, count: int) -> None:
        """Note how many jobs a look of the relay handed over: the queue is watched accordingly.

        Not to be called within a transaction: it uses another connection.
        """
        if self._pace is not None:
            self._pace.note(count)

    def fates(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return what became of rounds: runs, ended, defect or killing.

        Left out are those that nobody knows, and those that this executor has claimed without
        hearing of it. Should such a one be performed all the same, its round is over.
        """
        found = DBOS.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False)
        claimed = {
            one.workflow_id
            for one in found
            if one.status == "PENDING" and one.executor_id == self._executor
        }
        stranded = self._stranded.look(claimed - _running.ids())
        return {
            one.workflow_id: _fate(one.status) for one in found if one.workflow_id not in stranded
        }

    def executors(self) -> set[str]:
        """Return the executors that have claimed work and not finished it."""
        found = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {one.executor_id for one in found if one.executor_id}

    def recover(self, executors: Sequence[str]) -> int:
        """Let every live worker claim what dead executors have left; return how much that was.

        A second call for the same executors, from here or elsewhere, finds nothing left.
        """
        return len(DBOS._recover_pending_workflows(list(executors)))  # noqa: SLF001 - no public way

    def drop_finished(self, older_than_s: float) -> int:
        """Delete workflows that ended so long ago; return how many."""
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - older_than_s))
        dropped = batch = self._drop_before(before)
        while batch == _DELETED_AT_ONCE:
            batch = self._drop_before(before)
            dropped += batch
        return dropped

    def _drop_before(self, before: str) -> int:
        found = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", _KILLING],
            completed_before=before,
            limit=_DELETED_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if found:
            DBOS.delete_workflows([one.workflow_id for one in found])
        return len(found)

    def _enqueue(self, conn: Connection, taken: Sequence[JobRow]) -> None:
        if self._client is None:
            raise RuntimeError("the engine has not started")
        for job in taken:
            self._client.enqueue_in_transaction(
                conn,
                {
                    "workflow_name": WORKFLOW,
                    "queue_name": QUEUE,
                    "workflow_id": job.workflow_id,
                    "app_version": VERSION,
                },
                job.instance_id,
                job.effect_key,
                job.round,
            )

    def _config(self, engine: Engine) -> DBOSConfig:
        return {
            "name": APPLICATION,
            "system_database_url": engine.url.render_as_string(hide_password=False),
            "system_database_engine": engine,
            "dbos_system_schema": SCHEMA,
            "executor_id": self._executor,
            "application_version": VERSION,
            "serializer": DBOSPortableJSONSerializer(),
            # Polled: a listening connection would not outlive a pooler of transactions.
            "use_listen_notify": False,
            "max_executor_threads": self._threads + 1,
            "scheduler_polling_interval_sec": 3600.0,
            "enable_otlp": False,
        }

    def _open(self) -> Engine:
        if self.shares_transaction:
            return self._host.database.another_engine(_POOL)
        return _file_engine(self._host.settings.data_dir / "jobs.db")


class Unperformed(Exception):
    """A defect ended the round of a job; it is found as lost and queued again."""


class Running:
    """What this process performs at the moment; the engine calls a function, not a method."""

    def __init__(self) -> None:
        self._host: Host | None = None
        self._ids: list[str] = []
        self._changed = threading.Condition()
        self.ended = threading.Event()
        """Set whenever a job has ended."""

    def begin(self, host: Host) -> None:
        """Perform for a host from now on."""
        with self._changed:
            self._host = host

    def drain(self, timeout_s: float) -> None:
        """Perform nothing new, and wait for what runs."""
        with self._changed:
            self._host = None
            self._changed.wait_for(lambda: not self._ids, timeout_s)

    def ids(self) -> set[str]:
        """Return the workflows that run at the moment."""
        with self._changed:
            return set(self._ids)

    @contextmanager
    def one(self, workflow_id: str) -> Iterator[Host | None]:
        """Note that one job runs; give its host, or None where nothing new is performed."""
        with self._changed:
            host = self._host
            self._ids.append(workflow_id)
        try:
            yield host
        finally:
            with self._changed:
                self._ids.remove(workflow_id)
                self._changed.notify_all()
            self.ended.set()


_running = Running()


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_DEATHS)
def perform_job(instance_id: str, effect_key: str, number: int) -> str:
    """Perform one round of one job; executed again after a crash, it goes on by the outbox."""
    with _running.one(DBOS.workflow_id or "") as host:
        if host is None:
            return "left"  # found as lost by a worker that goes on, or at the next start
        try:
            return runtime.perform_relayed(host, instance_id, effect_key, number)
        except Exception as error:  # noqa: BLE001 - raised again, without its words
            _log.exception("a job could not be performed", job=f"{instance_id}:{effect_key}")
            # The engine keeps what is raised here: its message may name a person.
            raise Unperformed(type(error).__name__) from None


def _fate(status: str) -> str:
    if status in _RUNS:
        return "runs"
    return {_KILLING: "killing", "ERROR": "defect"}.get(status, "ended")


def _quiet() -> None:
    """Let the engine log as the product does, and only what is amiss."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.WARNING)


def _file_engine(path: Path) -> Engine:
    """Open the engine's own SQLite file.

    No commit to it waits for the disk: what a power cut takes from it, the outbox still has.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}", pool_size=_POOL, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlalchemy.engine.interfaces.DBAPIConnection, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine
