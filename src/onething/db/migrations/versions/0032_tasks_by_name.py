"""Walk a department's tasks of one name in the order they are due.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_NAMED = ["department", "name"]
_IN_ORDER = [*_NAMED, "due_at", "opened_at", "instance_id", "token", "region", "state"]


def upgrade() -> None:
    """Bring the schema to this revision."""
    _replace(_IN_ORDER)


def downgrade() -> None:
    """Take this revision back."""
    _replace(_NAMED)


def _replace(columns: list[str]) -> None:
    live = sa.text("closed_at IS NULL")
    op.drop_index("ix_task_named", "task")
    op.create_index("ix_task_named", "task", columns, sqlite_where=live, postgresql_where=live)
