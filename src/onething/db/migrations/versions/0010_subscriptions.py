"""Keep who is told of events by webhook.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from onething.db.types import Json, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "event_subscription",
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "department",
            sa.Text(),
            nullable=True,
            comment="Whose cases it hears of; null: everybody's.",
        ),
        sa.Column(
            "types",
            Json(),
            nullable=False,
            comment="Types of the exchange; empty: all.",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it is paused; names no person."),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column(
            "old_until",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="Until then the old secret signs as well.",
        ),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "failures", sa.Integer(), nullable=False, comment="In a row, of the event that is next."
        ),
        sa.Column("failing_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failing_event", sa.Text(), nullable=True),
        sa.Column("failing_position", sa.BigInteger(), nullable=True),
        sa.Column("failing_line", sa.Integer(), nullable=True),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_event_subscription")),
        comment="One receiver of events by webhook. Made and changed by administrators, moved on by the worker: received are all events up to `position` and `line` lines of the next. State: active, paused. Secrets are sealed under the master key.",
    )
    op.create_index("ix_event_subscription_due", "event_subscription", ["state", "due_at"])

    op.create_table(
        "event_subscription_change",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="In the past tense: EventSkipped."),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("detail", Json(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_event_subscription_change")),
        comment="One change of a subscription. Written with it, for auditors; never changed.",
        info={"append_only": True},
    )
    op.create_index(
        "ix_event_subscription_change_subscription_id",
        "event_subscription_change",
        ["subscription_id", "number"],
    )

    op.append_only("event_subscription_change")


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_event_subscription_change_subscription_id", "event_subscription_change")

    op.drop_table("event_subscription_change")
    op.drop_index("ix_event_subscription_due", "event_subscription")

    op.drop_table("event_subscription")
