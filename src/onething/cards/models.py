"""The table of cards."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from onething.db import UtcDateTime, metadata

card = Table(
    "card",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("card_id", Integer, primary_key=True, autoincrement=False),
    Column("case_no", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("clock_id", Text),
    Column("item_id", Text),
    Column("token", Text),
    Column("department", Text),
    Column("post", Text),
    Column("holder", Text),
    Column("rule", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("reply_due_at", UtcDateTime),
    Column("sealed_reply", LargeBinary),
    Column("replied_at", UtcDateTime),
    Column("replied_by", Text),
    Column("sealed_review", LargeBinary),
    Column("reviewed_at", UtcDateTime),
    Column("reviewed_by", Text),
    Column("escalated_at", UtcDateTime),
    Index("ix_card_of_clock", "instance_id", "clock_id", "rule", unique=True),
    Index("ix_card_board", "department", "state", "raised_at"),
    Index("ix_card_reply_due", "state", "reply_due_at"),
    comment=(
        "One signal of electronic supervision on a clock, or on a case as a whole (no clock). "
        "Written by the runtime with the event that raises or moves it. Each rule of the table "
        "raises one card a clock. State: open, answered, reviewed, waived, escalated. Reply, "
        "review and the reason of a waiver (it stands as the review) are sealed under the case "
        "key."
    ),
)
