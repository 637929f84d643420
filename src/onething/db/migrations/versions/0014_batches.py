"""Batches: one command on many cases.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import Json, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "batch",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("criteria", Json(), nullable=False),
        sa.Column("options", Json(), nullable=False),
        sa.Column("undo_of", sa.Text()),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("started_by", sa.Text()),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_index("ix_batch_state", "batch", ["state", "created_at"])
    op.create_table(
        "batch_line",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("at", UtcDateTime()),
        sa.PrimaryKeyConstraint("batch_id", "number"),
    )
    op.create_index("ix_batch_line_state", "batch_line", ["batch_id", "state", "number"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("batch_line")
    op.drop_table("batch")
