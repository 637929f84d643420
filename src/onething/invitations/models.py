"""Table of invitations."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from onething.db import UtcDateTime, metadata

AWAITING, DECLINED, CANCELLED, OPENED = "awaiting", "declined", "cancelled", "opened"
"""States; what is over by its time is so without a state of its own."""

invitation = Table(
    "invitation",
    metadata,
    Column(
        "invitation_id",
        Text,
        primary_key=True,
        comment="Follows from the inviter and the key of the application; so does the case.",
    ),
    Column("user", Text, nullable=False, comment="Who filled in the application and invites."),
    Column("service", Text, nullable=False),
    Column("state", Text, nullable=False, comment="awaiting, declined, cancelled or opened."),
    Column("invited", Text, comment="Account that came with the code; None until somebody did."),
    Column("digest", Text, nullable=False, comment="Keyed digest of the invited's id number."),
    Column("code", Text, nullable=False, comment="Keyed digest of the code that was handed over."),
    Column("code_number", Integer, nullable=False, comment="One more with each new code."),
    Column("sealed", LargeBinary, nullable=False, comment="Answers, files, agreements, reason."),
    Column("case_no", Text, comment="The case that was opened with the last agreement."),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    UniqueConstraint("code"),
    Index("ix_invitation_user", "user"),
    Index("ix_invitation_invited", "invited"),
    Index("ix_invitation_expires_at", "expires_at"),
    comment=(
        "An application that is whole and waits for the other party's agreement, sealed under "
        "the master key. Written by both parties; its answers are emptied with the opening of "
        "the case or when it is given up, and the row is deleted a week after it expires."
    ),
)
