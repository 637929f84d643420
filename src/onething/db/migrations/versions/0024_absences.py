"""Keep who is away and who stands in, and for whom a task was taken over.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "absence",
        sa.Column("absence_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False, comment="The last day away."),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="leave, duty, training, other: never why ill.",
        ),
        sa.Column("substitute", sa.Text(), nullable=True, comment="Null: nobody was found."),
        sa.Column(
            "note",
            sa.Text(),
            nullable=False,
            comment="Read by the person and the supervisors alone.",
        ),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True, comment="Set: it does not hold."),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_absence_department")
        ),
        sa.ForeignKeyConstraint(
            ["substitute"], ["person.user"], name=op.f("fk_absence_substitute")
        ),
        sa.ForeignKeyConstraint(["user"], ["person.user"], name=op.f("fk_absence_user")),
        sa.PrimaryKeyConstraint("absence_id", name=op.f("pk_absence")),
        comment="Days on which a person of a department is away, and who stands in. Written by the person or a supervisor of the department; ended early and withdrawn, never deleted.",
    )
    op.create_index("ix_absence_days", "absence", ["department", "last_on"])
    op.create_index(op.f("ix_absence_user"), "absence", ["user"])
    taken = "The absent person for whom its holder took it."
    op.add_column("task", sa.Column("held_for", sa.Text(), nullable=True, comment=taken))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("task", "held_for")
    op.drop_index(op.f("ix_absence_user"), "absence")
    op.drop_index("ix_absence_days", "absence")
    op.drop_table("absence")
