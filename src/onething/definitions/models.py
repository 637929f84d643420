"""Tables of deployments."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, LargeBinary, Table, Text

from onething.db import UtcDateTime, metadata

content = Table(
    "content",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    comment="One frozen package by its content hash. Written by deploy, never changed.",
)

deployment = Table(
    "deployment",
    metadata,
    Column("service", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("deployed_at", UtcDateTime, nullable=False),
    Column("deployed_by", Text, nullable=False),
    ForeignKeyConstraint(["hash"], ["content.hash"]),
    comment="One deployment of a service, numbered from 1. Written by deploy, never changed.",
)
