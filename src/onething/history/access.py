"""The log of readings: who saw whose personal data, and who was refused."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from onething.db import Database, Pending, after_commit, instant_text
from onething.feel.json import canonical, parse
from onething.history.hashes import GENESIS, Hash, hash_by_name
from onething.history.models import access_log

_INSERT = insert(access_log)
_LAST = select(access_log.c.number, access_log.c.hash).order_by(access_log.c.number.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at personal data, or one that was refused."""

    at: datetime
    actor: str
    page: str
    """What showed it: a page's or endpoint's name."""
    purpose: str
    is_allowed: bool = True
    case_no: str | None = None
    post: str | None = None
    fields: tuple[str, ...] = ()
    """Names of the data elements, never their values."""


class AccessLog:
    """Writes readings behind the page that shows them, in batches, through the one writer.

    A reading is queued at once and on disk some milliseconds later: `flush` waits for it.
    """

    def __init__(self, database: Database, hash_name: str = "sha256") -> None:
        self._database = database
        self._hash: Hash = hash_by_name(hash_name)
        self._lock = threading.RLock()
        self._waiting: list[Reading] = []
        self._writing: list[Reading] = []
        self._transaction: object = None
        self._pending: Pending[None] | None = None

    def record(self, reading: Reading) -> None:
        """Log a reading without waiting for the disk."""
        with self._lock:
            self._waiting.append(reading)
            if len(self._waiting) == 1:
                self._pending = self._database.submit(self._write)

    def flush(self) -> None:
        """Return once everything recorded so far is on disk; raise what kept it from there."""
        with self._lock:
            if self._waiting or self._writing:
                self._pending = self._database.submit(self._write)
            pending = self._pending
        if pending is not None:
            pending.result()

    def _write(self, conn: Connection) -> None:
        batch = self._take(conn)
        if not batch:
            return
        try:
            conn.execute(_INSERT, self._chained(conn, batch))
        except BaseException:
            with self._lock:
                del self._writing[-len(batch) :]
                self._waiting[:0] = batch
            raise
        after_commit(conn, self._written)

    def _take(self, conn: Connection) -> list[Reading]:
        """Move what waits to what is written, with whatever an earlier commit failed to keep."""
        with self._lock:
            if self._transaction is not conn.get_transaction():
                self._transaction = conn.get_transaction()
                self._waiting[:0] = self._writing
                self._writing = []
            batch, self._waiting = self._waiting, []
            self._writing += batch
            return batch

    def _written(self) -> None:
        with self._lock:
            self._writing = []
            self._transaction = None

    def _chained(self, conn: Connection, batch: list[Reading]) -> list[dict[str, Any]]:
        if conn.dialect.name == "postgresql":
            conn.execute(text("LOCK TABLE access_log IN EXCLUSIVE MODE"))
        last = conn.execute(_LAST).first()
        number, previous = (0, GENESIS) if last is None else (last.number, last.hash)
        rows = []
        for reading in batch:
            number += 1
            row = _row(reading, number, previous)
            row["hash"] = previous = access_hash(row, self._hash)
            rows.append(row)
        return rows


def readings(
    conn: Connection, *, case_no: str | None = None, before: int | None = None, limit: int = 100
) -> Iterator[tuple[int, Reading]]:
    """Yield (number, reading), newest first: of one case, or of all."""
    query = select(access_log).order_by(access_log.c.number.desc()).limit(limit)
    if case_no is not None:
        query = query.where(access_log.c.case_no == case_no)
    if before is not None:
        query = query.where(access_log.c.number < before)
    for row in conn.execute(query).mappings():
        values = {name: row[name] for name in Reading.__slots__}
        yield row["number"], Reading(**{**values, "fields": tuple(parse(row["fields"]))})


def access_hash(row: dict[str, Any], hash_: Hash) -> bytes:
    """Return the hash of a row's canonical JSON, its previous hash within."""
    plain = {name: row[name] for name in _HASHED}
    plain["at"] = instant_text(row["at"])
    plain["previous_hash"] = row["previous_hash"].hex()
    return hash_(canonical(plain))


_HASHED = (
    "number",
    "at",
    "actor",
    "post",
    "case_no",
    "page",
    "fields",
    "purpose",
    "is_allowed",
    "previous_hash",
)


def _row(reading: Reading, number: int, previous: bytes) -> dict[str, Any]:
    return {
        "number": number,
        "at": reading.at.astimezone(UTC),
        "actor": reading.actor,
        "post": reading.post,
        "case_no": reading.case_no,
        "page": reading.page,
        "fields": canonical(sorted(reading.fields)).decode(),
        "purpose": reading.purpose,
        "is_allowed": reading.is_allowed,
        "previous_hash": previous,
    }
