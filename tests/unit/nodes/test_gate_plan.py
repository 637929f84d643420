"""What a look for passable gates reads: an index entry a gate, however many jobs wait."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert

from onething import db, jobs
from onething.jobs.models import outbox
from onething.testing import databases

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WAITING = 3_000


@pytest.fixture
def on_sqlite():
    with databases.throwaway() as one:
        db.upgrade(one)
        yield one


@pytest.fixture
def on_postgresql(postgresql):
    with databases.copied(postgresql) as one:
        db.upgrade(one)
        yield one


def fill(conn) -> None:
    rows = [
        {
            "instance_id": f"{number:024}",
            "effect_key": "1-1",
            "kind": "job",
            "operation": "police.ask",
            "department": "police",
            "payload": b"",
            "state": "queued",
            "round": 0,
            "attempts": 0,
            "retries": 0,
            "due_at": NOW + timedelta(seconds=number),
            "created_at": NOW,
        }
        for number in range(WAITING)
    ]
    conn.execute(insert(outbox), rows)
    jobs.prepare(conn, ["police", "court"], NOW)


@pytest.mark.parametrize(
    ("where", "explain"),
    [("on_sqlite", "EXPLAIN QUERY PLAN"), ("on_postgresql", "EXPLAIN")],
)
def test_look_for_passable_gates_reads_the_index_of_what_is_queued(request, where, explain):
    database = request.getfixturevalue(where)
    database.write(fill)
    plans: list[str] = []

    def look(conn):
        def ask(conn, cursor, statement, parameters, *_more):
            plain = conn.connection.driver_connection.cursor()
            plain.execute(f"{explain} {statement}", parameters)
            plans.extend(str(row) for row in plain.fetchall())

        event.listen(conn, "before_cursor_execute", ask)
        return jobs.passable(conn, NOW)

    with database.read() as conn:
        passable = look(conn)

    assert passable == ["police"]
    assert any("ix_outbox_queued" in line for line in plans), plans
    read_whole = ("Seq Scan on outbox", "SCAN outbox", "hashed SubPlan")
    assert not any(told in line for line in plans for told in read_whole), plans
