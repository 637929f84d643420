"""The floor: one update and two inserts of 2 KB, committed through the product's writer."""

import os
from pathlib import Path

from flask import Flask, request
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, insert, update

from onething.db import Database

PAYLOAD = b"x" * 2048
metadata = MetaData()
head = Table("head", metadata, Column("id", Text, primary_key=True), Column("sequence", Integer))
line = Table(
    "line",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("kind", Integer, primary_key=True),
    Column("data", LargeBinary),
)


def create_app(folder: Path) -> Flask:
    """Return the application that commits what a complete-task must at least commit."""
    app = Flask(__name__)
    database = Database(os.environ.get("BENCH_DATABASE") or f"sqlite:///{folder / 'floor.db'}")
    database.write(metadata.create_all)

    @app.post("/start/<case>")
    def start(case: str) -> dict[str, int]:
        database.write(lambda conn: conn.execute(insert(head), {"id": case, "sequence": 0}))
        return {"sequence": 0}

    @app.post("/complete/<case>/<int:sequence>")
    def complete(case: str, sequence: int) -> dict[str, int]:
        request.get_json()

        def commit(conn) -> None:
            conn.execute(update(head).where(head.c.id == case).values(sequence=sequence))
            rows = [
                {"id": case, "sequence": sequence, "kind": kind, "data": PAYLOAD} for kind in (1, 2)
            ]
            conn.execute(insert(line), rows)

        database.write(commit)
        return {"sequence": sequence}

    return app
