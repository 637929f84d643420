"""Keep drafts of applications.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "draft",
        sa.Column(
            "user", sa.Text(), nullable=False, comment="Whose it is: nobody else may read it."
        ),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="saved, or left where a session had ended."
        ),
        sa.Column(
            "draft_id",
            sa.Text(),
            nullable=False,
            comment="Idempotency key of what is sent from it.",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="One more with each saving."),
        sa.Column(
            "page", sa.Text(), nullable=False, comment="Random name of the page that saved it last."
        ),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column(
            "code",
            sa.Text(),
            nullable=True,
            comment="Keyed digest of the code by which another device goes on.",
        ),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user", "service", "kind", name=op.f("pk_draft")),
        comment="What a person has typed into a service's application and not sent, sealed under the master key. Written by its page, deleted with the opening of the case, by its writer, or when it expires.",
    )
    op.create_index("ix_draft_expires_at", "draft", ["expires_at"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_draft_expires_at", table_name="draft")
    op.drop_table("draft")
