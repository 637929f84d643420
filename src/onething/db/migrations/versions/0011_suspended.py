"""Suspend instances: their jobs and timers rest, what is told to them is kept.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    rests = sa.Column("suspended", sa.Integer(), nullable=False, server_default="0")
    op.add_column("timer", rests)
    op.drop_index("ix_timer_due", "timer")
    op.create_index("ix_timer_due", "timer", ["suspended", "due_at"])
    op.create_table(
        "held_message",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.Text()),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("ready_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("instance_id", "message_id"),
    )
    op.create_index("ix_held_message_ready", "held_message", ["ready_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("held_message")
    op.drop_index("ix_timer_due", "timer")
    op.create_index("ix_timer_due", "timer", ["due_at"])
    op.drop_column("timer", "suspended")
