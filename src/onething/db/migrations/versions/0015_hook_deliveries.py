"""Remember what departments delivered by webhook.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "hook_delivery",
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False, comment="Keyed digest of what was sent."),
        sa.Column("case_no", sa.Text(), nullable=True, comment="The case that it reached."),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("department", "delivery_id", name=op.f("pk_hook_delivery")),
        comment="One delivery of a department's webhook, and what it was answered: the same one again is answered so and does nothing. Written by the runtime behind the delivery's effect, never changed, deleted after thirty days.",
    )
    op.create_index("ix_hook_delivery_received_at", "hook_delivery", ["received_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_hook_delivery_received_at", "hook_delivery")
    op.drop_table("hook_delivery")
