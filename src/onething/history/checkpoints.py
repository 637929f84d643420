"""Checkpoints: signed lines in a file outside the database.

Whoever owns the database can compute a whole chain anew. They cannot compute these lines:
each holds the heads of the instances that moved, a Merkle root over all new event hashes,
the head of the log of readings and the hash of the line before, under a signature. At most
the events since the last line can be forged unseen.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, Connection, func, select, text

from onething import disk
from onething.db import instant_text
from onething.errors import HistoryBroken
from onething.feel.json import canonical, parse
from onething.history.hashes import hash_by_name
from onething.history.merkle import MerkleTree
from onething.history.models import access_log, archive, event
from onething.history.signing import Signer

EVENTS_PER_LINE = 50_000
"""More new events than this are spread over several lines."""
LOCK_MS = 2_000
"""So long a checkpoint waits for the commands under way; new ones stand behind it meanwhile."""
_TAIL_BYTES = 1 << 16

_LAST_POSITIONS = (
    select(func.coalesce(func.max(event.c.position), 0)),
    select(func.coalesce(func.max(archive.c.last_position), 0)),
)
_LAST_READING = (
    select(access_log.c.number, access_log.c.hash).order_by(access_log.c.number.desc()).limit(1)
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line of the checkpoint file."""

    number: int
    """Counts from 1."""
    at: str
    previous: str
    """Hash of the line before; empty for the first."""
    hash_name: str
    position: int
    """Place of the newest event in it, in the order of commits."""
    count: int
    root: str
    heads: list[list[Any]]
    """[instance id, sequence, hash] of each instance that moved, by instance id."""
    access: list[Any]
    """[number, hash] of the newest reading, or nothing."""
    algorithm: str

    def body(self) -> dict[str, Any]:
        """Return what is signed, as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def checkpoint(
    conn: Connection, signer: Signer, file: Path, now: datetime, hash_name: str = "sha256"
) -> int:
    """Prove every event that no line proves yet; return how many lines were written.

    Nothing new writes no line. Hand over a connection that has not read yet; on PostgreSQL one
    that may write, because the event table is locked against writers while new events are read.

    Raises:
        HistoryBroken: The file proves events that the database does not hold, or its last
            line cannot be read.
        OperationalError: A command took longer than the lock is waited for; try again later.
    """
    with _locked(file) as handle:
        # The database is looked at behind the lock: what the file proves is then there.
        if conn.dialect.name == "postgresql":
            # Every command waits behind a lock that waits for one that does not end.
            conn.execute(text(f"SET LOCAL lock_timeout = {LOCK_MS}"))
            conn.execute(text("LOCK TABLE event IN SHARE MODE"))
        newest = max(int(conn.execute(one).scalar_one()) for one in _LAST_POSITIONS)
        line, last = _last(handle)
        if last.position > newest:
            raise HistoryBroken(f"{file} proves events that the database does not hold")
        press = _Press(conn, signer, now, hash_name, _newest_reading(conn))
        written = 0
        while last.position < newest or last.access != press.access:
            line, last = press.line(line, last, min(newest, last.position + EVENTS_PER_LINE))
            handle.write(line + b"\n")
            written += 1
        disk.flush(handle)
    return written


def _newest_reading(conn: Connection) -> list[Any]:
    row = conn.execute(_LAST_READING).first()
    return [] if row is None else [row.number, row.hash.hex()]


def lines(file: Path) -> Iterator[bytes]:
    """Yield the lines of a checkpoint file, the last one whether whole or torn."""
    if file.exists():
        with file.open("rb") as handle:
            for line in handle:
                yield line.rstrip(b"\n")


def byte_order(conn: Connection) -> ColumnElement[str]:
    """Return the instance id as a sort key that orders alike in every database."""
    column: ColumnElement[str] = event.c.instance_id
    return column.collate("C") if conn.dialect.name == "postgresql" else column


_BEFORE_THE_FIRST = Checkpoint(
    number=0,
    at="",
    previous="",
    hash_name="sha256",
    position=0,
    count=0,
    root="",
    heads=[],
    access=[],
    algorithm="",
)


@dataclass(frozen=True, slots=True)
class _Press:
    """Makes the lines of one call."""

    conn: Connection
    signer: Signer
    now: datetime
    hash_name: str
    access: list[Any]

    def line(self, before: bytes, last: Checkpoint, upto: int) -> tuple[bytes, Checkpoint]:
        """Return the signed line behind `last`, over the events up to a position."""
        tree, heads = self._gather(last.position, upto)
        hash_ = hash_by_name(self.hash_name)
        made = Checkpoint(
            number=last.number + 1,
            at=instant_text(self.now),
            previous=hash_(before).hex() if last.number else "",
            hash_name=self.hash_name,
            position=upto,
            count=tree.count,
            root=tree.root().hex(),
            heads=heads,
            access=self.access,
            algorithm=self.signer.algorithm,
        )
        signature = self.signer.sign(canonical(made.body())).hex()
        return canonical({**made.body(), "signature": signature}), made

    def _gather(self, after: int, upto: int) -> tuple[MerkleTree, list[list[Any]]]:
        tree = MerkleTree(hash_by_name(self.hash_name))
        heads: list[list[Any]] = []
        new = (
            select(event.c.instance_id, event.c.sequence, event.c.hash)
            .where(event.c.position > after, event.c.position <= upto)
            .order_by(byte_order(self.conn), event.c.sequence)
        )
        for row in self.conn.execute(new):
            tree.add(row.hash)
            if not heads or heads[-1][0] != row.instance_id:
                heads.append([row.instance_id, 0, ""])
            heads[-1][1:] = [row.sequence, row.hash.hex()]
        return tree, heads


@contextmanager
def _locked(file: Path) -> Iterator[BinaryIO]:
    """Open the file for appending, for this process alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield opened


def _last(handle: BinaryIO) -> tuple[bytes, Checkpoint]:
    """Return the last whole line, raw and read; a torn one behind it is cut off."""
    size = handle.seek(0, os.SEEK_END)
    back = _TAIL_BYTES
    while True:
        start = handle.seek(max(0, size - back))
        tail = handle.read()
        whole, end, torn = tail.rpartition(b"\n")
        if start == 0 or b"\n" in whole:
            break
        back *= 4
    if torn:
        handle.truncate(size - len(torn))
    line = whole.rpartition(b"\n")[2] if end else b""
    if not line:
        return b"", _BEFORE_THE_FIRST
    return line, read_line(line)[0]


def read_line(line: bytes) -> tuple[Checkpoint, bytes]:
    """Return a line's content and its signature.

    Raises:
        HistoryBroken: The line is not a checkpoint.
    """
    try:
        values = parse(line)
        signature = bytes.fromhex(values.pop("signature"))
        return Checkpoint(**values), signature
    except (ValueError, TypeError, KeyError, AttributeError):
        raise HistoryBroken("A line of the checkpoint file is no checkpoint") from None
