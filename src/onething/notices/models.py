"""The table of notices."""

from sqlalchemy import Column, LargeBinary, Table, Text

from onething.db import UtcDateTime, metadata

notice = Table(
    "notice",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("notice_id", Text, primary_key=True),
    Column("template", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment=(
        "One text sent to a party of a case; title and body sealed under the case key. Written "
        "by the job that sends it, never changed."
    ),
)
