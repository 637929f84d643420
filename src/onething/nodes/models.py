"""The table of nodes."""

from sqlalchemy import Column, Integer, Table, Text

from onething.db import UtcDateTime, metadata

node = Table(
    "node",
    metadata,
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
    Column("beats", Integer, nullable=False),
    Column("stopped_at", UtcDateTime),
    comment=(
        "One process of the site under a name that it keeps over restarts. Written by the node "
        "itself every few seconds; deleted when it has been gone for long. Kind: web, worker. "
        "Run: drawn at each start, so that two processes under one name are told apart. Others "
        "judge whether it lives by `beats`, which grow, not by clocks, which may differ."
    ),
)
