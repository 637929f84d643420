"""Tables of waiting subscriptions, of messages that came early and of those sent under a key."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from onething.db import UtcDateTime, metadata

subscription = Table(
    "subscription",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("subscription", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text),
    Column("activity", Text, nullable=False),
    Index("ix_subscription_name", "kind", "name", "key"),
    comment=(
        "One place at which an instance waits for a message or signal: a projection of its "
        "state, inserted and deleted with the step that begins or ends the wait."
    ),
)

early_message = Table(
    "early_message",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text),
    Column("payload", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_early_message_name", "name", "key"),
    comment=(
        "A message that nobody waits for yet, sealed under the master key. Written by "
        "correlate, deleted when a subscription takes it or when it expires."
    ),
)

held_message = Table(
    "held_message",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("subscription", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text),
    Column("activity", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("cause", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("ready_at", UtcDateTime),
    Index("ix_held_message_ready", "ready_at"),
    comment=(
        "A message or signal for an instance that an operator has suspended, sealed under the "
        "case key. Written when it comes; ready when the instance is resumed, and deleted with "
        "its delivery."
    ),
)

keyed_message = Table(
    "keyed_message",
    metadata,
    Column("key", Text, primary_key=True, comment="Sender and idempotency key."),
    Column("request", Text, nullable=False, comment="Keyed digest of what was sent."),
    Column("instance_id", Text, comment="Who received it; null where nobody waited."),
    Column("sequence", Integer, comment="The receiver's event."),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_keyed_message_received_at", "received_at"),
    comment=(
        "One message that was sent under an idempotency key, and what became of it. Written by "
        "correlate, never changed, deleted after thirty days."
    ),
)

hook_delivery = Table(
    "hook_delivery",
    metadata,
    Column("department", Text, primary_key=True),
    Column("delivery_id", Text, primary_key=True),
    Column("request", Text, nullable=False, comment="Keyed digest of what was sent."),
    Column("case_no", Text, comment="The case that it reached."),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_hook_delivery_received_at", "received_at"),
    comment=(
        "One delivery of a department's webhook, and what it was answered: the same one again is "
        "answered so and does nothing. Written by the runtime behind the delivery's effect, never "
        "changed, deleted after thirty days."
    ),
)
