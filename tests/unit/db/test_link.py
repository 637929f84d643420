"""How a process is linked to PostgreSQL follows from the settings."""

import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from onething import db, runtime  # noqa: F401 - declares every table
from onething.db import Database, Link, metadata, schema, upgrade
from onething.settings import Settings
from onething.testing import postgres


@pytest.fixture(scope="module")
def url(postgresql, tmp_path_factory) -> str:
    return postgres.new_database(postgresql, tmp_path_factory.mktemp("link").name)


def shown(database: Database, name: str) -> str:
    with database.read() as conn:
        return conn.exec_driver_sql(f"SHOW {name}").scalar_one()


def test_settings_bound_statements_locks_and_idle_transactions(url):
    settings = Settings(database_url=url, statement_seconds=7, lock_seconds=3, idle_seconds=9)

    with Database.of(settings) as database:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        assert [shown(database, one) for one in names] == ["7s", "3s", "9s"]
        assert shown(database, "application_name") == "onething"


def test_behind_a_pooler_nothing_is_kept_on_the_connection(url):
    with Database(url, link=Link(is_pooled=True, statement_s=7)) as database:
        assert shown(database, "statement_timeout") == "0"
        with database.read() as conn:
            assert conn.connection.driver_connection.prepare_threshold is None


def test_statement_that_takes_too_long_is_ended(url):
    with (
        Database(url, link=Link(statement_s=1)) as database,
        database.read() as conn,
        pytest.raises(OperationalError, match="statement timeout"),
    ):
        conn.exec_driver_sql("SELECT pg_sleep(20)")


def test_of_two_that_prepare_one_waits_for_the_other(url):
    order: list[str] = []
    entered = threading.Event()

    def other() -> None:
        with Database(url, link=Link(lock_s=1)) as database, database.alone():
            order.append("other")

    with Database(url) as database, database.alone():
        thread = threading.Thread(target=other)
        thread.start()
        entered.wait(1.5)  # longer than a lock is waited for elsewhere
        order.append("one")
    thread.join(30)

    assert order == ["one", "other"]


@pytest.mark.parametrize("begun_at", [None, "0019"])
def test_comments_are_those_that_the_code_declares(postgresql, tmp_path, begun_at):
    with Database(postgres.new_database(postgresql, f"{tmp_path.name}words")) as database:
        if begun_at:
            database.write(lambda conn: command.upgrade(schema._config(conn), begun_at))
            words = "COMMENT ON TABLE outbox IS 'of before'; COMMENT ON COLUMN outbox.round IS 'x'"
            database.write(lambda conn: conn.exec_driver_sql(words).rowcount)

        upgrade(database)

        with database.read() as conn:
            differences = compare_metadata(MigrationContext.configure(conn), metadata)
    assert differences == []


def test_databases_that_are_brought_up_at_once_do_not_meet(postgresql, tmp_path):
    empty = postgres.new_database(postgresql, tmp_path.name)
    problems: list[BaseException] = []
    gate = threading.Barrier(3)

    def bring_up() -> None:
        with Database(empty) as database:
            gate.wait()
            try:
                db.upgrade(database)
            except BaseException as error:  # noqa: BLE001 - told below
                problems.append(error)

    threads = [threading.Thread(target=bring_up) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)

    assert problems == []
    with Database(empty) as database:
        assert db.check(database) == []
