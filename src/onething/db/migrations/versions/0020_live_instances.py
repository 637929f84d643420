"""Answer the operators' search from the live instances and tasks alone.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_index(
        "ix_instance_live",
        "instance",
        ["started_at", "instance_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_task_activity",
        "task",
        ["activity", "instance_id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_task_activity", "task")
    op.drop_index("ix_instance_live", "instance")
