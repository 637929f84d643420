"""Keep who saw a material's original, where it was used before, and why it was uploaded.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_COMMENT = "A document that a case was given: one row a file and case, written by the runtime in the command's transaction. Its bytes lie in the content store under sha256. Only {} ever change: a clerk who sees the original makes a C a B."
_BEFORE, _NOW = _COMMENT.format("state and trust"), _COMMENT.format("state, trust and seen_")


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("material") as batch:
        batch.add_column(
            sa.Column(
                "seen_by",
                sa.Text(),
                nullable=True,
                comment="Account of the clerk who compared it with the original.",
            )
        )
        batch.add_column(sa.Column("seen_at", UtcDateTime(), nullable=True))
        batch.add_column(
            sa.Column(
                "reused_from",
                sa.Text(),
                nullable=True,
                comment="Number of the own case that it was first given to.",
            )
        )
        batch.add_column(
            sa.Column(
                "reason",
                sa.Text(),
                nullable=True,
                comment="Why it was uploaded though a department could share it.",
            )
        )
        batch.create_table_comment(_NOW, existing_comment=_BEFORE)


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("material") as batch:
        for name in ("reason", "reused_from", "seen_at", "seen_by"):
            batch.drop_column(name)
        batch.create_table_comment(_BEFORE, existing_comment=_NOW)
