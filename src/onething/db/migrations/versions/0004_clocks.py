"""Add clocks and their ledgers.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    _clock()
    _clock_entry()


def _clock() -> None:
    op.create_table(
        "clock",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("clock_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("statutory", sa.Text(), nullable=True),
        sa.Column("promised", sa.Text(), nullable=True),
        sa.Column("statutory_due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("promised_due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("calendar_version", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "clock_id", name=op.f("pk_clock")),
        comment=(
            "One legal or promised time limit that runs on a case, an item or a task: a "
            "projection of the clock effects in the history, written by the runtime. State: "
            "running, paused, stopped, expired. Due instants are the first ones that are too "
            "late; those of a paused clock say when it would be due if it went on at once."
        ),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index("ix_clock_statutory_due", "clock", ["state", "statutory_due_at"])
    op.create_index("ix_clock_promised_due", "clock", ["state", "promised_due_at"])
    op.create_index(
        "ix_clock_open",
        "clock",
        ["instance_id", "calendar_version"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _clock_entry() -> None:
    op.create_table(
        "clock_entry",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("clock_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("limit", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "clock_id", "number", name=op.f("pk_clock_entry")),
        comment=(
            "One line of a clock's ledger: start, pause, resume, extension, exclusion, deemed, "
            "stop, redated. Written with the event that moves the clock, never changed. The "
            "reason is public: words of the model, or of a supervisor."
        ),
    )
    op.append_only("clock_entry")


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("clock_entry")
    op.drop_table("clock")
