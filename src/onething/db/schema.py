"""Bring a database to the schema of this version, and say where it differs."""

import warnings
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import DropColumnComment, SetColumnComment, SetTableComment

from onething.db.database import Database
from onething.db.metadata import APPEND_ONLY, metadata
from onething.db.revision import require_alone
from onething.now import system_clock

_FOLDER = Path(__file__).with_name("migrations")
_ALONE = 0x736368
"""Key of the advisory lock under which one process alters the schema."""


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, from whatever revision it has.

    As long as no revision is written, the tables are created as the code declares them. Of
    several processes one does it; the others wait and find it done.

    Raises:
        StartDelayed: Processes of an earlier version run that could not live with it.
    """
    database.write(_upgrade)


def check(database: Database) -> list[str]:
    """Return where the database differs from what the code declares; empty when it does not."""
    with database.read() as conn:
        found = _compared(MigrationContext.configure(conn))
        return [_told(one) for one in found if not _is_wording(one)] + _unguarded(conn)


def draft_revision(database: Database, message: str, revision_id: str | None = None) -> None:
    """Write a new migration file from the difference between database and declared tables."""
    database.write(
        lambda conn: command.revision(
            _config(conn), message=message, autogenerate=True, rev_id=revision_id
        )
    )


def _upgrade(conn: Connection) -> None:
    if conn.dialect.name == "postgresql":
        # Waiting for its turn and rewriting a large table may take longer than a command may.
        conn.exec_driver_sql("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ALONE})")
    config = _config(conn)
    if not ScriptDirectory.from_config(config).get_heads():
        metadata.create_all(conn)
    elif _is_unversioned_but_equal(conn):
        command.stamp(config, "head")
    else:
        require_alone(conn, system_clock())
        before = MigrationContext.configure(conn).get_current_revision()
        command.upgrade(config, "head")
        if MigrationContext.configure(conn).get_current_revision() != before:
            _put_into_words(conn)


def _put_into_words(conn: Connection) -> None:
    """Give tables and columns the comments that this version declares.

    They are documentation of the code: no revision has to repeat a sentence that was mended.
    """
    if conn.dialect.name != "postgresql":
        return  # SQLite keeps none
    for table in metadata.tables.values():
        conn.execute(SetTableComment(table))
        for column in table.columns:
            conn.execute(SetColumnComment(column) if column.comment else DropColumnComment(column))


def _is_unversioned_but_equal(conn: Connection) -> bool:
    """Whether `Database.create` made the tables, so that only the revision's name is missing."""
    context = MigrationContext.configure(conn)
    return context.get_current_revision() is None and not _compared(context)


def _compared(context: MigrationContext) -> list[Any]:
    """Return what differs; of indexes that only PostgreSQL has, SQLite need not be told."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="autogenerate skipping .* expression-based index")
        return list(compare_metadata(context, metadata))


def _config(conn: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def _is_wording(difference: object) -> bool:
    """Whether only the comment of a table or column differs: no command reads it."""
    parts = difference if isinstance(difference, list) else [difference]
    return all(isinstance(one, tuple) and str(one[0]).endswith("_comment") for one in parts)


def _told(difference: object) -> str:
    """Say one difference in a line: `add_table case_key`."""
    if isinstance(difference, list):
        return "; ".join(_told(one) for one in difference)
    parts = difference if isinstance(difference, tuple) else (difference,)
    return " ".join(str(getattr(part, "name", None) or part) for part in parts if part is not None)


def _unguarded(conn: Connection) -> list[str]:
    """Name append-only tables whose triggers are gone."""
    here = set(inspect(conn).get_table_names())
    guarded = {table.name for table in metadata.tables.values() if table.info.get(APPEND_ONLY)}
    return [
        f"{name} can be changed: its trigger is missing"
        for name in sorted(guarded & here)
        if not _has_triggers(conn, name)
    ]


def _has_triggers(conn: Connection, table: str) -> bool:
    if conn.dialect.name == "sqlite":
        query, wanted = "SELECT count(*) FROM sqlite_master WHERE type='trigger' AND tbl_name=:t", 2
    else:
        query, wanted = "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(:t)", 1
    return int(conn.execute(text(query), {"t": table}).scalar_one()) >= wanted
