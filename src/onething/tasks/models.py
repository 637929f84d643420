"""The worklist, what it is filtered by, and filters that people keep."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

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
    Column("held_for", Text, comment="The absent person for whom its holder took it."),
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
    Index(
        "ix_task_named",
        "department",
        "name",
        "due_at",
        "opened_at",
        "instance_id",
        "token",
        "region",
        "state",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_task_assignee", "assignee", "state", "closed_at"),
    comment=(
        "Work for a person: one row a user task that was ever opened. A projection of the "
        "history, written by the runtime in the command's transaction. State: open, claimed, "
        "completed, cancelled."
    ),
)

office_redirect = Table(
    "office_redirect",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("department", Text, nullable=False),
    Column("post", Text),
    Column("region", Text),
    Column("to_post", Text),
    Column("to_region", Text),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column(
        "lifts",
        Integer,
        comment="Number of the redirect that holds no longer; null: the row is one itself.",
    ),
    UniqueConstraint("lifts"),
    comment=(
        "Where the tasks of an office go that has moved, or the lifting of such a row. Written "
        "by a supervisor of the department, only ever inserted. Null post or region: whatever it "
        "is; of the target: the task's own one."
    ),
)

held_completion = Table(
    "held_completion",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("token", Text, primary_key=True),
    Column("user", Text, nullable=False, comment="Who pressed; alone may undo it."),
    Column("key", Text, nullable=False, comment="Idempotency key of the completion."),
    Column("request", Text, nullable=False, comment="Keyed digest of what was sent."),
    Column(
        "sealed", LargeBinary, nullable=False, comment="Who, the answers, and the files' names."
    ),
    Column("pressed_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, comment="When it takes effect."),
    Column("refusal", Text, comment="Code of the error for which it did not take effect."),
    Index("ix_held_completion_due_at", "due_at"),
    Index("ix_held_completion_user", "user"),
    comment=(
        "A completion that its clerk may still undo: one row a task, for some seconds. Sealed "
        "under the master key. Written when it is sent, deleted when it takes effect, is undone, "
        "or the task ends otherwise; one that was refused stays until its clerk was told."
    ),
)

queue_term = Table(
    "queue_term",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_queue_term_found", "term", "instance_id"),
    sqlite_with_rowid=False,
    comment=(
        "What clerks filter their queue by: one row a value of an open case, as the first 64 "
        "bits of a keyed digest of field, value and those who may see it. A projection written "
        "in the command's transaction, deleted when the case ends."
    ),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    Column("filter_id", Text, primary_key=True),
    Column("user", Text, nullable=False, comment="Whose it is: nobody else may change it."),
    Column("department", Text, nullable=False),
    Column("post", Text, nullable=False, comment="Empty for a person without a post."),
    Column("name", Text, nullable=False),
    Column("wanted", Json, nullable=False, comment="Parameters of the page, in order."),
    Column("is_shared", Integer, nullable=False),
    Column("is_default", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_saved_filter_place", "department", "post", "user"),
    comment=(
        "A filter of the queue that a clerk keeps under a name for one post, shared with the "
        "colleagues of the post or not. Holds no names, numbers and searched texts. Written by "
        "its owner alone."
    ),
)
