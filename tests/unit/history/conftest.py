import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onething import history
from onething.history import Ed25519Signer, Ed25519Verifier, Keys, NewEvent, Report
from onething.testing import databases

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

UNGUARDED = (
    "DROP TRIGGER IF EXISTS event_no_update",
    "DROP TRIGGER IF EXISTS event_no_delete",
    "DROP TRIGGER IF EXISTS access_log_no_update",
    "DROP TRIGGER IF EXISTS access_log_no_delete",
    "PRAGMA defer_foreign_keys=ON",
)
UNGUARDED_POSTGRES = ("SET session_replication_role = replica",)
"""As a superuser can: no trigger runs, neither guards nor foreign keys."""
BYTES = re.compile(r"\bx'([0-9a-f]*)'")
"""How SQLite writes bytes."""


class Archive:
    """A small database with histories, its keys and its checkpoint file."""

    def __init__(self, folder: Path, hash_name: str = "sha256") -> None:
        self.database = databases.throwaway()
        self.database.create()
        self.keys = Keys(b"m" * 32, hash_name)
        self.signer = Ed25519Signer(b"s" * 32)
        self.verifier = Ed25519Verifier(self.signer.public_key)
        self.file = folder / "checkpoints.jsonl"
        self.heads: dict[str, tuple[int, bytes]] = {}

    def add(self, instance_id: str, events: int = 1) -> None:
        """Append events to an instance, as its commands would."""

        def command(conn):
            sequence, previous = self.heads.get(instance_id, (0, history.GENESIS))
            for place in range(sequence + 1, sequence + events + 1):
                new = NewEvent(
                    instance_id=instance_id,
                    sequence=place,
                    previous_hash=previous,
                    kind="TaskCompleted",
                    actor="wang",
                    at=NOW,
                    input={"task": f"t{place}"},
                    effects={"ended": [["a", place]]},
                    personal={"name": "张三", "round": place},
                )
                previous = history.append(conn, self.keys.of_case(conn, instance_id), new)
            return place, previous

        self.heads[instance_id] = self.database.write(command)

    def checkpoint(self) -> int:
        return self.database.write(
            lambda conn: history.checkpoint(conn, self.signer, self.file, NOW, self.keys.hash_name)
        )

    def verify(self, **more) -> Report:
        return history.verify(self.database, self.file, self.verifier, **more)

    def known(self, _conn):
        return [(name, *head) for name, head in self.heads.items()]

    def tamper(self, *statements: str) -> None:
        """Change the tables as somebody who owns the database can."""

        def command(conn):
            is_sqlite = conn.dialect.name == "sqlite"
            for statement in UNGUARDED if is_sqlite else UNGUARDED_POSTGRES:
                conn.exec_driver_sql(statement)
            for statement in statements:
                conn.exec_driver_sql(statement if is_sqlite else BYTES.sub(r"'\\x\1'", statement))

        self.database.write(command)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path)
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def new_archive() -> type[Archive]:
    return Archive
