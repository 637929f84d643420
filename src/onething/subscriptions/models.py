"""Tables of subscriptions and of what people did to them."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from onething.db import Json, UtcDateTime, append_only, metadata

_Counter = BigInteger().with_variant(Integer, "sqlite")

subscription = Table(
    "event_subscription",
    metadata,
    Column("subscription_id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("department", Text, comment="Whose cases it hears of; null: everybody's."),
    Column("types", Json, nullable=False, comment="Types of the exchange; empty: all."),
    Column("state", Text, nullable=False),
    Column("reason", Text, comment="Why it is paused; names no person."),
    Column("secret", LargeBinary, nullable=False),
    Column("old_secret", LargeBinary),
    Column("old_until", UtcDateTime, comment="Until then the old secret signs as well."),
    Column("position", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("failures", Integer, nullable=False, comment="In a row, of the event that is next."),
    Column("failing_since", UtcDateTime),
    Column("failing_event", Text),
    Column("failing_position", BigInteger),
    Column("failing_line", Integer),
    Column("due_at", UtcDateTime, nullable=False),
    Column("leased_by", Text),
    Column("leased_until", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Index("ix_event_subscription_due", "state", "due_at"),
    comment=(
        "One receiver of events by webhook. Made and changed by administrators, moved on by the "
        "worker: received are all events up to `position` and `line` lines of the next. State: "
        "active, paused. Secrets are sealed under the master key."
    ),
)

subscription_change = append_only(
    Table(
        "event_subscription_change",
        metadata,
        Column("number", _Counter, primary_key=True, autoincrement=True),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        Column("kind", Text, nullable=False, comment="In the past tense: EventSkipped."),
        Column("subscription_id", Text, nullable=False),
        Column("detail", Json, nullable=False),
        Index("ix_event_subscription_change_subscription_id", "subscription_id", "number"),
        comment="One change of a subscription. Written with it, for auditors; never changed.",
    )
)
