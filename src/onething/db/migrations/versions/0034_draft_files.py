"""Keep files in drafts, and know which contents may be erased.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("draft") as table:
        table.alter_column(
            "answers",
            existing_type=sa.LargeBinary(),
            existing_nullable=False,
            comment="What was typed, and the names and places of the files.",
        )
    op.create_table(
        "draft_file",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False, comment="Its name in the content store."),
        sa.ForeignKeyConstraint(
            ["user", "service", "kind"],
            ["draft.user", "draft.service", "draft.kind"],
            name=op.f("fk_draft_file_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user", "service", "kind", "sha256", name=op.f("pk_draft_file")),
        comment="A content that a draft keeps; what it is called and answers is sealed in the draft. Written and deleted with its draft.",
    )
    op.create_index("ix_draft_file_sha256", "draft_file", ["sha256"])
    op.create_table(
        "waiting_content",
        sa.Column("sha256", sa.Text(), nullable=False, comment="Its name in the content store."),
        sa.Column("until", UtcDateTime(), nullable=False, comment="So long nobody may erase it."),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_waiting_content")),
        comment="A content that was taken in and may lie in no case: of a form that was not sent, or of a case whose retention is over. Written before the content itself, so that nothing is erased that somebody is about to use. The worker looks at what is due: what no case and no draft names is erased, and the row goes.",
    )
    op.create_index("ix_waiting_content_until", "waiting_content", ["until"])


def downgrade() -> None:
    """Take this revision back: drafts keep no files, and contents of no case stay."""
    op.drop_index("ix_waiting_content_until", "waiting_content")
    op.drop_table("waiting_content")
    op.drop_index("ix_draft_file_sha256", "draft_file")
    op.drop_table("draft_file")
    with op.batch_alter_table("draft") as table:
        table.alter_column(
            "answers", existing_type=sa.LargeBinary(), existing_nullable=False, comment=None
        )
