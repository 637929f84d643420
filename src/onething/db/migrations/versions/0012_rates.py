"""Count attempts of an address for all nodes together; say of clocks what is so.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from onething.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "rate",
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of what is counted: holds an address.",
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False, comment="When counting begins anew."),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate")),
        comment="How often an address tried something lately. Written by every node; short-lived.",
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("clock", _OF_CLOCKS)


_OF_CLOCKS = "One legal or promised time limit that runs on a case, an item or a task: a projection of the clock effects in the history, written by the runtime. State: running, paused, stopped, expired. Due instants are the first ones that are too late; those of a paused clock say when it would be due if it went on at once. by_hours: a limit of it ends within a day, by office hours."


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("rate")
