import re
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, inspect

from onething import runtime  # noqa: F401 - declares every table
from onething.db import Database, backup, check, draft_revision, metadata, restore, schema, upgrade
from onething.db.revision import CONTRACTING
from onething.errors import Conflict, InvalidInput, StartDelayed
from onething.now import system_clock

NOW = system_clock()


@pytest.fixture
def empty():
    with Database("sqlite://") as opened:
        yield opened


def run(database, sql):
    return database.write(lambda conn: conn.exec_driver_sql(sql).rowcount)


def add_key(database, name="a"):
    run(database, f"INSERT INTO case_key (instance_id, hash_name) VALUES ('{name}', 'sha256')")  # noqa: S608 - names of our own


def test_an_upgraded_database_is_what_the_code_declares(empty):
    upgrade(empty)

    assert check(empty) == []


def test_every_revision_can_be_taken_back_and_brought_again(empty):
    upgrade(empty)
    run(empty, "INSERT INTO item VALUES ('a', 'b', 'c', 'd', 'e', 'f', NULL, NULL, NULL)")

    empty.write(lambda conn: command.downgrade(schema._config(conn), "0001"))
    columns = empty.write(lambda conn: {one["name"] for one in inspect(conn).get_columns("item")})
    upgrade(empty)

    assert "reason" in columns
    assert check(empty) == []


def old(database, revision="0016", **node):
    """Bring a database to an old revision, with a node of that time."""
    database.write(lambda conn: command.upgrade(schema._config(conn), revision))
    row = {
        "name": "worker-1",
        "kind": "worker",
        "run": "r",
        "version": "0",
        "address": "",
        "pid": 1,
    }
    row |= {"started_at": NOW, "beat_at": NOW, "beats": 3, "stopped_at": None} | node
    database.write(lambda conn: conn.execute(insert(metadata.tables["node"]), row))


def test_no_column_is_taken_from_a_process_of_before_that_runs(empty):
    old(empty, beat_at=system_clock())

    with pytest.raises(StartDelayed, match=r"schema 0016.*stop worker-1 first"):
        upgrade(empty)

    columns = empty.write(lambda conn: {one["name"] for one in inspect(conn).get_columns("outbox")})
    assert "leased_by" in columns
    assert StartDelayed.exit_code == 75


@pytest.mark.parametrize("gone", [{"stopped_at": NOW}, {"beat_at": NOW - timedelta(minutes=2)}])
def test_a_process_that_stopped_or_was_killed_holds_no_upgrade_up(empty, gone):
    old(empty, **gone)

    upgrade(empty)

    assert check(empty) == []


def test_later_upgrades_go_on_beside_what_runs(empty):
    old(empty, CONTRACTING, beat_at=system_clock())

    upgrade(empty)

    assert check(empty) == []


def test_no_later_revision_takes_anything_away():
    folder = Path(schema.__file__).with_name("migrations") / "versions"
    later = [one for one in sorted(folder.glob("*.py")) if one.stem[:4] > CONTRACTING]
    upgrades = {one.stem: one.read_text().partition("def downgrade")[0] for one in later}

    taken = {name for name, text in upgrades.items() if re.search("drop_(column|table)", text)}
    assert len(later) >= 3
    assert taken == set()


def test_upgrading_twice_changes_nothing(empty):
    upgrade(empty)
    add_key(empty)

    upgrade(empty)

    assert check(empty) == []


def test_a_missing_table_is_told(empty):
    upgrade(empty)
    run(empty, "DROP TABLE event_value")

    assert any("event_value" in line for line in check(empty))


def test_a_missing_trigger_is_told(empty):
    upgrade(empty)
    run(empty, "DROP TRIGGER event_no_update")

    assert check(empty) == ["event can be changed: its trigger is missing"]


@pytest.mark.parametrize(
    "statement", ["UPDATE access_log SET page = 'x'", "DELETE FROM access_log"]
)
def test_the_database_refuses_changes_of_what_only_grows(empty, statement):
    upgrade(empty)
    run(
        empty,
        "INSERT INTO access_log VALUES (1, '', 'a', NULL, NULL, 'p', '[]', '', 1, x'00', x'00')",
    )

    with pytest.raises(Exception, match="append-only"):
        run(empty, statement)


def test_a_drafted_migration_builds_what_the_code_declares(empty, tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    shutil.copytree(Path(schema.__file__).with_name("migrations"), folder)
    for old in (folder / "versions").glob("*.py"):
        old.unlink()
    monkeypatch.setattr(schema, "_FOLDER", folder)
    draft_revision(empty, "first", "0001")

    upgrade(empty)

    assert check(empty) == []
    assert "op.append_only" in next((folder / "versions").glob("*.py")).read_text()


def test_a_backup_is_taken_while_the_database_serves(tmp_path):
    with Database(f"sqlite:///{tmp_path / 'a.db'}") as database:
        upgrade(database)
        add_key(database)
        backup(database, tmp_path / "copy.db")
        add_key(database, "b")

    with Database(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        with copy.read() as conn:
            assert conn.exec_driver_sql("SELECT instance_id FROM case_key").all() == [("a",)]
        assert check(copy) == []


def test_a_backup_is_readable_by_its_owner_alone(empty, tmp_path):
    upgrade(empty)

    backup(empty, tmp_path / "copy.db")

    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_a_restored_database_holds_what_the_copy_held(empty, tmp_path):
    upgrade(empty)
    add_key(empty)
    backup(empty, tmp_path / "copy.db")

    with Database(f"sqlite:///{tmp_path / 'new.db'}") as fresh:
        restore(fresh, tmp_path / "copy.db")

        with fresh.read() as conn:
            assert conn.exec_driver_sql("SELECT instance_id FROM case_key").all() == [("a",)]


def test_a_file_that_is_no_copy_is_refused(empty, tmp_path):
    (tmp_path / "rubbish.db").write_bytes(b"rubbish" * 1000)

    with pytest.raises(InvalidInput):
        restore(empty, tmp_path / "rubbish.db")


def test_a_file_that_is_not_there_is_refused(empty, tmp_path):
    with pytest.raises(InvalidInput):
        restore(empty, tmp_path / "nothing.db")


def test_restoring_over_cases_must_be_asked_for(empty, tmp_path):
    upgrade(empty)
    backup(empty, tmp_path / "copy.db")
    run(
        empty,
        "INSERT INTO event VALUES ('i', 1, 'k', 'a', NULL, NULL, '', NULL, '{}', '{}', "
        "x'00', x'00', x'00', 1)",
    )

    with pytest.raises(Conflict):
        restore(empty, tmp_path / "copy.db")

    restore(empty, tmp_path / "copy.db", overwrite=True)
    with empty.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0


def test_every_table_says_what_a_row_is():
    silent = [table.name for table in metadata.tables.values() if not table.comment]

    assert silent == []


def test_parameters_never_stand_in_errors(empty):
    upgrade(empty)
    add_key(empty, "1")

    with pytest.raises(Exception, match="UNIQUE") as refused:
        empty.write(
            lambda conn: conn.exec_driver_sql(
                "INSERT INTO case_key (instance_id, hash_name) VALUES ('1', ?)", ("370502-secret",)
            )
        )

    assert "370502-secret" not in str(refused.value)
