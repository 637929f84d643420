"""What commands ask of the database: noted where it is sent, whoever sends it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from onething.db import Database

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
"""How the statements begin that only open and close transactions."""


def note_all(database: Database, note: Callable[[str], object]) -> Callable[[], None]:
    """Call `note` with each statement that commands send from now on, but no transaction's frame.

    Return what ends it.
    """

    def heard(text: str) -> None:
        if not text.startswith(_FRAME):
            note(text)

    if database.is_sqlite:
        # Most writes go straight to the driver.
        _trace(database, heard)
        return lambda: _trace(database, None)
    engine = database._write_engine  # noqa: SLF001 - there is no other way to the writes

    def sent(*words: Any) -> None:  # noqa: ANN401 - SQLAlchemy's words
        heard(words[2])

    event.listen(engine, "before_cursor_execute", sent)
    return lambda: event.remove(engine, "before_cursor_execute", sent)


@contextmanager
def noted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that commands send meanwhile."""
    found: list[str] = []
    end = note_all(database, found.append)
    try:
        yield found
    finally:
        end()


def _trace(database: Database, heard: Callable[[str], None] | None) -> None:
    def command(conn: Connection) -> None:
        driver: Any = conn.connection.driver_connection
        driver.set_trace_callback(heard)

    database.write(command)
