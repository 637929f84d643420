"""Answer a page of a queue from an index, in its order.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_index(
        "ix_task_queue",
        "task",
        ["department", "due_at", "opened_at", "instance_id", "token"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_task_queue", "task")
