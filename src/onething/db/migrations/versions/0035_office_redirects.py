"""Let the later tasks of an office that has moved go where it went.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "office_redirect",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("to_post", sa.Text(), nullable=True),
        sa.Column("to_region", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "lifts",
            sa.Integer(),
            nullable=True,
            comment="Number of the redirect that holds no longer; null: the row is one itself.",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_office_redirect")),
        sa.UniqueConstraint("lifts", name=op.f("uq_office_redirect_lifts")),
        comment="Where the tasks of an office go that has moved, or the lifting of such a row. Written by a supervisor of the department, only ever inserted. Null post or region: whatever it is; of the target: the task's own one.",
    )


def downgrade() -> None:
    """Take this revision back: tasks go where the lane of their diagram says."""
    op.drop_table("office_redirect")
