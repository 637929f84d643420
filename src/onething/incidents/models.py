"""The table of incidents."""

from sqlalchemy import Column, Index, Table, Text

from onething.db import UtcDateTime, metadata

incident = Table(
    "incident",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("incident_id", Text, primary_key=True),
    Column("case_no", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("activity", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("effect_key", Text),
    Column("state", Text, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", Text),
    Index("ix_incident_state", "state", "raised_at"),
    comment=(
        "A job or step that gave up; a person must act. Written by the runtime. Kind: job or "
        "step. State: open, resolved. The message names no personal data."
    ),
)
