"""The tables of issued documents and of their numbers."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from onething.db import UtcDateTime, metadata

document = Table(
    "document",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("item", Text),
    Column("to", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("sha256", Text),
    Column("size_bytes", BigInteger),
    Column("check_code", Text),
    Column(
        "withdrawn_at",
        UtcDateTime,
        comment="Since when it stands no more; the reason is in the case's history.",
    ),
    Index("ux_document_number", "number", unique=True),
    Index("ix_document_sha256", "sha256"),
    comment=(
        "A document that a case issued: one row a document, reserved with its number first, "
        "finished once when its PDF lies in the content store (sha256); from then on it can only "
        "be withdrawn."
    ),
)

document_number = Table(
    "document_number",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", BigInteger, nullable=False),
    comment=(
        "The last serial number drawn of each prefix and year. Raised by one in the "
        "transaction that reserves a document, so that numbers have no gaps and no doubles."
    ),
)
