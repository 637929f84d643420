"""Find cases by a part of number or title, a service's tasks and what has ended, from indexes.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_GRAMS = """\
CREATE OR REPLACE FUNCTION case_grams(case_no text, title text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE COST 1000 AS $$
SELECT array_to_tsvector(ARRAY(
SELECT substr(case_no, at, 8) FROM generate_series(1, length(case_no)) AS at
UNION ALL SELECT substr(title, at, 2) FROM generate_series(1, length(title)) AS at))$$"""
_QUEUE = ["department", "due_at", "opened_at", "instance_id", "token"]


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.drop_index("ix_task_queue", "task")
    _index("ix_task_queue", "task", [*_QUEUE, "service"], "closed_at IS NULL")
    op.drop_index("ix_clock_ended", "clock")
    ended = "ended_at IS NOT NULL"
    _index("ix_clock_ended", "clock", ["kind", "ended_at", "department"], ended)
    _index("ix_instance_over", "instance", ["status", "started_at", "instance_id"], ended)
    if _is_postgresql():
        op.execute(_GRAMS)
        grams = [sa.text("case_grams(case_no, title)")]
        op.create_index("ix_case_grams", "case", grams, postgresql_using="gin")


def downgrade() -> None:
    """Take this revision back."""
    if _is_postgresql():
        op.drop_index("ix_case_grams", "case")
        op.execute("DROP FUNCTION case_grams(text, text)")
    op.drop_index("ix_instance_over", "instance")
    op.drop_index("ix_clock_ended", "clock")
    op.create_index("ix_clock_ended", "clock", ["ended_at"])
    op.drop_index("ix_task_queue", "task")
    _index("ix_task_queue", "task", _QUEUE, "closed_at IS NULL")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
