"""Mark databases that hold made-up cases.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "generation",
        sa.Column("seed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("open_cases", sa.Integer(), nullable=False),
        sa.Column("closed_cases", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("seed", name=op.f("pk_generation")),
        comment="The mark of a database that `onething generate` filled for measuring: its cases "
        "are made up, most have no history. Written once; a site that serves people has no row.",
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("generation")
