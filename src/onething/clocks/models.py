"""Tables of clocks and their ledgers."""

from sqlalchemy import Column, Date, Index, Integer, Table, Text, text

from onething.db import UtcDateTime, append_only, metadata

clock = Table(
    "clock",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("clock_id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("item_id", Text),
    Column("token", Text),
    Column("department", Text),
    Column("kind", Text, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("statutory", Text),
    Column("promised", Text),
    Column("statutory_due_at", UtcDateTime),
    Column("promised_due_at", UtcDateTime),
    Column("provisional", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("calendar_version", Text, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("by_hours", Integer, nullable=False),
    Index("ix_clock_statutory_due", "state", "statutory_due_at"),
    Index("ix_clock_promised_due", "state", "promised_due_at"),
    Index(
        "ix_clock_ended",
        "kind",
        "ended_at",
        "department",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
    Index("ix_clock_by_hours", "state", "by_hours"),
    Index(
        "ix_clock_open",
        "instance_id",
        "calendar_version",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    comment=(
        "One legal or promised time limit that runs on a case, an item or a task: a projection "
        "of the clock effects in the history, written by the runtime. State: running, paused, "
        "stopped, expired. Due instants are the first ones that are too late; those of a paused "
        "clock say when it would be due if it went on at once. by_hours: a limit of "
        "it ends within a day, by office hours."
    ),
)

ENTRY_LEAVES = (
    "EXISTS (SELECT 1 FROM archived a WHERE a.instance_id = OLD.instance_id "
    "AND a.restored_at IS NULL)"
)
"""When a line may be deleted: its instance is archived."""

clock_entry = append_only(
    Table(
        "clock_entry",
        metadata,
        Column("instance_id", Text, primary_key=True),
        Column("clock_id", Text, primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("first", Date, nullable=False),
        Column("last", Date),
        Column("limit", Text),
        Column("reason", Text, nullable=False),
        Column("approver", Text),
        Column("basis", Text, nullable=False),
        Column("sequence", Integer, nullable=False),
        comment=(
            "One line of a clock's ledger: start, pause, resume, extension, exclusion, deemed, "
            "stop, redated. Written with the event that moves the clock, never changed. The "
            "reason is public: words of the model, or of a supervisor. Deleted only when its "
            "instance is archived."
        ),
    ),
    unless=ENTRY_LEAVES,
)
