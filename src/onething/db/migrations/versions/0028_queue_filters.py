"""Filter the queue by fields of the case, and keep filters under names.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from onething.db import Json, UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_LIVE = sa.text("closed_at IS NULL")
_ASSIGNEE = ["assignee", "state"]


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "queue_term",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "term", name=op.f("pk_queue_term")),
        sqlite_with_rowid=False,
        comment="What clerks filter their queue by: one row a value of an open case, as the first 64 bits of a keyed digest of field, value and those who may see it. A projection written in the command's transaction, deleted when the case ends.",
    )
    op.create_index("ix_queue_term_found", "queue_term", ["term", "instance_id"])
    op.create_table(
        "saved_filter",
        sa.Column("filter_id", sa.Text(), nullable=False),
        sa.Column(
            "user", sa.Text(), nullable=False, comment="Whose it is: nobody else may change it."
        ),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False, comment="Empty for a person without a post."),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wanted", Json(), nullable=False, comment="Parameters of the page, in order."),
        sa.Column("is_shared", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("filter_id", name=op.f("pk_saved_filter")),
        comment="A filter of the queue that a clerk keeps under a name for one post, shared with the colleagues of the post or not. Holds no names, numbers and searched texts. Written by its owner alone.",
    )
    op.create_index("ix_saved_filter_place", "saved_filter", ["department", "post", "user"])
    op.create_index(
        "ix_task_named",
        "task",
        ["department", "name"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.drop_index("ix_task_assignee", "task")
    op.create_index("ix_task_assignee", "task", [*_ASSIGNEE, "closed_at"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_task_assignee", "task")
    op.create_index("ix_task_assignee", "task", _ASSIGNEE)
    op.drop_index("ix_task_named", "task")
    op.drop_table("saved_filter")
    op.drop_table("queue_term")
