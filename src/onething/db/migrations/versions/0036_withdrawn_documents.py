"""Let an issued document be withdrawn.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("document") as table:
        table.add_column(
            sa.Column(
                "withdrawn_at",
                UtcDateTime(),
                nullable=True,
                comment="Since when it stands no more; the reason is in the case's history.",
            )
        )


def downgrade() -> None:
    """Take this revision back: what was withdrawn stands again."""
    with op.batch_alter_table("document") as table:
        table.drop_column("withdrawn_at")
