"""Let departments' gates and the relay take the place of leases.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "gate",
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("probe_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("tokens_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reset_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("department"),
    )
    op.add_column("outbox", sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("department", sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True))
    op.drop_column("outbox", "leased_until")
    op.drop_column("outbox", "leased_by")
    _name_departments()
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["department", "due_at"],
        sqlite_where=_QUEUED,
        postgresql_where=_QUEUED,
    )


def downgrade() -> None:
    """Take this revision back; what was handed over is due again."""
    op.execute("UPDATE outbox SET state = 'queued' WHERE state = 'relayed'")
    op.drop_index("ix_outbox_queued", "outbox")
    op.drop_column("outbox", "asked_at")
    op.drop_column("outbox", "department")
    op.drop_column("outbox", "round")
    op.add_column("outbox", sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("leased_by", sa.Text(), nullable=True))
    op.drop_table("gate")


def _name_departments() -> None:
    """Say whose gate the calls go through that wait at this moment."""
    found = sa.text(
        "SELECT DISTINCT operation FROM outbox "
        "WHERE kind = 'job' AND state IN ('queued', 'awaiting', 'failed')"
    )
    operations = [row[0] for row in op.get_bind().execute(found)]
    for operation in operations:
        department = operation.partition(".")[0]
        if department not in ("document", "notice"):
            named = sa.text(
                "UPDATE outbox SET department = :department WHERE operation = :operation"
            )
            op.get_bind().execute(named, {"department": department, "operation": operation})
