"""Let a card tell when it was handed up, and find clocks of office hours.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("card", sa.Column("escalated_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("clock", sa.Column("by_hours", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE clock SET by_hours = 1 WHERE promised LIKE 'WH%' OR promised LIKE 'WM%'")
    op.create_index("ix_clock_by_hours", "clock", ["state", "by_hours"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_clock_by_hours", "clock")
    op.drop_column("clock", "by_hours")
    op.drop_column("card", "escalated_at")
