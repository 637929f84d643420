"""Add the timers that start cases.

The timer start events of what is deployed already are planned at the next deployment.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "start_timer",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("service", "process", "event", name=op.f("pk_start_timer")),
        comment=(
            "A timer start event of a service's newest deployment, as written there. Replaced by "
            "each deployment, moved on by each start in the same transaction. Remaining: starts "
            "after the next, -1 without end; no `due_at`: it has started all its cases."
        ),
    )
    op.create_index("ix_start_timer_due", "start_timer", ["due_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("start_timer")
