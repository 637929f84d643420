"""Append events and read them back."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from onething import db
from onething.db import instant_text
from onething.errors import HistoryBroken
from onething.feel.json import canonical, parse
from onething.history.hashes import Hash
from onething.history.keys import CaseKey, Keys
from onething.history.models import event, event_value, next_position

_SALT_BYTES = 16
_KEY_INDEX = "ux_event_key"
"""PostgreSQL names the index that refuses a row, SQLite its columns."""
_BATCH = 200

_INSERT_EVENT = insert(event).values(position=next_position())
_INSERT_VALUE = insert(event_value)
_READ = (
    select(event, event_value.c.sealed)
    .select_from(
        event.outerjoin(
            event_value,
            (event_value.c.instance_id == event.c.instance_id)
            & (event_value.c.sequence == event.c.sequence),
        )
    )
    .where(event.c.instance_id == bindparam("id"), event.c.sequence > bindparam("after"))
    .order_by(event.c.sequence)
    .limit(bindparam("limit"))
)
_AFTER = (
    select(event)
    .where(event.c.position > bindparam("after"), event.c.position <= bindparam("until"))
    .order_by(event.c.position)
    .limit(bindparam("limit"))
)
_NEWEST = select(func.coalesce(func.max(event.c.position), 0))
_NEWEST_AT = select(event.c.at).order_by(event.c.position.desc()).limit(1)
_NEXT_AT = (
    select(event.c.at)
    .where(event.c.position > bindparam("after"))
    .order_by(event.c.position)
    .limit(1)
)
_BY_KEY = select(event).where(
    event.c.instance_id == bindparam("id"), event.c.key == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What a command has to say about itself, before it stands in the chain."""

    instance_id: str
    sequence: int
    """Counts from 1."""
    previous_hash: bytes
    """Hash of the event before; GENESIS for the first."""
    kind: str
    """In the past tense: `TaskCompleted`."""
    actor: str
    at: datetime
    input: Any
    """JSON without personal values."""
    effects: Any
    """JSON without personal values."""
    personal: Any = None
    """JSON; sealed, and erased with the case key."""
    post: str | None = None
    on_behalf_of: str | None = None
    key: str | None = None
    """Idempotency key of the command."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of an instance's history."""

    instance_id: str
    sequence: int
    kind: str
    actor: str
    post: str | None
    on_behalf_of: str | None
    at: datetime
    key: str | None
    input: Any
    effects: Any
    commitment: bytes = field(repr=False)
    previous_hash: bytes = field(repr=False)
    hash: bytes = field(repr=False)
    personal: Any = None
    """None too where no case key was given."""


_COLUMNS = tuple(name for name in Event.__slots__ if name != "personal")


def append(conn: Connection, key: CaseKey, new: NewEvent) -> bytes:
    """Write one event at the end of its instance's chain; return its hash, 32 bytes.

    A second event at the same place is refused by the primary key.
    """
    return _append(conn, [_rows(key, new)])[0]


def append_all(conn: Connection, keys: Keys, events: Sequence[NewEvent]) -> list[bytes]:
    """Write one event each at the end of several chains; return their hashes, as `append`.

    Raises:
        NotFound: The personal values of one instance were erased: its history has ended.
    """
    return _append(conn, [_rows(keys.of_case(conn, new.instance_id), new) for new in events])


def is_of_key(error: IntegrityError) -> bool:
    """Whether an event was refused because its instance has one with the same key already."""
    told = str(error.orig)
    return _KEY_INDEX in told or "event.key" in told


def _append(
    conn: Connection, pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]
) -> list[bytes]:
    db.write(conn, _INSERT_EVENT, [row for row, _value in pairs])
    db.write(conn, _INSERT_VALUE, [value for _row, value in pairs])
    return [row["hash"] for row, _value in pairs]


def _rows(key: CaseKey, new: NewEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the row of an event and that of its sealed values."""
    place = {"instance_id": new.instance_id, "sequence": new.sequence}
    secret = os.urandom(_SALT_BYTES) + canonical(new.personal)
    row: dict[str, Any] = {
        **place,
        "kind": new.kind,
        "actor": new.actor,
        "post": new.post,
        "on_behalf_of": new.on_behalf_of,
        "at": new.at.astimezone(UTC),
        "key": new.key,
        "input": canonical(new.input).decode(),
        "effects": canonical(new.effects).decode(),
        "commitment": key.hash(secret),
        "previous_hash": new.previous_hash,
    }
    digest = event_hash(row, key.hash)
    sealed = key.seal(secret, f"event {new.sequence}")
    return {**row, "hash": digest}, {**place, "sealed": sealed}


def event_hash(row: dict[str, Any], hash_: Hash) -> bytes:
    """Return the hash of a row's canonical JSON, its previous hash within.

    Source: RFC 8785; hashes stand in it as lower-case hexadecimal digits.
    """
    return hash_(
        orjson.dumps(
            {
                "actor": row["actor"],
                "at": instant_text(row["at"]),
                "commitment": row["commitment"].hex(),
                "effects": orjson.Fragment(row["effects"]),
                "input": orjson.Fragment(row["input"]),
                "instance_id": row["instance_id"],
                "key": row["key"],
                "kind": row["kind"],
                "on_behalf_of": row["on_behalf_of"],
                "post": row["post"],
                "previous_hash": row["previous_hash"].hex(),
                "sequence": row["sequence"],
            }
        )
    )


def read(
    conn: Connection,
    keys: Keys | None,
    instance_id: str,
    after: int = 0,
    limit: int | None = None,
) -> Iterator[Event]:
    """Yield the events of an instance behind sequence `after`, at most `limit`.

    Personal values are opened where `keys` are given and the instance's key was not erased.

    Raises:
        HistoryBroken: A sealed value is missing or does not open.
    """
    key = keys.find(conn, instance_id) if keys is not None else None
    left = limit if limit is not None else sys.maxsize
    while left > 0:
        batch = min(left, _BATCH)
        rows = conn.execute(_READ, {"id": instance_id, "after": after, "limit": batch}).all()
        for row in rows:
            yield _event(row, key)
        if len(rows) < batch:
            return
        left -= batch
        after = rows[-1].sequence


def read_all(
    conn: Connection, after: int, limit: int, until: int | None = None
) -> list[tuple[int, Event]]:
    """Return the events of every instance behind a position in the order of commits.

    Each comes with its own position, without personal values. Nobody can write an event before
    one that was returned: none is behind `until`, an earlier `horizon`; without one it is looked
    up now, so hand over a connection that may write.
    """
    if until is None:
        until = horizon(conn)
    rows = conn.execute(_AFTER, {"after": after, "limit": limit, "until": until})
    return [(row.position, _event(row, None)) for row in rows]


def horizon(conn: Connection) -> int:
    """Return the newest position before which no event can be written any more.

    On PostgreSQL, where positions are drawn before commits, the table is locked against writers
    until the transaction ends: keep it short, and hand over a connection that may write.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE event IN SHARE MODE"))
    return newest(conn)


def newest(conn: Connection) -> int:
    """Return the newest position that can be read; one before it may still be written."""
    return int(conn.execute(_NEWEST).scalar_one())


def newest_at(conn: Connection) -> datetime | None:
    """Return when the newest event happened; None in an empty history."""
    return conn.execute(_NEWEST_AT).scalar()


def next_at(conn: Connection, after: int) -> datetime | None:
    """Return when the first event behind a position happened; None where there is none."""
    return conn.execute(_NEXT_AT, {"after": after}).scalar()


def by_key(conn: Connection, instance_id: str, key: str) -> Event | None:
    """Return the event that a command with this idempotency key wrote, without personal values."""
    row = conn.execute(_BY_KEY, {"id": instance_id, "key": key}).first()
    return None if row is None else _event(row, None)


def _event(row: Row[Any], key: CaseKey | None) -> Event:
    values = {name: getattr(row, name) for name in _COLUMNS}
    values["input"] = parse(row.input)
    values["effects"] = parse(row.effects)
    if key is not None:
        values["personal"] = parse(open_secret(key, row.sequence, row.sealed)[_SALT_BYTES:])
    return Event(**values)


def open_secret(key: CaseKey, sequence: int, sealed: bytes | None) -> bytes:
    """Return salt and personal values, the bytes that the commitment is the hash of.

    Raises:
        HistoryBroken: The sealed value is missing or does not open.
    """
    if sealed is None:
        raise HistoryBroken(f"The values of event {sequence} of {key.instance_id} are missing")
    return key.open(sealed, f"event {sequence}")
