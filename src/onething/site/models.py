"""The table of a site's facts."""

from sqlalchemy import Column, Table, Text

from onething.db import UtcDateTime, metadata

site_fact = Table(
    "site_fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False, comment="A setting, or the fingerprint of a key."),
    Column("since", UtcDateTime, nullable=False),
    Column("reason", Text, comment="Why it was changed; null: as the site began."),
    comment=(
        "One thing that a site was made with, compared at each start. Written at the first "
        "start and where an operator accepts a change."
    ),
)
