"""Tables of history: events, their sealed values, the keys that open them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Compiled,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from onething.db import UtcDateTime, append_only, metadata

EVENT_LEAVES = (
    "EXISTS (SELECT 1 FROM archived a WHERE a.instance_id = OLD.instance_id "
    "AND a.restored_at IS NULL AND (OLD.sequence < a.sequence "
    "OR (OLD.sequence = a.sequence AND OLD.hash = a.hash)))"
)
"""When an event may be deleted: its instance is archived, and the head is the archived one."""
READING_LEAVES = "EXISTS (SELECT 1 FROM access_log_cut c WHERE OLD.number <= c.number)"
"""When a reading may be deleted: a cut keeps the proof of all up to it."""

event = append_only(
    Table(
        "event",
        metadata,
        Column("instance_id", Text, primary_key=True),
        Column("sequence", Integer, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("actor", Text, nullable=False),
        Column("post", Text),
        Column("on_behalf_of", Text),
        Column("at", UtcDateTime, nullable=False),
        Column("key", Text, comment="Idempotency key of the command."),
        Column("input", Text, nullable=False, comment="Canonical JSON without personal values."),
        Column("effects", Text, nullable=False, comment="Canonical JSON without personal values."),
        Column("commitment", LargeBinary, nullable=False, comment="hash(salt + personal values)"),
        Column("previous_hash", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column(
            "position",
            BigInteger,
            Identity(),
            nullable=False,
            comment="Order of commit: what a checkpoint has not seen yet.",
        ),
        Index(
            "ux_event_key",
            "instance_id",
            "key",
            unique=True,
            sqlite_where=text("key IS NOT NULL"),
            postgresql_where=text("key IS NOT NULL"),
        ),
        Index("ux_event_position", "position", unique=True),
        comment=(
            "One command that an instance accepted. Written by every command of the runtime, "
            "never changed: a trigger refuses it. Deleted only when its instance is archived."
        ),
    ),
    unless=EVENT_LEAVES,
)

event_value = Table(
    "event_value",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["instance_id", "sequence"], ["event.instance_id", "event.sequence"]),
    comment=(
        "The personal values of one event, sealed under the case key. Written with the event; "
        "only retention deletes it."
    ),
)

case_key = Table(
    "case_key",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("hash_name", Text, nullable=False, comment="Hash of the chain: sha256 or sm3."),
    Column("wrapped", LargeBinary, comment="Sealed by the master key; null once erased."),
    comment="The key to one instance's personal values. Written at its start; erasing empties it.",
)

access_log = append_only(
    Table(
        "access_log",
        metadata,
        Column(
            "number",
            BigInteger().with_variant(Integer, "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        Column("post", Text),
        Column("case_no", Text),
        Column("page", Text, nullable=False),
        Column("fields", Text, nullable=False, comment="Canonical JSON list of data elements."),
        Column("purpose", Text, nullable=False),
        Column("is_allowed", Boolean, nullable=False),
        Column("previous_hash", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Index("ix_access_log_case_no", "case_no"),
        comment=(
            "One reading of personal data, refused ones too; its own hash chain. Written by "
            "whoever shows data, never changed: a trigger refuses it. Deleted only behind a cut."
        ),
    ),
    unless=READING_LEAVES,
)

access_log_cut = append_only(
    Table(
        "access_log_cut",
        metadata,
        Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("hash", LargeBinary, nullable=False, comment="Hash of the reading of that number."),
        Column("until", UtcDateTime, nullable=False, comment="Readings before it were dropped."),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        comment=(
            "The end of the readings that were dropped when their months were over: the chain "
            "goes on from its hash. Written by retention, never changed."
        ),
    )
)

archive = append_only(
    Table(
        "archive",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("month", Text, nullable=False, comment="Month in which its cases ended: 2026-03."),
        Column("file", Text, nullable=False, comment="Name in the archive folder."),
        Column("manifest", Text, nullable=False, comment="Canonical JSON with its signature."),
        Column("last_position", BigInteger, nullable=False, comment="Newest event in it."),
        Column("written_at", UtcDateTime, nullable=False),
        comment=(
            "One archive file, written, flushed to the disk and read back. Written before any "
            "row leaves the database, never changed."
        ),
    )
)

archived = Table(
    "archived",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("archive", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False, comment="Of the last event."),
    Column("hash", LargeBinary, nullable=False, comment="Of the last event: the head."),
    Column("removed_at", UtcDateTime, comment="When its rows left the database; null: not yet."),
    Column("restored_at", UtcDateTime, comment="When they were brought back."),
    Index(
        "ix_archived_leaving",
        "instance_id",
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
    comment=(
        "One instance in an archive file, with the head of its chain. Written with the file's "
        "row; what leaves the append-only tables must stand here."
    ),
)

erasure = append_only(
    Table(
        "erasure",
        metadata,
        Column("instance_id", Text, primary_key=True),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        Column("reason", Text, nullable=False, comment="The rule that its time was over by."),
        comment=(
            "One instance whose personal values were erased at the end of their retention. "
            "Written by retention with the erasing, never changed."
        ),
    )
)


class next_position(GenericFunction[int]):  # noqa: N801 - it is an SQL function
    """The place of the next event in the order of commits."""

    type = BigInteger()
    inherit_cache = True


@compiles(next_position, "sqlite")
def _on_sqlite(_element: object, _compiler: Compiled, **_options: object) -> str:
    # There is one writer at a time: nobody can draw the same number. What is archived has its own.
    return (
        "max(coalesce((SELECT max(position) FROM event), 0), "
        "coalesce((SELECT max(last_position) FROM archive), 0)) + 1"
    )


@compiles(next_position)
def _elsewhere(_element: object, _compiler: Compiled, **_options: object) -> str:
    return "DEFAULT"
