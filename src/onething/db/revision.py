"""Which schema a database has, without changing it."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from onething import __version__
from onething.db.database import Database
from onething.errors import StartRefused

_FOLDER = Path(__file__).with_name("migrations")


def require_known_revision(database: Database) -> None:
    """Refuse a database that a newer version of the product has upgraded.

    Raises:
        StartRefused: Its revision is none that this version knows.
    """
    with database.read() as conn:
        told = newer_revision(conn)
    if told is not None:
        raise StartRefused(told)


def newer_revision(conn: Connection) -> str | None:
    """Say that a database has a revision that this version does not know; None where it does."""
    current = MigrationContext.configure(conn).get_current_revision()
    known = [one.revision for one in _scripts().walk_revisions()]
    if current is None or current in known:
        return None
    newest = known[0] if known else "none"
    return (
        f"The database has the schema {current}{_written_by(conn)}; this is onething "
        f"{__version__}, which knows schemas up to {newest}: start a version that knows {current}, "
        "or restore a backup from before the upgrade"
    )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def _written_by(conn: Connection) -> str:
    if not inspect(conn).has_table("site_fact"):
        return ""
    query = text("SELECT value FROM site_fact WHERE name = 'version'")
    value = conn.execute(query).scalar()
    return f" of onething {value}" if value else ""
