"""A copied throw-away database is one that was made anew."""

import pytest
from sqlalchemy import Column, Integer, Table, inspect
from sqlalchemy.exc import DBAPIError

from onething import runtime  # noqa: F401 - declares every table
from onething.db import Database, metadata
from onething.testing import databases


@pytest.fixture
def late_table():
    """A table that the code declares after the template was made."""
    with databases.throwaway() as earlier:
        earlier.create()
    table = Table("declared_late", metadata, Column("number", Integer, primary_key=True))
    yield table
    metadata.remove(table)


def declared(database) -> list:
    """Return what an SQLite database is made of: tables, indexes, triggers with their text."""
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    with database.read() as conn:
        return [tuple(row) for row in conn.exec_driver_sql(query)]


def test_an_embedded_copy_is_declared_like_one_made_table_by_table(monkeypatch):
    monkeypatch.delenv(databases.SERVER, raising=False)

    with databases.throwaway() as copy, Database("sqlite://") as anew:
        copy.create()
        anew.create()

        assert declared(copy) == declared(anew)


def test_what_one_holds_no_other_sees():
    with databases.throwaway() as one, databases.throwaway() as other:
        one.create()
        add_key(one)
        other.create()

        assert (keys(one), keys(other)) == (1, 0)


def test_a_copy_refuses_what_the_tables_refuse():
    with databases.throwaway() as database:
        database.create()

        with pytest.raises(DBAPIError):
            run(database, "INSERT INTO item (instance_id) VALUES ('nobody')")


def test_a_table_declared_after_the_template_is_there_as_well(late_table):
    with databases.throwaway() as database:
        database.create()

        assert inspect(database.engine).has_table(late_table.name)


def test_creating_again_keeps_what_is_there():
    with databases.throwaway() as database:
        database.create()
        add_key(database)
        database.create()

        assert keys(database) == 1


def run(database, sql):
    return database.write(lambda conn: conn.exec_driver_sql(sql).rowcount)


def add_key(database):
    run(database, "INSERT INTO case_key (instance_id, hash_name) VALUES ('a', 'sha256')")


def keys(database) -> int:
    with database.read() as conn:
        return conn.exec_driver_sql("SELECT count(*) FROM case_key").scalar_one()
