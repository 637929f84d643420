"""Keep what a site was made with.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "site_fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "value", sa.Text(), nullable=False, comment="A setting, or the fingerprint of a key."
        ),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="Why it was changed; null: as the site began.",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_fact")),
        comment="One thing that a site was made with, compared at each start. Written at the first start and where an operator accepts a change.",
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("site_fact")
