"""Keep drafts of tasks, and completions that can be undone.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("draft", sa.Column("begun_by", sa.Text(), nullable=True))
    op.create_index("ix_draft_service", "draft", ["service"], unique=False)
    op.create_table(
        "held_completion",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pressed_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_held_completion")),
    )
    op.create_index("ix_held_completion_due_at", "held_completion", ["due_at"])
    op.create_index("ix_held_completion_user", "held_completion", ["user"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("held_completion")
    op.drop_index("ix_draft_service", table_name="draft")
    with op.batch_alter_table("draft") as table:
        table.drop_column("begun_by")
