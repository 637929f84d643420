"""Tables of batches."""

from sqlalchemy import Column, Index, Integer, Table, Text

from onething.db import Json, UtcDateTime, metadata

batch = Table(
    "batch",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("criteria", Json, nullable=False, comment="What was asked for; the lines are chosen."),
    Column("options", Json, nullable=False, comment="Deployments and mapping of a migration."),
    Column("undo_of", Text, comment="The batch whose lines this one takes back."),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reason", Text),
    Column("started_by", Text),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index("ix_batch_state", "state", "created_at"),
    comment=(
        "One command on many cases. Written by an operator, moved on by the worker. Kind: retry, "
        "migrate, suspend, resume, cancel. State: looking (the dry run), ready, running, ended, "
        "cancelled."
    ),
)

batch_line = Table(
    "batch_line",
    metadata,
    Column("batch_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("instance_id", Text, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("target", Text, nullable=False, comment="The incident of a retry, else empty."),
    Column("state", Text, nullable=False),
    Column("code", Text),
    Column("note", Text),
    Column("at", UtcDateTime),
    Index("ix_batch_line_state", "batch_id", "state", "number"),
    comment=(
        "One case of a batch, chosen when the batch is made. State: new, then by the dry run "
        "waiting or refused, then done or failed in the transaction of its command. Code and "
        "note say why not, or what is different."
    ),
)
