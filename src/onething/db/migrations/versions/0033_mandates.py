"""Let people act for family members, and keep their mandates.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("case_party") as table:
        table.alter_column("user", existing_type=sa.Text(), nullable=True)
        table.alter_column("agreed_at", existing_type=UtcDateTime(), nullable=True)
        table.add_column(sa.Column("digest", sa.Text(), nullable=True))
        table.add_column(sa.Column("until", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
    op.create_index("ix_case_party_digest", "case_party", ["digest"])
    op.create_index("ix_case_party_until", "case_party", ["until"])


def downgrade() -> None:
    """Take this revision back: who acts for somebody sees the case as its applicant."""
    op.drop_index("ix_case_party_until", "case_party")
    op.drop_index("ix_case_party_digest", "case_party")
    op.execute(sa.text('DELETE FROM case_party WHERE "user" IS NULL OR agreed_at IS NULL'))
    with op.batch_alter_table("case_party") as table:
        for name in ("digest", "until", "ended_at"):
            table.drop_column(name)
        table.alter_column("agreed_at", existing_type=UtcDateTime(), nullable=False)
        table.alter_column("user", existing_type=sa.Text(), nullable=False)
