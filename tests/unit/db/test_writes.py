"""The writes of a command travel together on PostgreSQL; nobody sees a difference."""

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from onething import db
from onething.db import Database
from onething.errors import Conflict
from onething.testing import databases
from onething.testing.statements import noted
from unit.db.conftest import note

ADD = insert(note)
RENAME = update(note).where(note.c.number == bindparam("of")).values(text=bindparam("to"))
DROP = delete(note).where(note.c.number == bindparam("of"))
TEXTS = select(note.c.number, note.c.text).order_by(note.c.number)


@pytest.fixture
def remote(postgresql) -> Iterator[Database]:
    with databases.copied(postgresql) as opened:
        opened.write(note.metadata.create_all)
        yield opened


@pytest.fixture(params=["database", "remote"])
def either(request) -> Database:
    return request.getfixturevalue(request.param)


def texts(database: Database) -> list[tuple[int, str]]:
    with database.read() as conn:
        return [tuple(row) for row in conn.execute(TEXTS)]


def row(number: int, told: str) -> dict[str, object]:
    return {"number": number, "text": told, "value": {"told": told}}


def test_writes_of_several_kinds_go_in_one_statement(remote):
    remote.write(lambda conn: db.write(conn, ADD, [row(1, "a"), row(2, "b")]))

    def command(conn):
        db.write(conn, DROP, [{"of": 2}], otherwise=Conflict())
        db.write(conn, text_log, [{"number": 7, "text": "log"}])

    text_log = insert(other_table(remote))
    with noted(remote) as sent:
        remote.write(command)

    assert len(sent) == 1
    assert texts(remote) == [(1, "a")]


def test_a_row_that_is_written_twice_ends_as_the_last_one_says(either):
    def command(conn):
        db.write(conn, ADD, [row(1, "a")])
        db.write(conn, RENAME, [{"of": 1, "to": "b"}])
        db.write(conn, RENAME, [{"of": 1, "to": "c"}])
        db.write(conn, DROP, [{"of": 1}])
        db.write(conn, ADD, [row(1, "d")])

    either.write(command)

    assert texts(either) == [(1, "d")]


def test_a_command_reads_what_it_wrote_before(either):
    def command(conn):
        db.write(conn, ADD, [row(1, "a")])
        return conn.execute(TEXTS).all()

    assert either.write(command) == [(1, "a")]


def test_more_rows_than_travel_together_all_arrive(either):
    many = [row(number, "x") for number in range(3 * db.writes.MOST_ROWS)]

    either.write(lambda conn: db.write(conn, ADD, many))

    assert len(texts(either)) == len(many)


def test_nothing_to_write_sends_nothing(either):
    with noted(either) as sent:
        either.write(lambda conn: db.write(conn, ADD, []))

    assert sent == []


def test_a_refusal_does_not_tell_what_was_written(either):
    either.write(lambda conn: db.write(conn, ADD, [row(1, "secret")]))

    with pytest.raises(IntegrityError) as refused:
        either.write(lambda conn: db.write(conn, ADD, [row(1, "secret")]))

    assert "secret" not in str(refused.value)


def test_a_row_that_is_not_there_raises_what_the_command_said(either):
    def command(conn):
        db.write(conn, ADD, [row(1, "a")])
        db.write(conn, RENAME, [{"of": 1, "to": "b"}, {"of": 9, "to": "b"}], Conflict("gone"))

    with pytest.raises(Conflict, match="gone"):
        either.write(command)

    assert texts(either) == []


def test_a_refused_write_leaves_nothing_and_nothing_waits_for_the_next_command(either):
    def command(conn):
        db.write(conn, ADD, [row(1, "a")])
        db.write(conn, ADD, [row(1, "again")])

    with pytest.raises(IntegrityError):
        either.write(command)
    either.write(lambda conn: db.write(conn, ADD, [row(2, "b")]))

    assert texts(either) == [(2, "b")]


def test_a_command_that_fails_before_its_writes_went_leaves_nothing(either):
    def command(conn):
        db.write(conn, ADD, [row(1, "a")])
        raise ValueError

    with pytest.raises(ValueError):
        either.write(command)
    either.write(lambda conn: db.write(conn, ADD, [row(2, "b")]))

    assert texts(either) == [(2, "b")]


def test_a_savepoint_that_is_rolled_back_takes_its_waiting_writes_along(remote):
    def command(conn):
        db.write(conn, ADD, [row(1, "a")])
        inner = conn.begin_nested()
        db.write(conn, ADD, [row(2, "b")])
        inner.rollback()
        db.write(conn, ADD, [row(3, "c")])

    remote.write(command)

    assert texts(remote) == [(1, "a"), (3, "c")]


def test_connections_that_the_server_closed_are_left_and_nobody_notices(remote):
    remote.write(lambda conn: db.write(conn, ADD, [row(1, "a")]))

    end_connections(remote)
    remote.write(lambda conn: db.write(conn, ADD, [row(2, "b")]))
    end_connections(remote)

    assert texts(remote) == [(1, "a"), (2, "b")]


def test_a_connection_that_breaks_before_the_commit_lets_the_command_run_again(remote):
    tries = []

    def command(conn):
        tries.append(conn.scalar(text("SELECT pg_backend_pid()")))
        db.write(conn, ADD, [row(1, "a")])
        if len(tries) == 1:
            end_connections(remote)

    remote.write(command)

    assert len(set(tries)) == 2
    assert texts(remote) == [(1, "a")]


def end_connections(database: Database) -> None:
    """End every connection to a database from outside, as a restart does."""
    outside = create_engine(database.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with outside.connect() as conn:
        ended = text(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name"
        )
        conn.execute(ended, {"name": database.url.database})
    outside.dispose()


def other_table(database: Database):
    """Return a second table with the columns of the first."""
    found = note.to_metadata(type(note.metadata)(), name="other_note")
    database.write(found.metadata.create_all)
    return found
