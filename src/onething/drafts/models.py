"""Tables of drafts."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from onething.db import UtcDateTime, metadata

TASK = "task:"
"""Begins the subject of a task's draft; that of an application's is the service's code."""

KINDS = ("saved", "left")
"""`saved` by its writer, or `left` on a page whose session had ended."""

draft = Table(
    "draft",
    metadata,
    Column("user", Text, primary_key=True, comment="Whose it is: nobody else may read it."),
    Column(
        "service",
        Text,
        key="subject",
        primary_key=True,
        comment="What it is of: a service's code, or task: and a task's id.",
    ),
    Column("kind", Text, primary_key=True, comment="saved, or left where a session had ended."),
    Column("draft_id", Text, nullable=False, comment="Idempotency key of what is sent from it."),
    Column("version", Integer, nullable=False, comment="One more with each saving."),
    Column("page", Text, nullable=False, comment="Random name of the page that saved it last."),
    Column(
        "answers",
        LargeBinary,
        nullable=False,
        comment="What was typed, and the names and places of the files.",
    ),
    Column("code", Text, comment="Keyed digest of the code by which another device goes on."),
    Column("code_until", UtcDateTime),
    Column("begun_by", Text, comment="Who had the task before and began to fill it in."),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_draft_expires_at", "expires_at"),
    Index("ix_draft_service", "subject"),
    comment=(
        "What a person has typed into a service's application or a task's form and not sent, "
        "sealed under the master key. Written by its page, deleted with the opening of the case "
        "or the end of the task, by its writer, or when it expires. It goes along with a task "
        "that is handed on."
    ),
)

draft_file = Table(
    "draft_file",
    metadata,
    Column("user", Text, primary_key=True),
    Column("service", Text, key="subject", primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("sha256", Text, primary_key=True, comment="Its name in the content store."),
    ForeignKeyConstraint(
        ["user", "subject", "kind"],
        ["draft.user", "draft.subject", "draft.kind"],
        ondelete="CASCADE",
    ),
    Index("ix_draft_file_sha256", "sha256"),
    comment=(
        "A content that a draft keeps; what it is called and answers is sealed in the draft. "
        "Written and deleted with its draft."
    ),
)


def subject_of(task_id: str) -> str:
    """Return the subject of a task's draft."""
    return TASK + task_id
