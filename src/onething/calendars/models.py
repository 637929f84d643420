"""Table of the holiday notices that a site imported."""

from sqlalchemy import Column, Integer, Table, Text

from onething.db import UtcDateTime, metadata

calendar_notice = Table(
    "calendar_notice",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("jurisdiction", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("imported_by", Text, nullable=False),
    comment=(
        "A holiday notice that an operator imported, as its file says it. Only ever inserted: a "
        "later notice of the same year and jurisdiction replaces the earlier one, and what was "
        "counted by the earlier one can still be replayed. Counted on from the shipped notices."
    ),
)
