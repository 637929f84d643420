"""Find the instances that run by deployment, however many have ended.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_index("ix_instance_status", "instance", ["status", "service", "number"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_instance_status", "instance")
