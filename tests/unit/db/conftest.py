from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text

from onething.db import Database, Json, UtcDateTime

note = Table(
    "note",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("text", Text),
    Column("at", UtcDateTime),
    Column("value", Json),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path / 'test.db'}") as opened:
        opened.write(note.metadata.create_all)
        yield opened


@pytest.fixture(scope="session")
def notes() -> Table:
    return note
