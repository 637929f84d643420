"""The demonstration's data: made at the first start, left alone at every other."""

from datetime import UTC, datetime

import argon2
import pytest

from onething import identity, runtime, simulator
from onething.cli import demo
from onething.identity import SYSTEM, passwords
from onething.testing.world import World

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def host(monkeypatch) -> runtime.Host:
    """A node as the first start with the demonstration leaves it."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    with World(NOW, simulator.create_app, simulator.Records) as world:
        demo.seed(world.host)
        yield world.host


def changes(host) -> list[tuple[str, str]]:
    with host.database.read() as conn:
        return [(one.kind, one.subject) for one in identity.changes(conn, limit=1000)]


def test_a_second_start_changes_nothing(host):
    before = changes(host)

    demo.seed(host)

    assert before
    assert changes(host) == before


def test_a_name_that_was_changed_is_put_right_and_noted(host):
    identity.put_region(host.database, SYSTEM, NOW, code=demo.CITY, name="别处")
    before = changes(host)

    demo.seed(host)

    assert changes(host) == [("RegionPut", demo.CITY), *before]
