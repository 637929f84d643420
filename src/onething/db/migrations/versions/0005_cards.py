"""Add the cards of electronic supervision.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "card",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("clock_id", sa.Text(), nullable=True),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("raised_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reply_due_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sealed_reply", sa.LargeBinary(), nullable=True),
        sa.Column("replied_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("replied_by", sa.Text(), nullable=True),
        sa.Column("sealed_review", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "card_id", name=op.f("pk_card")),
        comment=(
            "One signal of electronic supervision on a clock, or on a case as a whole (no clock). "
            "Written by the runtime with the event that raises or moves it. Each rule of the "
            "table raises one card a clock. State: open, answered, reviewed, waived, escalated. "
            "Reply, review and the reason of a waiver (it stands as the review) are sealed under "
            "the case key."
        ),
    )
    with op.batch_alter_table("card", schema=None) as batch:
        of_clock = ["instance_id", "clock_id", "rule"]
        batch.create_index("ix_card_of_clock", of_clock, unique=True)
        batch.create_index("ix_card_board", ["department", "state", "raised_at"], unique=False)
        batch.create_index("ix_card_reply_due", ["state", "reply_due_at"], unique=False)
    op.create_index("ix_clock_ended", "clock", ["ended_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_clock_ended", "clock")
    op.drop_table("card")
