"""What every test starts from."""

import os
from collections.abc import Iterator
from functools import lru_cache

import pytest
import structlog
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from onething.definitions import queries
from onething.testing import databases, postgres

settings.register_profile(
    "machines of any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("machines of any speed")


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


@pytest.fixture(scope="session")
def postgresql(server) -> Iterator[str]:
    """The URL of a PostgreSQL server; without one its tests are skipped, but not in CI."""
    if databases.SERVER in os.environ:
        yield os.environ[databases.SERVER]
    elif postgres.programs() is None and os.environ.get("CI") != "true":
        pytest.skip("no PostgreSQL; as root: apt-get install postgresql")
    else:
        with postgres.server() as url:
            yield url


class Compiled(BytecodeCache):
    """Templates by the hash of their text, compiled once for all applications of a process."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._code.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def compiled_templates():
    """Let the many applications of a run share their compiled templates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", Compiled())
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_routes():
    """Let the many applications of a run share the code that builds their addresses."""
    compiled = {}
    compiling = Rule._compile_builder

    def builder(rule, append_unknown=True):  # noqa: FBT002 - Werkzeug's own signature
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compiling(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", builder)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_definitions():
    """Let the many sites of a run share what they compile of the same package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "_ready", lru_cache(maxsize=64)(queries._ready))
        yield


@pytest.fixture(autouse=True)
def plain_logs():
    """Take back what a command has configured: its stream is gone with its test."""
    yield
    structlog.reset_defaults()
