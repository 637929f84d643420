"""The product behind PgBouncer, by transaction: the shipped configuration, a real server."""

import re
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.conftest import DEPLOY, WINDOW, needs, site, start
from onething import runtime, tasks
from onething.db import Database
from onething.runtime import Host
from onething.settings import Settings
from onething.testing import postgres

CLIENTS = 12
POOL = 4


@contextmanager
def pgbouncer(server: str, database: str) -> Iterator[str]:
    """Run PgBouncer by the shipped file, on other places and with a small pool."""
    folder = postgres.new_folder("onething-pgb-")
    place = server.partition("host=")[2]
    text = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text()
    changed = {
        "onething": f"host={place} port=5432 dbname={database}",
        "listen_addr": "",
        "listen_port": "6432",
        "unix_socket_dir": str(folder),
        "auth_type": "any",
        "auth_file": "",
        "default_pool_size": str(POOL),
        "reserve_pool_size": "0",
    }
    for name, value in changed.items():
        more = " user=postgres" if name == "onething" else ""
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}{more}", text)
        assert count == 1, name
    text = re.sub(r"(?m)^max_prepared_statements.*\n", "", text)  # newer than Debian 12's
    file = folder / "pgbouncer.ini"
    file.write_text(text)
    file.chmod(0o644)
    words = ["runuser", "-u", postgres.USER, "--"] if folder.owner() == postgres.USER else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*words, "/usr/sbin/pgbouncer", str(file)], stdout=log, stderr=log
        )
    try:
        until = time.monotonic() + 20
        while not listens(folder / ".s.PGSQL.6432"):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        yield f"postgresql+psycopg://postgres@/onething?host={folder}&port=6432"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def listens(path: Path) -> bool:
    """Whether somebody answers at a socket; its file is there a moment earlier."""
    with socket.socket(socket.AF_UNIX) as tried:
        return tried.connect_ex(str(path)) == 0


@pytest.fixture
def pooled(postgresql, tmp_path) -> Iterator[Host]:
    """A node behind PgBouncer, with a small service."""
    needs("pgbouncer")
    direct = postgres.new_database(postgresql, f"pooled-{tmp_path.name}")
    name = direct.rpartition("/")[2].partition("?")[0]
    with pgbouncer(postgresql, name) as url:
        settings = Settings(data_dir=tmp_path, database_url=url, database_pooled=True)
        with site(settings) as host:
            yield host


def whole_case(host: Host, note: str) -> str:
    """Start a case and complete its three tasks."""
    case_no = start(host, note)
    for _ in range(3):
        with host.database.read() as conn:
            (task,) = tasks.worklist(conn, tasks.Filter(case_no=case_no, states=tasks.LIVE))
        runtime.complete(host, WINDOW, task.id, {"note": note})
    return case_no


def test_more_clients_than_connections_do_their_work(pooled):
    with ThreadPoolExecutor(CLIENTS) as pool:
        numbers = list(pool.map(lambda n: whole_case(pooled, f"case {n}"), range(CLIENTS * 2)))

    assert len(set(numbers)) == CLIENTS * 2
    replayed = Counter(one.is_clean for one in runtime.replay_all(pooled))
    assert replayed == {True: CLIENTS * 2}


def test_pooler_that_starts_anew_is_not_noticed_for_long(pooled):
    whole_case(pooled, "before")
    with pooled.database.engine.connect() as conn:
        # Every server connection goes; the pooler opens others.
        conn.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert whole_case(pooled, "after")


def test_locks_of_preparation_hold_behind_the_pooler(pooled):
    order: list[str] = []

    def other() -> None:
        with Database.of(pooled.settings) as second, second.alone():
            order.append("other")

    with ThreadPoolExecutor(1) as pool:
        with pooled.database.alone():
            waiting = pool.submit(other)
            time.sleep(0.3)  # long enough to be let in by mistake
            order.append("one")
        waiting.result(30)

    assert order == ["one", "other"]
