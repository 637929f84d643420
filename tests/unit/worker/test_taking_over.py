"""What happens to the jobs of a killed worker, and to all jobs when PostgreSQL goes down."""

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import structlog
from sqlalchemy import make_url, text

from onething import cases, jobs, runtime
from onething.catalog import Catalog
from onething.db import Database
from onething.identity import SYSTEM
from onething.jobs import JobRow
from onething.runtime import Host
from onething.testing import databases, postgres
from onething.worker import durable, loop
from unit.runtime.node import id_no
from unit.worker.conftest import PACKAGE
from unit.worker.site import Department, opened, wait_for, working
from unit.worker.tables import everything

TESTS = Path(__file__).parents[2]
CASES = 6
AT_ONCE = 4
"""The police takes so many calls at one time."""


@pytest.fixture
def department() -> Department:
    return Department()


@pytest.fixture
def address(department) -> Iterator[str]:
    with department.serving() as url:
        yield url


def start_cases(host: Host) -> list[str]:
    """Open cases that each ask the police once; return their numbers."""
    runtime.deploy(host, SYSTEM, Catalog([PACKAGE]).package("permit"))
    people = [{"name": "张三", "idNo": id_no(at), "division": "370502"} for at in range(CASES)]
    started = [
        runtime.start_case(host, SYSTEM, "permit", {"way": "call", "person": one}) for one in people
    ]
    return [one.case_no for one in started]


def states(host: Host, numbers: Sequence[str]) -> list[str]:
    with host.database.read() as conn:
        return [cases.get(conn, one).state for one in numbers]


def jobs_of(host: Host, numbers: Sequence[str]) -> list[JobRow]:
    with host.database.read() as conn:
        return [
            job
            for one in numbers
            for job in jobs.of_instance(conn, cases.get(conn, one).instance_id)
        ]


def are_closed(host: Host, numbers: Sequence[str]) -> bool:
    return set(states(host, numbers)) == {"CLOSED"}


@contextmanager
def another_worker(host: Host, address: str, name: str) -> Iterator[subprocess.Popen]:
    """Run a worker as a process of its own."""
    folder = host.settings.data_dir
    url = host.database.url.render_as_string(hide_password=False)
    words = [sys.executable, "-m", "unit.worker.site", str(folder), url, address, name]
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=TESTS, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def claims(database: Database) -> dict[str, int]:
    """Return how much each executor has claimed and not finished."""
    query = (
        "SELECT executor_id, count(*) FROM dbos.workflow_status "
        "WHERE status = 'PENDING' GROUP BY executor_id"
    )
    with database.read() as conn:
        return dict(conn.execute(text(query)).all())


def test_what_a_killed_worker_had_claimed_another_one_performs_and_no_attempt_is_used_up(
    postgresql, tmp_path, department, address
):
    with databases.copied(postgresql) as database:
        database.create()
        host = opened(tmp_path, database, address)
        numbers = start_cases(host)
        log = (tmp_path / "worker.log").read_text

        with another_worker(host, address, "killed") as first:
            wait_for(lambda: len(department.calls) == AT_ONCE, log)
            with working(host, "other") as other:
                assert claims(database) == {"killed": AT_ONCE}
                first.send_signal(signal.SIGKILL)
                first.wait(30)
                department.may_answer.set()
                wait_for(lambda: are_closed(host, numbers))
                texts = everything(other._jobs._durable)
        done = jobs_of(host, numbers)
        host.access_log.flush()

    assert {(job.state, job.attempts) for job in done} == {("done", 0)}
    assert department.work == {job.id: 1 for job in done}
    assert len(department.calls) == CASES + AT_ONCE  # only what was being asked is asked again
    assert {one for name, one in texts if name == "serialization"} == {"portable_json"}
    assert not [one for one in texts if "张三" in str(one) or id_no(0) in str(one)]


def test_jobs_outlive_a_crash_of_postgresql_and_it_uses_up_no_attempt(
    tmp_path, department, address, monkeypatch
):
    monkeypatch.setattr(durable, "STRANDED_S", 3.0)
    monkeypatch.setattr(loop, "_AFTER_ERROR_S", 0.5)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with postgres.server(durable=True) as server, ExitStack() as again:
        data = Path(str(make_url(server).query["host"]), "data")
        with Database(postgres.new_database(server, "site")) as database:
            database.create()
            host = opened(tmp_path, database, address)
            numbers = start_cases(host)
            with working(host, "one"):
                wait_for(lambda: len(department.calls) == AT_ONCE)

                postgres.run("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
                department.may_answer.set()  # what was done is answered to who cannot note it
                wait_for(lambda: department.answered == AT_ONCE)
                again.enter_context(postgres.running(data))
                wait_for(lambda: are_closed(host, numbers))
                done = jobs_of(host, numbers)
            host.access_log.flush()

    assert {(job.state, job.attempts) for job in done} == {("done", 0)}
    assert department.work == {job.id: 1 for job in done}
