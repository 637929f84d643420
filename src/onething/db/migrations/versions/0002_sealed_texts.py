"""Seal the reasons of items and the names of materials under their cases' keys.

Plain texts cannot be sealed here, where no key is known: they are dropped. A reason still
stands sealed in its event; a material of before is shown by its id.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("item") as batch:
        batch.drop_column("reason")
        batch.add_column(sa.Column("sealed_reason", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("material") as batch:
        batch.drop_column("name")
        batch.add_column(sa.Column("sealed_name", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    with op.batch_alter_table("material") as batch:
        batch.drop_column("sealed_name")
        batch.add_column(sa.Column("name", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("item") as batch:
        batch.drop_column("sealed_reason")
        batch.add_column(sa.Column("reason", sa.Text(), nullable=True))
