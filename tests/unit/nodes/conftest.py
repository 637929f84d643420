import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres
from onething import runtime
from onething.catalog import Catalog
from onething.db import Database
from onething.identity import SYSTEM
from onething.now import FakeClock
from onething.runtime import Host
from onething.settings import Settings
from onething.testing import databases
from unit.clocks.node import at

PACKAGES = Path(__file__).parents[1] / "clocks" / "package"


@pytest.fixture(scope="session")
def server(server) -> Iterator[str]:
    """A PostgreSQL server; without one these tests are skipped, except where all must run."""
    known = os.environ.get(databases.SERVER)
    if known:
        yield known
    elif postgres.programs() is None and os.environ.get("CI") != "true":
        pytest.skip("no PostgreSQL; as root: apt-get install postgresql")
    else:
        with postgres.server() as url:
            os.environ[databases.SERVER] = url
            yield url
            del os.environ[databases.SERVER]


@pytest.fixture
def nodes(server, tmp_path) -> Iterator[tuple[Host, Host]]:
    """Two nodes on one PostgreSQL database, with a service deployed."""
    clock = FakeClock(at("2026-03-02"))
    settings = Settings(data_dir=tmp_path)
    with databases.throwaway() as first, Database(_url(first)) as second:
        one, other = (
            runtime.open_host(settings, clock=clock, database=database)
            for database in (first, second)
        )
        first.create()
        runtime.deploy(one, SYSTEM, Catalog([PACKAGES]).package("licence"))
        yield one, other
        for host in (one, other):
            host.access_log.flush()


def _url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)
