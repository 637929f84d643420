"""Keep verified identities, shared data of applications and objections to them.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    _identities()
    _answers()
    _objections()


def _identities() -> None:
    op.create_table(
        "verified_identity",
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="Keyed digest of the id number."),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="Name and id number."),
        sa.Column("source", sa.Text(), nullable=False, comment="Who checked it."),
        sa.Column("verified_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["person.user"], name=op.f("fk_verified_identity_user_person")
        ),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_verified_identity")),
        sa.UniqueConstraint("digest", name=op.f("uq_verified_identity_digest")),
        comment="Who stands behind one account, sealed under the master key; one number belongs to one account. Written when a person is verified, deleted when they withdraw it.",
    )


def _answers() -> None:
    op.create_table(
        "shared_answer",
        sa.Column(
            "user", sa.Text(), nullable=False, comment="Whom the values are about: nobody else."
        ),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column(
            "application", sa.Text(), nullable=False, comment="Idempotency key of what is sent."
        ),
        sa.Column("consent", sa.Text(), nullable=False, comment="agreed or refused."),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user", "service", name=op.f("pk_shared_answer")),
        comment="What departments told of a verified person for one application that is not sent yet, or that the person refused to let them be asked; sealed under the master key. Written by the applicant, deleted with the opening of the case or when it expires.",
    )
    op.create_index("ix_shared_answer_expires_at", "shared_answer", ["expires_at"], unique=False)


def _objections() -> None:
    op.create_table(
        "objection",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False, comment="Field of the application."),
        sa.Column("operation", sa.Text(), nullable=False, comment="What the department was asked."),
        sa.Column(
            "department",
            sa.Text(),
            nullable=False,
            comment="Who gave the value and may correct it.",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="open, corrected or kept."),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("instance_id", "number", name=op.f("pk_objection")),
        comment="One objection of an applicant to a value that a department shared: both values and the reason, sealed under the case's key. Written with the opening of the case and once by the department's answer.",
    )
    op.create_index(
        "ix_objection_department", "objection", ["department", "state", "raised_at"], unique=False
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_objection_department", table_name="objection")
    op.drop_table("objection")
    op.drop_index("ix_shared_answer_expires_at", table_name="shared_answer")
    op.drop_table("shared_answer")
    op.drop_table("verified_identity")
