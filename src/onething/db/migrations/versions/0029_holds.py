"""Keep holds on cases, and which case follows which.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "case_hold",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1, within the case."),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column(
            "department", sa.Text(), nullable=False, comment="Whose supervisor put it there."
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="review (复议), litigation (诉讼)."),
        sa.Column(
            "document", sa.Text(), nullable=False, comment="Number of the paper that it rests on."
        ),
        sa.Column("dated_on", sa.Date(), nullable=False, comment="Date of that paper."),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("put_by", sa.Text(), nullable=False),
        sa.Column("put_at", UtcDateTime(), nullable=False),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="maintained, annulled, changed; null while it holds.",
        ),
        sa.Column("outcome_document", sa.Text(), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "number", name=op.f("pk_case_hold")),
        comment="A hold on a case while its decision is reviewed or before a court: a projection of the history, written by the runtime when it is put there and when it is lifted. Stays with the case when that is archived, which it is not while one holds.",
    )
    op.create_index("ix_case_hold_department", "case_hold", ["department", "put_at"])
    op.create_table(
        "case_link",
        sa.Column("instance_id", sa.Text(), nullable=False, comment="The case that follows."),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("follows_instance_id", sa.Text(), nullable=False),
        sa.Column("follows_case_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="error, review, objection."),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False, comment="Whose post opened it."),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_case_link")),
        comment="A case that corrects or takes up again a closed one: a projection of both histories, written by the runtime with the first event of the new case. Never changed; stays with the cases when they are archived.",
    )
    op.create_index(op.f("ix_case_link_follows_instance_id"), "case_link", ["follows_instance_id"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index(op.f("ix_case_link_follows_instance_id"), "case_link")
    op.drop_table("case_link")
    op.drop_index("ix_case_hold_department", "case_hold")
    op.drop_table("case_hold")
