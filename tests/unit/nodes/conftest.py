from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture
def nodes(postgresql, tmp_path) -> Iterator[tuple[Host, Host]]:
    """Two nodes on one PostgreSQL database, with a service deployed."""
    clock = FakeClock(at("2026-03-02"))
    settings = Settings(data_dir=tmp_path)
    with databases.copied(postgresql) as first, Database(_url(first)) as second:
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
