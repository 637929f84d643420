"""What every test starts from."""

import os

import pytest
import structlog

import postgres
from onething.testing import databases


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the same tests run on the other database."""
    parser.addoption("--postgres", action="store_true", help="run on a PostgreSQL server")


@pytest.fixture(scope="session", autouse=True)
def server(request: pytest.FixtureRequest):
    """With `--postgres`: a server on which every throw-away database is made."""
    if not request.config.getoption("--postgres"):
        yield
        return
    with postgres.server() as url:
        os.environ[databases.SERVER] = url
        yield
        del os.environ[databases.SERVER]


@pytest.fixture(autouse=True)
def plain_logs():
    """Take back what a command has configured: its stream is gone with its test."""
    yield
    structlog.reset_defaults()
