"""Tables of work for machines: the outbox, the timers, and the timers that start cases."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from onething.db import UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("effect_key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("token", Text),
    Column("operation", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("leased_by", Text),
    Column("error", Text),
    Column("answer", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_outbox_due", "state", "due_at"),
    comment=(
        "One thing an instance asks of the outside: a connector call, a message or a signal to "
        "others. Inserted in the command's transaction; the worker leases, performs and closes "
        "it. Kind: job, message, signal. State: queued, suspended (with its instance), done, "
        "failed, cancelled. Payload and "
        "answer are sealed under the case key; an answer is stored before it is applied."
    ),
)

timer = Table(
    "timer",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("timer", Text, primary_key=True),
    Column("activity", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("provisional", Integer, nullable=False),
    Column("suspended", Integer, nullable=False, server_default="0"),
    Index("ix_timer_due", "suspended", "due_at"),
    comment=(
        "A timer that runs: a projection of the instance's state. Inserted and deleted by the "
        "runtime with the step that sets or clears it; swept in the order of `due_at`, but not "
        "while its instance is suspended."
    ),
)

start_timer = Table(
    "start_timer",
    metadata,
    Column("service", Text, primary_key=True),
    Column("process", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("written", Text, nullable=False),
    Column("due_at", UtcDateTime),
    Column("remaining", Integer, nullable=False),
    Index("ix_start_timer_due", "due_at"),
    comment=(
        "A timer start event of a service's newest deployment, as written there. Replaced by each "
        "deployment, moved on by each start in the same transaction. Remaining: starts after the "
        "next, -1 without end; no `due_at`: it has started all its cases."
    ),
)
