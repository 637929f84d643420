import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from onething.db import Database, after_commit


def test_a_written_row_is_there_for_the_next_reader(database, notes):
    database.write(lambda conn: conn.execute(insert(notes), {"number": 1, "text": "a"}))

    assert count(database, notes) == 1


def test_write_returns_what_the_command_returns(database):
    assert database.write(lambda _conn: "answer") == "answer"


def test_a_failing_command_raises_to_its_caller_and_leaves_nothing(database, notes):
    def command(conn):
        conn.execute(insert(notes), {"number": 1})
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        database.write(command)

    assert count(database, notes) == 0


def test_a_failing_command_takes_nobody_of_its_batch_along(database, notes):
    gate = threading.Event()
    first = database.submit(lambda _conn: gate.wait(5))
    good = [database.submit(adding(notes, number)) for number in (1, 2)]
    bad = database.submit(adding(notes, 1))
    last = database.submit(adding(notes, 3))

    gate.set()

    for pending in (first, *good, last):
        pending.result()
    with pytest.raises(IntegrityError):
        bad.result()
    assert count(database, notes) == 3


def test_commands_run_in_the_order_they_came(database):
    order = []
    pending = [database.submit(lambda _conn, n=n: order.append(n)) for n in range(100)]

    for one in pending:
        one.result()

    assert order == list(range(100))


def test_many_threads_lose_and_double_nothing(database, notes):
    def work(offset):
        for number in range(50):
            database.write(adding(notes, offset + number))

    threads = [threading.Thread(target=work, args=(n * 1000,)) for n in range(1, 9)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert count(database, notes) == 400


def test_what_one_command_wrote_the_next_one_sees(database, notes):
    database.submit(adding(notes, 1))

    seen = database.write(
        lambda conn: conn.execute(select(func.count()).select_from(notes)).scalar()
    )

    assert seen == 1


def test_a_hook_runs_after_the_commit(database, notes):
    seen = []

    def command(conn):
        conn.execute(insert(notes), {"number": 1})
        after_commit(conn, lambda: seen.append(count(database, notes)))

    database.write(command)

    assert seen == [1]


def test_a_hook_of_a_failed_command_never_runs(database):
    seen = []

    def command(conn):
        after_commit(conn, lambda: seen.append("ran"))
        raise ValueError

    with pytest.raises(ValueError):
        database.write(command)
    database.write(lambda _conn: None)

    assert seen == []


def test_a_hook_that_fails_harms_nobody(database, notes):
    def command(conn):
        conn.execute(insert(notes), {"number": 1})
        after_commit(conn, lambda: 1 / 0)

    database.write(command)

    assert count(database, notes) == 1


def test_a_hook_of_a_reader_runs_at_once(database):
    seen = []

    with database.read() as conn:
        after_commit(conn, lambda: seen.append("ran"))

    assert seen == ["ran"]


def test_a_command_cannot_wait_for_another_one(database):
    with pytest.raises(RuntimeError, match="its connection"):
        database.write(lambda _conn: database.write(lambda _inner: None))


def test_a_reader_cannot_write(database, notes):
    with database.read() as conn, pytest.raises(OperationalError):
        conn.execute(insert(notes), {"number": 1})


def test_a_reader_sees_one_unchanging_state(database, notes):
    with database.read() as conn:
        before = conn.execute(select(func.count()).select_from(notes)).scalar()
        database.write(adding(notes, 1))

        after = conn.execute(select(func.count()).select_from(notes)).scalar()

    assert (before, after) == (0, 0)


def test_foreign_keys_are_held(tmp_path):
    with Database(f"sqlite:///{tmp_path / 'a.db'}") as database:
        on = database.write(lambda conn: conn.exec_driver_sql("PRAGMA foreign_keys").scalar())

    assert on == 1


def test_commits_are_flushed_to_the_disk(database):
    full = 2
    pragma = "PRAGMA synchronous"

    assert database.write(lambda conn: conn.exec_driver_sql(pragma).scalar()) == full


def test_nothing_is_written_after_closing(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    database.close()

    with pytest.raises(RuntimeError, match="closed"):
        database.write(lambda _conn: None)


def test_closing_finishes_what_is_queued(tmp_path, notes):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    database = Database(url)
    database.write(notes.metadata.create_all)
    for number in range(20):
        database.submit(adding(notes, number))

    database.close()

    with Database(url) as again:
        assert count(again, notes) == 20


def test_a_locked_database_is_waited_for_a_bounded_time(tmp_path, notes):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with Database(url) as holder, Database(url, busy_wait_s=0.05) as other:
        holder.write(notes.metadata.create_all)
        gate = threading.Event()
        begun = threading.Event()
        holding = holder.submit(lambda _conn: (begun.set(), gate.wait(5)))
        begun.wait(5)

        with pytest.raises(TimeoutError, match="locked"):
            other.write(adding(notes, 1))

        gate.set()
        holding.result()
        other.write(adding(notes, 2))
        assert count(holder, notes) == 1


def test_several_processes_write_to_one_database(tmp_path, notes):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with Database(url) as database:
        database.write(notes.metadata.create_all)
        others = [
            subprocess.Popen([sys.executable, "-c", WRITES_FROM_ELSEWHERE, url, str(place)])
            for place in (1000, 2000)
        ]
        for number in range(100):
            database.write(adding(notes, number))

        assert [one.wait(60) for one in others] == [0, 0]
        assert count(database, notes) == 200


def test_a_throw_away_database_leaves_no_file():
    database = Database("sqlite://")
    path = database.url.database
    database.close()

    assert not Path(path).exists()


WRITES_FROM_ELSEWHERE = """
import sys
from onething.db import Database
with Database(sys.argv[1]) as database:
    for number in range(50):
        row = (int(sys.argv[2]) + number,)
        database.write(lambda c: c.exec_driver_sql("INSERT INTO note (number) VALUES (?)", row))
"""


def test_a_failed_commit_is_told_to_all_of_its_batch_and_the_writer_lives_on(database, notes):
    def fail(_conn):
        event.remove(database._write_engine, "commit", fail)
        raise OSError("disk full")

    gate = threading.Event()
    seen = []
    first = database.submit(lambda conn: (gate.wait(5), after_commit(conn, lambda: seen.append(1))))
    second = database.submit(adding(notes, 1))
    event.listen(database._write_engine, "commit", fail)
    gate.set()

    for pending in (first, second):
        with pytest.raises(OSError, match="disk full"):
            pending.result()

    database.write(adding(notes, 2))
    assert count(database, notes) == 1
    assert seen == []


def test_what_was_answered_survives_kill_9(tmp_path, notes):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with Database(url) as database:
        database.write(notes.metadata.create_all)
    child = subprocess.Popen(
        [sys.executable, "-c", ANSWERS_UNTIL_KILLED, url], stdout=subprocess.PIPE
    )
    answered = [int(child.stdout.readline()) for _ in range(300)]

    child.kill()
    answered += [int(line) for line in child.stdout if line.endswith(b"\n")]
    child.wait()

    with Database(url) as again, again.read() as conn:
        kept = {row.number for row in conn.execute(select(notes.c.number))}
    assert set(answered) <= kept
    assert len(kept) <= len(answered) + 1


ANSWERS_UNTIL_KILLED = """
import sys
from onething.db import Database
database = Database(sys.argv[1])
for number in range(1_000_000):
    sql = f"INSERT INTO note (number) VALUES ({number})"
    database.write(lambda conn: conn.exec_driver_sql(sql))
    print(number, flush=True)
"""


def adding(notes, number):
    return lambda conn: conn.execute(insert(notes), {"number": number})


def count(database, notes) -> int:
    with database.read() as conn:
        return conn.execute(select(func.count()).select_from(notes)).scalar()
