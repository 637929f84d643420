from collections.abc import Iterator
from datetime import UTC, datetime

import argon2
import pytest

from onething import identity
from onething.db import Database
from onething.identity import SYSTEM, passwords
from onething.settings import Settings
from onething.testing import databases

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
PASSWORD = "Morgenstern-7"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Real argon2id with parameters that do not slow the tests down."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    passwords._nobodys.cache_clear()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def database(settings) -> Iterator[Database]:
    with databases.throwaway() as opened:
        opened.create()
        for code in ("police", "civil"):
            identity.put_department(opened, SYSTEM, NOW, code=code, name=code)
        yield opened


@pytest.fixture
def enrol(database, settings):
    """Open an account with one post."""

    def make(user: str, *roles: str, **post) -> int | None:
        identity.add_person(
            database,
            SYSTEM,
            NOW,
            user=user,
            name=user.title(),
            password=PASSWORD,
            must_change_password=False,
            settings=settings,
        )
        return (
            identity.give_post(database, SYSTEM, NOW, user=user, roles=roles, **post)
            if roles
            else None
        )

    return make


@pytest.fixture
def acting(database):
    def find(user: str):
        with database.read() as conn:
            return identity.actor(conn, user)

    return find
