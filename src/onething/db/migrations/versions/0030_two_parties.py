"""Keep invitations of the other party, and the accounts that agreed to an application.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "invitation",
        sa.Column("invitation_id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("invited", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code", name=op.f("uq_invitation_code")),
    )
    op.create_index("ix_invitation_user", "invitation", ["user"])
    op.create_index("ix_invitation_invited", "invitation", ["invited"])
    op.create_index("ix_invitation_expires_at", "invitation", ["expires_at"])
    op.create_table(
        "case_party",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "party", name=op.f("pk_case_party")),
    )
    op.create_index("ix_case_party_user", "case_party", ["user"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("case_party")
    op.drop_table("invitation")
