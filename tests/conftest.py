"""What every test starts from."""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
import structlog
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from onething.definitions import Definition, Package, queries
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


ROUTE = ("arguments", "_parts", "_trace", "_converters", "_build", "_build_unknown")
"""What Werkzeug compiles of a rule's address."""


@pytest.fixture(scope="session", autouse=True)
def compiled_routes():
    """Let the many applications of a run share their compiled addresses."""
    compiled: dict[tuple[str | None, ...], dict[str, Any]] = {}
    compiling = Rule.compile

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults))
        if key not in compiled:
            compiling(rule)
            compiled[key] = {name: vars(rule)[name] for name in ROUTE}
        vars(rule).update(compiled[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_definitions():
    """Let the many sites of a run share what they pack and compile of the same package."""
    process, freeze = Definition.process.func, Package.freeze
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "_ready", lru_cache(maxsize=64)(queries._ready))
        patch.setattr(Definition.process, "func", _once(process, lambda one: one.package.hash))
        patch.setattr(Package, "freeze", _once(freeze, lambda one: one.hash))
        yield


def _once(making: Callable[[Any], Any], key_of: Callable[[Any], str]) -> Callable[[Any], Any]:
    made: dict[str, Any] = {}

    def made_once(one: Any) -> Any:
        key = key_of(one)
        if key not in made:
            made[key] = making(one)
        return made[key]

    return made_once


@pytest.fixture(scope="session", autouse=True)
def compiled_statements():
    """Let the many databases of a run share their compiled statements.

    SQLAlchemy keeps them by engine and dialect; here all dialects of one kind are one.
    """
    shared: LRUCache[Any, Any] = LRUCache(5_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Engine, "_compiled_cache", property(lambda _: shared, lambda *_: None), raising=False
        )
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(autouse=True)
def plain_logs():
    """Take back what a command has configured: its stream is gone with its test."""
    yield
    structlog.reset_defaults()
