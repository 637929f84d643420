"""Tables of work for machines: the outbox, the timers, and the timers that start cases."""

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, Table, Text, literal_column, text

from onething.db import UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("effect_key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("token", Text),
    Column("operation", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime),
    Column("error", Text),
    Column("answer", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_outbox_due", "state", "due_at"),
    Index(
        "ix_outbox_queued",
        "department",
        "due_at",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    comment=(
        "One thing an instance asks of the outside: a connector call, a message or a signal to "
        "others. Inserted in the command's transaction; the relay hands it over to the workers, "
        "who perform and close it. Kind: job, message, signal. State: queued, relayed, awaiting, "
        "suspended (with its instance), done, failed, cancelled. Round: how often it was queued "
        "again; what was handed over in an earlier round changes nothing any more. Department: "
        "whose gate it goes through, empty for what the product does itself. Payload and answer "
        "are sealed under the case key; an answer is stored before it is applied. Asked: when a "
        "department that cannot tell a repeated call from a second one was asked, and what it "
        "did is not known yet."
    ),
)

QUEUED = outbox.c.state == literal_column("'queued'")
"""Written out: for a parameter, whose value a kept plan does not know, no database looks into the
index of the queued ones."""

gate = Table(
    "gate",
    metadata,
    Column("department", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("probe_at", UtcDateTime),
    Column("error", Text),
    Column("tokens", Float, nullable=False),
    Column("tokens_at", UtcDateTime, nullable=False),
    Column("reset_by", Text),
    comment=(
        "What lets the calls of one department through: its rate and its breaker, shared by all "
        "workers. One row for each department of the contracts and an empty one for what the "
        "product does itself. State: closed (calls go), open (they wait), half-open (one is tried)."
        " Failures: calls in a row that found the department unavailable. Openings: how often the "
        "breaker opened since a call went well. Tokens: calls that may start at once. The error "
        "names no personal data. Written with every call let through and every failure."
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
