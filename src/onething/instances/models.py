"""Tables of instances."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, text

from onething.db import UtcDateTime, metadata

instance = Table(
    "instance",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("case_no", Text, nullable=False),
    Column("region", Text),
    Column("service", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("snapshot_sequence", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_instance_updated", "updated_at"),
    Index("ix_instance_status", "status", "service", "number"),
    Index(
        "ix_instance_live",
        "started_at",
        "instance_id",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "ix_instance_over",
        "status",
        "started_at",
        "instance_id",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
    Index(
        "ix_instance_ended",
        "ended_at",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
    comment=(
        "One run of a deployment: where its history stands. Written by every command of the "
        "runtime; the versioned update on `sequence` serialises them. Status: active, suspended "
        "(by an operator), completed, cancelled, failed."
    ),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    comment=(
        "A stored state of an instance, sealed under its key: a cache of its history that may "
        "be deleted at any time. Written by the runtime every so many events."
    ),
)
