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
            "never changed: a trigger refuses it."
        ),
    )
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
            "whoever shows data, never changed: a trigger refuses it."
        ),
    )
)


class next_position(GenericFunction[int]):  # noqa: N801 - it is an SQL function
    """The place of the next event in the order of commits."""

    type = BigInteger()
    inherit_cache = True


@compiles(next_position, "sqlite")
def _on_sqlite(_element: object, _compiler: Compiled, **_options: object) -> str:
    # There is one writer at a time: nobody can draw the same number.
    return "(SELECT coalesce(max(position), 0) + 1 FROM event)"


@compiles(next_position)
def _elsewhere(_element: object, _compiler: Compiled, **_options: object) -> str:
    return "DEFAULT"
