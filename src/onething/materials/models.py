"""The tables of materials."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from onething.db import UtcDateTime, metadata

material = Table(
    "material",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text),
    Column("item", Text),
    Column("sealed_name", LargeBinary),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("trust", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("seen_by", Text, comment="Account of the clerk who compared it with the original."),
    Column("seen_at", UtcDateTime),
    Column("reused_from", Text, comment="Number of the own case that it was first given to."),
    Column("reason", Text, comment="Why it was uploaded though a department could share it."),
    Index("ix_material_sha256", "sha256"),
    comment=(
        "A document that a case was given: one row a file and case, written by the runtime in "
        "the command's transaction. Its bytes lie in the content store under sha256. Only state, "
        "trust and seen_ ever change: a clerk who sees the original makes a C a B."
    ),
)

waiting_content = Table(
    "waiting_content",
    metadata,
    Column("sha256", Text, primary_key=True, comment="Its name in the content store."),
    Column("until", UtcDateTime, nullable=False, comment="So long nobody may erase it."),
    Index("ix_waiting_content_until", "until"),
    comment=(
        "A content that was taken in and may lie in no case: of a form that was not sent, or of "
        "a case whose retention is over. Written before the content itself, so that nothing is "
        "erased that somebody is about to use. The worker looks at what is due: what no case and "
        "no draft names is erased, and the row goes."
    ),
)
