"""Let what is archived leave, and keep its proof.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ARCHIVED = "EXISTS (SELECT 1 FROM archived a WHERE a.instance_id = OLD.instance_id AND a.restored_at IS NULL"
_LEAVES = {
    "event": f"{_ARCHIVED} AND (OLD.sequence < a.sequence OR (OLD.sequence = a.sequence AND OLD.hash = a.hash)))",
    "clock_entry": f"{_ARCHIVED})",
    "access_log": "EXISTS (SELECT 1 FROM access_log_cut c WHERE OLD.number <= c.number)",
}
_COMMENTS = {
    "event": (
        "One command that an instance accepted. Written by every command of the runtime, never changed: a trigger refuses it.",
        " Deleted only when its instance is archived.",
    ),
    "clock_entry": (
        "One line of a clock's ledger: start, pause, resume, extension, exclusion, deemed, stop, redated. Written with the event that moves the clock, never changed. The reason is public: words of the model, or of a supervisor.",
        " Deleted only when its instance is archived.",
    ),
    "access_log": (
        "One reading of personal data, refused ones too; its own hash chain. Written by whoever shows data, never changed: a trigger refuses it.",
        " Deleted only behind a cut.",
    ),
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "access_log_cut",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "hash", sa.LargeBinary(), nullable=False, comment="Hash of the reading of that number."
        ),
        sa.Column(
            "until", UtcDateTime(), nullable=False, comment="Readings before it were dropped."
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_access_log_cut")),
        comment="The end of the readings that were dropped when their months were over: the chain goes on from its hash. Written by retention, never changed.",
    )
    op.create_table(
        "archive",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "month", sa.Text(), nullable=False, comment="Month in which its cases ended: 2026-03."
        ),
        sa.Column("file", sa.Text(), nullable=False, comment="Name in the archive folder."),
        sa.Column(
            "manifest", sa.Text(), nullable=False, comment="Canonical JSON with its signature."
        ),
        sa.Column("last_position", sa.BigInteger(), nullable=False, comment="Newest event in it."),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_archive")),
        comment="One archive file, written, flushed to the disk and read back. Written before any row leaves the database, never changed.",
    )
    op.create_table(
        "archived",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("archive", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Of the last event."),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="Of the last event: the head."),
        sa.Column(
            "removed_at", UtcDateTime(), comment="When its rows left the database; null: not yet."
        ),
        sa.Column("restored_at", UtcDateTime(), comment="When they were brought back."),
        sa.PrimaryKeyConstraint("instance_id", "archive", name=op.f("pk_archived")),
        comment="One instance in an archive file, with the head of its chain. Written with the file's row; what leaves the append-only tables must stand here.",
    )
    op.create_index(
        "ix_archived_leaving",
        "archived",
        ["instance_id"],
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "erasure",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="The rule that its time was over by."
        ),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_erasure")),
        comment="One instance whose personal values were erased at the end of their retention. Written by retention with the erasing, never changed.",
    )
    for table in ("access_log_cut", "archive", "erasure"):
        op.append_only(table)
    op.create_index(
        "ix_instance_ended",
        "instance",
        ["ended_at"],
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index("ix_document_sha256", "document", ["sha256"])
    _guard(_LEAVES, told=True)


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_document_sha256", "document")
    op.drop_index("ix_instance_ended", "instance")
    _guard(dict.fromkeys(_LEAVES, ""), told=False)
    for table in ("erasure", "archived", "archive", "access_log_cut"):
        op.drop_table(table)


def _guard(tables: dict[str, str], *, told: bool) -> None:
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for table, unless in tables.items():
        if on_postgres:
            op.execute(f'DROP TRIGGER IF EXISTS {table}_append_only ON "{table}"')
            op.execute(f'DROP TRIGGER IF EXISTS {table}_leaves ON "{table}"')
            op.create_table_comment(
                table, _COMMENTS[table][0] + (_COMMENTS[table][1] if told else "")
            )
        else:
            op.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
        op.append_only(table, unless)
