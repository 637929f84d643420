"""Count attempts of an address for all nodes together.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "rate",
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of what is counted: holds an address.",
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False, comment="When counting begins anew."),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate")),
        comment="How often an address tried something lately. Written by every node; short-lived.",
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("rate")
