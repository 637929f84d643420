"""Tables of shared data in applications and of what people say against them."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from onething.db import UtcDateTime, metadata

STATES = ("open", "corrected", "kept")
"""Of an objection: open, or answered: the department has corrected its data, or keeps them."""

shared_answer = Table(
    "shared_answer",
    metadata,
    Column("user", Text, primary_key=True, comment="Whom the values are about: nobody else."),
    Column("service", Text, primary_key=True),
    Column("application", Text, nullable=False, comment="Idempotency key of what is sent."),
    Column("consent", Text, nullable=False, comment="agreed or refused."),
    Column("sealed", LargeBinary, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_shared_answer_expires_at", "expires_at"),
    comment=(
        "What departments told of a verified person for one application that is not sent yet, "
        "or that the person refused to let them be asked; sealed under the master key. Written "
        "by the applicant, deleted with the opening of the case or when it expires."
    ),
)

objection = Table(
    "objection",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("case_no", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("path", Text, nullable=False, comment="Field of the application."),
    Column("operation", Text, nullable=False, comment="What the department was asked."),
    Column("department", Text, nullable=False, comment="Who gave the value and may correct it."),
    Column("state", Text, nullable=False, comment="open, corrected or kept."),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_by", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("sealed_answer", LargeBinary),
    Index("ix_objection_department", "department", "state", "raised_at"),
    comment=(
        "One objection of an applicant to a value that a department shared: both values and the "
        "reason, sealed under the case's key. Written with the opening of the case and once by "
        "the department's answer."
    ),
)
