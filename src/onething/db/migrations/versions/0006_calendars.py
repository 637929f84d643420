"""Add the holiday notices that a site imports.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "calendar_notice",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_calendar_notice")),
        comment=(
            "A holiday notice that an operator imported, as its file says it. Only ever inserted: "
            "a later notice of the same year and jurisdiction replaces the earlier one, and what "
            "was counted by the earlier one can still be replayed. Counted on from the shipped "
            "notices."
        ),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("calendar_notice")
