"""The worklist table."""

from sqlalchemy import Column, Index, Table, Text, text

from onething.db import Json, UtcDateTime, metadata

task = Table(
    "task",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("token", Text, primary_key=True),
    Column("case_no", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("activity", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("form", Text),
    Column("item", Text),
    Column("department", Text),
    Column("post", Text),
    Column("region", Text),
    Column("party", Text),
    Column("state", Text, nullable=False),
    Column("assignee", Text),
    Column("delegated_by", Text),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("properties", Json, nullable=False),
    Index("ix_task_worklist", "state", "department", "region", "due_at"),
    Index(
        "ix_task_queue",
        "department",
        "due_at",
        "opened_at",
        "instance_id",
        "token",
        "service",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_task_activity",
        "activity",
        "instance_id",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_task_assignee", "assignee", "state"),
    comment=(
        "Work for a person: one row a user task that was ever opened. A projection of the "
        "history, written by the runtime in the command's transaction. State: open, claimed, "
        "completed, cancelled."
    ),
)
