from datetime import UTC, datetime

import pytest

from onething import runtime, simulator
from onething.now import FakeClock
from onething.settings import Settings
from onething.testing import databases, generation
from onething.testing.generation import Order

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SERVICE = "marriage-status-change"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A node whose database is filled with 40 open and 200 closed cases, some of them played."""
    database = databases.throwaway()
    database.create()
    folder = tmp_path_factory.mktemp("site")
    host = runtime.open_host(Settings(data_dir=folder), clock=FakeClock(NOW), database=database)
    order = Order(
        open_cases=40, closed_cases=200, played_share=0.05, scenarios=3, services=(SERVICE,)
    )
    yield host, generation.generate(host, order, simulator.create_app, simulator.Records, str)
    database.close()


@pytest.fixture
def host(filled):
    return filled[0]


@pytest.fixture
def made(filled):
    return filled[1]
